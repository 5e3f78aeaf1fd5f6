import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Everything that can be wrong with what the user gives: one clear line, the documented status, and a memory that is as it was.
@Suite("Bad input", .serialized)
struct BadInputTests {
  /// A folder with a good clip and a memory of it, watched without any model: reading the screen needs none.
  private final class Fixture: Sendable {
    let folder: TemporaryFolder
    let noModels: [String: String]
    let clip: String
    var memory: String { folder.path("good.memory") }

    init() throws {
      folder = try TemporaryFolder()
      noModels = ["AFTERIMAGE_MODELS": folder.path("no-models")]
      clip = try Clip.short(in: folder)
      let watched = try Command.run(["watch", clip, "--memory", folder.path("good.memory")], environment: noModels)
      try #require(watched.status == 0, "\(watched.errors)")
    }

    func contents() throws -> String {
      let verified = try Command.run(["memory", "verify", "--json", "--memory", memory])
      #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
      return verified.output
    }
  }

  /// Runs a command and expects one line of complaint that mentions `words`, a status, and an untouched memory.
  private func expectFailure(
    _ fixture: Fixture, _ arguments: [String], status: Int32, words: [String], environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try fixture.contents()
    let outcome = try Command.run(arguments, environment: fixture.noModels.merging(environment) { $1 })
    #expect(outcome.status == status, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    let complaints = outcome.errorLines.filter { !$0.contains("is not installed") }
    #expect(complaints.count == 1, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    #expect(complaints.allSatisfy { $0.hasPrefix("afterimage: ") }, sourceLocation: sourceLocation)
    for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors) lacks '\(word)'", sourceLocation: sourceLocation) }
    #expect(try fixture.contents() == before, sourceLocation: sourceLocation)
  }

  @Test("files that are missing, folders, empty, random, or text")
  func notMedia() throws {
    let fixture = try Fixture()
    let folder = fixture.folder
    func watch(_ file: String) -> [String] { ["watch", file, "--memory", fixture.memory] }
    try expectFailure(fixture, watch(folder.path("nothing.mp4")), status: 66, words: ["nothing.mp4", "no such file"])
    try expectFailure(fixture, watch(folder.url.path), status: 65, words: ["folder"])
    try expectFailure(fixture, watch(folder.write([], to: "empty.mp4")), status: 65, words: ["empty.mp4", "empty"])
    var random = SystemRandomNumberGenerator()
    let noise = (0..<100_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    try expectFailure(fixture, watch(folder.write(noise, to: "noise.mp4")), status: 65, words: ["noise.mp4"])
    let text = String(repeating: "This is not a film. It is only called one.\n", count: 50)
    try expectFailure(fixture, watch(folder.write(text.utf8, to: "letter.mp4")), status: 65, words: ["letter.mp4"])
  }

  @Test("media that is cut short: without its index it is refused, with it everything up to the cut is remembered")
  func truncated() throws {
    let fixture = try Fixture()
    let folder = fixture.folder
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixture.clip))
    let cut = try folder.write(whole.prefix(whole.count / 2), to: "cut.mp4")
    try expectFailure(fixture, ["watch", cut, "--memory", fixture.memory], status: 65, words: ["cut.mp4"])
    let fast = try Data(
      contentsOf: URL(fileURLWithPath: Clip.short(in: folder, seconds: 10, name: "fast.mp4", options: ["-movflags", "+faststart"])))
    let half = try folder.write(fast.prefix(fast.count * 6 / 10), to: "half.mp4")
    let outcome = try Command.run(["watch", half, "--memory", folder.path("half.memory")], environment: fixture.noModels)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let verified = try Command.run(["memory", "verify", "--memory", folder.path("half.memory")])
    #expect(verified.status == 0, "\(verified.output)")
  }

  @Test("media without a stream, and a header that claims 16384x16384 pixels")
  func hollow() throws {
    let fixture = try Fixture()
    let folder = fixture.folder
    let subtitles = try folder.write("1\n00:00:00,000 --> 00:00:01,000\nHello\n".utf8, to: "words.srt")
    try Command.tool("ffmpeg", ["-v", "error", "-y", "-i", subtitles, "-c:s", "srt", folder.path("hollow.mkv")])
    try expectFailure(fixture, ["watch", folder.path("hollow.mkv"), "--memory", fixture.memory], status: 65, words: ["hollow.mkv"])
    try Command.tool(
      "ffmpeg",
      [
        "-v", "error", "-y", "-f", "lavfi", "-i", "color=red:s=64x48:r=1:d=3", "-pix_fmt", "yuvj420p", "-c:v", "mjpeg",
        folder.path("small.mov"),
      ])
    var film = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("small.mov")))
    while let header = film.firstRange(of: [0xFF, 0xC0, 0, 17, 8, 0, 48, 0, 64]) {
      film.replaceSubrange(header.upperBound - 4..<header.upperBound, with: [0x40, 0, 0x40, 0])
    }
    try expectFailure(
      fixture, ["watch", folder.write(film, to: "huge.mov"), "--memory", fixture.memory], status: 65, words: ["huge.mov", "16384x16384"])
  }

  @Test("a model file that is broken")
  func brokenModel() throws {
    let fixture = try Fixture()
    let models = fixture.folder.url.appendingPathComponent("broken-models/all-MiniLM-L6-v2", isDirectory: true)
    try FileManager.default.createDirectory(at: models, withIntermediateDirectories: true)
    try Data(repeating: 0x7B, count: 1000).write(to: models.appendingPathComponent("model.safetensors"))
    let other = try Clip.short(in: fixture.folder, seconds: 2, name: "other.mp4")
    try expectFailure(
      fixture, ["watch", other, "--memory", fixture.memory], status: 69, words: ["all-MiniLM-L6-v2"],
      environment: ["AFTERIMAGE_MODELS": models.deletingLastPathComponent().path])
  }

  @Test("a memory that is none, is missing, or comes from a newer version")
  func notMemory() throws {
    let fixture = try Fixture()
    let folder = fixture.folder
    let file = try folder.write("hello".utf8, to: "file.memory")
    let foreign = folder.url.appendingPathComponent("foreign.memory", isDirectory: true)
    try FileManager.default.createDirectory(at: foreign, withIntermediateDirectories: true)
    try Data("hello".utf8).write(to: foreign.appendingPathComponent("letter.txt"))
    for path in [file, foreign.path] {
      try expectFailure(fixture, ["watch", fixture.clip, "--memory", path], status: 65, words: [path])
      try expectFailure(fixture, ["ask", "what is there?", "--memory", path], status: 65, words: [path])
    }
    try expectFailure(
      fixture, ["ask", "what is there?", "--memory", folder.path("none.memory")], status: 66, words: ["none.memory", "no memory"])
    let newer = folder.url.appendingPathComponent("newer.memory", isDirectory: true)
    try FileManager.default.copyItem(at: URL(fileURLWithPath: fixture.memory, isDirectory: true), to: newer)
    var database = try Data(contentsOf: newer.appendingPathComponent("memory.sqlite"))
    // The version stands in SQLite's header, four bytes from 60.
    database.replaceSubrange(60..<64, with: [0, 0, 0x27, 0x0F])
    try database.write(to: newer.appendingPathComponent("memory.sqlite"))
    try expectFailure(fixture, ["watch", fixture.clip, "--memory", newer.path], status: 65, words: ["newer"])
    try expectFailure(fixture, ["ask", "what is there?", "--memory", newer.path], status: 65, words: ["newer"])
  }

  @Test("no permission to write, and a folder that cannot be made")
  func permission() throws {
    let fixture = try Fixture()
    let folder = fixture.folder
    try expectFailure(
      fixture, ["watch", fixture.clip, "--memory", "/proc/afterimage.memory"], status: 73, words: ["/proc/afterimage.memory"])
    guard getuid() != 0 else { return }
    let locked = folder.url.appendingPathComponent("locked", isDirectory: true)
    try FileManager.default.createDirectory(at: locked, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
    try expectFailure(fixture, ["watch", fixture.clip, "--memory", locked.path + "/new.memory"], status: 73, words: ["new.memory"])
  }

  @Test("a disk that is full", .enabled(if: getuid() == 0 && CommandTestsSupport.canMount, "mounting a small disk needs root"))
  func fullDisk() throws {
    let fixture = try Fixture()
    let disk = fixture.folder.url.appendingPathComponent("disk", isDirectory: true)
    try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
    try Command.tool("mount", ["-t", "tmpfs", "-o", "size=400k", "tmpfs", disk.path])
    defer { try? Command.tool("umount", [disk.path]) }
    let long = try Clip.short(in: fixture.folder, seconds: 60, name: "long.mp4")
    let memory = disk.appendingPathComponent("small.memory").path
    let outcome = try Command.run(["watch", long, "--memory", memory])
    #expect([73, 74].contains(outcome.status), "\(outcome.errors)")
    #expect(outcome.errorLines.last?.contains("small.memory") == true, "\(outcome.errors)")
    #expect(try Command.run(["memory", "verify", "--memory", memory]).status == 0)
  }

  @Test("a pipeline file that is missing, malformed, or has a misspelt or senseless value")
  func pipelineFile() throws {
    let fixture = try Fixture()
    func watch(_ yaml: String) throws -> [String] {
      ["watch", fixture.clip, "--memory", fixture.memory, "--pipeline", try fixture.folder.write(yaml.utf8, to: "p.yaml")]
    }
    try expectFailure(
      fixture, watch("reader:\n  samples_per_second: many\n"), status: 78, words: ["p.yaml:2", "reader.samples_per_second"])
    try expectFailure(
      fixture, watch("reader:\n  sample_per_second: 2\n"), status: 78, words: ["p.yaml:2", "did you mean 'samples_per_second'"])
    try expectFailure(fixture, watch("text:\n\n  least_confidence: 7\n"), status: 78, words: ["p.yaml:3", "from 0 to 1"])
    try expectFailure(fixture, watch("text: [1, 2\n"), status: 78, words: ["p.yaml:", "not valid YAML"])
    try expectFailure(
      fixture, ["watch", fixture.clip, "--memory", fixture.memory, "--pipeline", fixture.folder.path("none.yaml")], status: 66,
      words: ["none.yaml"])
  }

  @Test("a file that was exchanged for another of the same name")
  func exchanged() throws {
    let fixture = try Fixture()
    _ = try Clip.short(in: fixture.folder, seconds: 4)
    try expectFailure(fixture, ["watch", fixture.clip, "--memory", fixture.memory], status: 65, words: ["short.mp4", "has changed"])
  }

  @Test("a reader of the output that goes away ends the command quietly")
  func closedPipe() throws {
    let fixture = try Fixture()
    let pipe = Pipe()
    let process = try Command.start(["memory", "export", "--json", "--memory", fixture.memory], output: pipe.fileHandleForWriting)
    try pipe.fileHandleForWriting.close()
    try pipe.fileHandleForReading.close()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 141)
  }
}

enum CommandTestsSupport {
  /// Whether this process may mount: a container's root often may not.
  static let canMount: Bool = {
    guard let folder = try? TemporaryFolder() else { return false }
    guard (try? Command.tool("mount", ["-t", "tmpfs", "-o", "size=100k", "tmpfs", folder.url.path])) != nil else { return false }
    try? Command.tool("umount", [folder.url.path])
    return true
  }()
}
