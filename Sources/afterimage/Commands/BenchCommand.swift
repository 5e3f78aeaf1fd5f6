import ArgumentParser
import Foundation
import Pipeline

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures the memory on media of your own.", subcommands: [Boundaries.self, Memory.self])

  struct Boundaries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "boundaries", abstract: "How well every way of cutting episodes finds annotated boundaries.",
      discussion: """
        Looks at every file once, with the vision stage, at one frame a second, and scores every strategy with every refiner: a boundary is
        found when a cut lies within two seconds of it. What the vision stage made of a file is kept for the next time.
        """)

    @Argument(help: "Media files.", completion: .file())
    var files: [String]

    @Option(help: ArgumentHelp("JSON: file names, each with shots that have a start in seconds.", valueName: "file"))
    var truth: String

    @OptionGroup var recordings: RecordingOption
    @Flag(help: "As JSON.") var json = false

    func run() async throws {
      let bench = try BoundaryBench(truth: truth)
      let known = files.filter { bench.knows(URL(fileURLWithPath: $0).lastPathComponent) }
      guard !known.isEmpty else { throw ValidationError("None of the files has boundaries in \(truth).") }
      let configuration = try PipelineConfiguration.load(recordings.pipeline)
      let features = try await recordings.features(of: known, configuration)
      let scores = bench.scores(features, configuration)
      if json { return Standard.printJSON(scores, pretty: true) }
      Standard.print("strategy  refiner      cuts  true  hits  precision  recall    F1")
      for score in scores.sorted(by: { ($0.f1, $0.strategy) > ($1.f1, $1.strategy) }) {
        let counts = [score.found, score.truths, score.hits].map { String($0).leftPadded(to: 4) }.joined(separator: "  ")
        let rates =
          "\(score.precision.thousandths.leftPadded(to: 9))  \(score.recall.thousandths.leftPadded(to: 6))  \(score.f1.thousandths)"
        Standard.print("\(score.strategy.padded(to: 8))  \(score.refiner.padded(to: 11))  \(counts)  \(rates)")
      }
    }
  }
}

/// Where what the vision stage made of media files is kept.
struct RecordingOption: ParsableArguments {
  @Option(help: ArgumentHelp("Where features are kept; beside the models without it.", valueName: "dir"), completion: .directory)
  var recordings: String?

  @Option(help: ArgumentHelp("A pipeline file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String?

  @Flag(name: [.short, .long], help: "Say nothing unless something fails.")
  var quiet = false

  /// The features of files, with a line said about each minute of media that is looked at.
  func features(of files: [String], _ configuration: PipelineConfiguration) async throws -> [FeatureRecording] {
    let folder = recordings.map { URL(fileURLWithPath: $0, isDirectory: true) }
    let recorder = FeatureRecorder(folder: folder, configuration: configuration)
    let isQuiet = quiet
    return try await recorder.recordings(of: files) { name, second in
      if !isQuiet, Int(second) % 60 == 0 { Standard.say("looking at \(name): \(Clock.text(second))") }
    }
  }
}

extension Double {
  /// Three digits after the point.
  var thousandths: String { fixed(1000, digits: 3) }

  /// Two digits after the point.
  var hundredths: String { fixed(100, digits: 2) }

  private func fixed(_ parts: Int, digits: Int) -> String {
    let count = Int((self * Double(parts)).rounded())
    return "\(count < 0 ? "-" : "")\(abs(count) / parts).\(String(abs(count) % parts).leftPadded(to: digits, with: "0"))"
  }
}

extension String {
  func padded(to length: Int) -> String { self + String(repeating: " ", count: max(0, length - count)) }

  func leftPadded(to length: Int, with filler: Character = " ") -> String {
    String(repeating: filler, count: max(0, length - count)) + self
  }
}
