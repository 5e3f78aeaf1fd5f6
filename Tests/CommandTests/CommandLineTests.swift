import Core
import Foundation
import Testing

@testable import Pipeline
@testable import afterimage

@Suite("The command line")
struct CommandLineTests {
  @Test(
    "help, version and the exit statuses are there for everyone",
    arguments: [[], ["watch"], ["ask"], ["memory"], ["memory", "export"], ["models"], ["eval"]])
  func help(command: [String]) throws {
    let outcome = try Command.run(command + ["--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("USAGE: afterimage"))
    #expect(try Command.run(command + ["--version"]).output == AfterimageVersion.current + "\n")
  }

  @Test(
    "what makes no sense is refused as a usage error",
    arguments: [
      ["watch"], ["watch", "a.mp4"], ["dance"], ["memory", "export", "--memory", "x"], ["watch", "a", "b", "--name", "c", "--memory", "x"],
      ["ask", " ", "--memory", "x"],
    ])
  func usage(arguments: [String]) throws {
    let outcome = try Command.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.isEmpty)
  }

  @Test("a command that is not there is answered with the one that was meant")
  func unknownCommand() throws {
    #expect(UnknownCommand.complaint(about: ["aks", "when?"]) == "'aks' is not a command; did you mean 'ask'?")
    #expect(UnknownCommand.complaint(about: ["memory", "inof", "--json"]) == "'inof' is not a command; did you mean 'info'?")
    #expect(UnknownCommand.complaint(about: ["dance"])?.contains("there is watch, tail, ask") == true)
    for known in [["ask", "aks"], ["--help"], ["help", "ask"], ["memory", "info"], []] {
      #expect(UnknownCommand.complaint(about: known) == nil)
    }
    #expect(try Command.run(["aks"]).errorLines == ["afterimage: 'aks' is not a command; did you mean 'ask'?"])
  }

  @Test("a progress line fits its terminal, whatever its width, and keeps what matters most")
  func progressLine() {
    var counts = WatchCounts()
    counts.episodes = 12
    let progress = WatchProgress(
      stream: StreamID("a-rather-long-name-of-a-film.mp4"), time: MediaTime(seconds: 288), duration: MediaTime(seconds: 687), speed: 31.2,
      remaining: .seconds(13), counts: counts)
    for columns in 20...200 {
      let line = ProgressLine(progress: progress).drawn(columns: columns)
      #expect(DisplayWidth.of(line) < columns, "\(columns): \(line)")
      if columns >= 40 { #expect(line.contains("4:48/11:27"), "\(columns): \(line)") }
    }
    let wide = ProgressLine(progress: progress).drawn(columns: 160)
    for part in ["41%", "31x", "ETA 0:13", "12 episodes"] { #expect(wide.contains(part), "\(wide)") }
    #expect(
      ProgressLine(progress: progress).plain
        == "a-rather-long-name-of-a-film.mp4: 41%, 4:48/11:27, 31x, about 0:13 left, 12 episodes, 0 lines, 0 words")
  }

  @Test("models are listed whether or not they are installed, and a damaged file is found")
  func models() throws {
    let folder = try TemporaryFolder()
    let environment = ["AFTERIMAGE_MODELS": folder.url.path]
    let empty = try Command.run(["models", "list"], environment: environment)
    #expect(empty.status == 0 && empty.output.contains("not installed"))
    #expect(try Command.run(["models", "verify"], environment: environment).status == 66)
    let manifest = """
      {"version": 1, "models": [{"name": "tiny", "licence": "MIT", "source": "here", "packages": [],
        "files": [{"path": "tiny/model.safetensors", "bytes": 5,
                   "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}]}]}
      """
    try FileManager.default.createDirectory(at: folder.url.appendingPathComponent("tiny"), withIntermediateDirectories: true)
    _ = try folder.write(manifest.utf8, to: "manifest.json")
    _ = try folder.write("hello".utf8, to: "tiny/model.safetensors")
    let sound = try Command.run(["models", "verify"], environment: environment)
    #expect(sound.status == 0, "\(sound.errors)")
    #expect(try Command.run(["models", "list"], environment: environment).output.contains("MIT"))
    _ = try folder.write("hallo".utf8, to: "tiny/model.safetensors")
    let damaged = try Command.run(["models", "verify"], environment: environment)
    #expect(damaged.status == 69 && damaged.errors.contains("differs"), "\(damaged.errors)")
  }
}
