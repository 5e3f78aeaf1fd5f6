import Core
import Foundation
import Testing

@testable import Pipeline

@Suite("Pipeline files")
struct PipelineConfigurationTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
    .appendingPathComponent("pipelines", isDirectory: true)

  @Test("the file with every default says what the program does without a file")
  func defaultFile() throws {
    let file = Self.folder.appendingPathComponent("default.yaml").path
    #expect(try PipelineConfiguration.load(file) == PipelineConfiguration())
    #expect(try PipelineConfiguration.load(nil) == PipelineConfiguration())
  }

  @Test("the file with every default leaves no key out, and comments each one")
  func defaultFileIsComplete() throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent("default.yaml"), encoding: .utf8)
    var path: [(indent: Int, key: String)] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let indent = line.prefix { $0 == " " }.count
      guard let colon = line.firstIndex(of: ":"), !line.dropFirst(indent).hasPrefix("#") else { continue }
      path.removeAll { $0.indent >= indent }
      path.append((indent, String(line[..<colon].dropFirst(indent))))
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      guard !value.isEmpty, !value.hasPrefix("#") else { continue }
      // Changing any value to nonsense must be noticed under the right name: so the key is really read.
      let name = path.map(\.key).joined(separator: ".")
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      lines[number] = String(line[...colon]) + " [[]]"
      #expect(throws: PipelineError.self, "\(name) is not read") {
        try PipelineConfiguration(yaml: lines.joined(separator: "\n"), file: "default.yaml")
      }
    }
  }

  @Test("every pipeline file in the tree can be read")
  func allFiles() throws {
    let files = try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil).filter {
      $0.pathExtension == "yaml"
    }
    #expect(!files.isEmpty)
    for file in files { _ = try PipelineConfiguration.load(file.path) }
  }

  @Test("a value given in a file is taken, and the others keep their defaults")
  func partial() throws {
    let configuration = try PipelineConfiguration(yaml: "reader: {samples_per_second: 2}\nchannels: {sound: {seconds: 5}}", file: "p.yaml")
    #expect(configuration.reader.samplesPerSecond == 2)
    #expect(configuration.channels.sound.span.seconds == 5)
    #expect(configuration.channels.frames == PipelineConfiguration().channels.frames)
    #expect(configuration.speech == PipelineConfiguration().speech)
  }
}
