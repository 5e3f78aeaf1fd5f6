import ArgumentParser
import Core
import Foundation
import Pipeline

struct MemoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory", abstract: "Looks after a memory.",
    subcommands: [
      Details.self, Verify.self, Export.self, Forget.self, Compact.self, PinCommand.self, UnpinCommand.self, FactsCommand.self,
      CorrectCommand.self,
    ])

  struct Details: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "What a memory holds.")

    @OptionGroup var memory: MemoryOption
    @Flag(help: "As JSON.") var json = false

    func run() async throws {
      let overview = try MemoryInspection(of: memory.folder).overview()
      if json { return Standard.printJSON(overview, pretty: true) }
      let rate = overview.bytesPerHour.map { ", \(Clock.bytes(Int64($0))) an hour" } ?? ""
      Standard.print(
        "\(overview.path): \(overview.streams.count) streams, \(Clock.bytes(overview.bytes)) of at most \(Clock.bytes(overview.budget))\(rate)"
      )
      if overview.budget < overview.leastBudget {
        Standard.print(
          "  \(Clock.bytes(overview.heldBytes)) may not be given up, so it takes more than it may: give it at least "
            + "\(Clock.bytes(overview.leastBudget)), finish its streams, or unpin")
      }
      if overview.logBytes > 10_000_000 {
        Standard.print("  \(Clock.bytes(overview.logBytes)) of it are the log, which a reader keeps from being folded in")
      }
      for stream in overview.streams {
        let counts = stream.counts
        let state = "\(Clock.text(stream.duration))\(stream.finished ? "" : ", not finished")"
        Standard.print(
          "  \(stream.name)  \(state)  \(counts.episodes) episodes, \(counts.frames) frames, \(counts.lines) lines, \(counts.words) words, "
            + "\(counts.sounds) sounds\(counts.gaps > 0 ? ", \(counts.gaps) gaps" : ""), \(Clock.bytes(stream.bytes))  \(stream.path)")
      }
      if overview.pins > 0 { Standard.print("  \(overview.pins) pinned stretch\(overview.pins == 1 ? "" : "es")") }
      if overview.corrections > 0 { Standard.print("  \(overview.corrections) correction\(overview.corrections == 1 ? "" : "s")") }
      let kinds = overview.bytesByKind.filter { $0.value > 0 }.sorted { $0.value > $1.value }
      if !kinds.isEmpty { Standard.print("  of it \(kinds.map { "\($0.key) \(Clock.bytes($0.value))" }.joined(separator: ", "))") }
      for (level, bytes) in overview.bytesByLevel.sorted(by: { $0.key < $1.key }) {
        Standard.print("  frames at level \(level): \(Clock.bytes(bytes))")
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Checks that a memory is sound.",
      discussion:
        "Reads every table, index, vector and thumbnail. Prints what is wrong, one line each; the exit status is 0 when nothing is.")

    @OptionGroup var memory: MemoryOption
    @Flag(help: "As JSON, with a digest of each stream: equal for two runs over one file.") var json = false

    func run() async throws {
      let verdict = try MemoryInspection(of: memory.folder).verify()
      if json {
        Standard.printJSON(verdict, pretty: true)
      } else {
        for problem in verdict.problems { Standard.print(problem) }
        if verdict.problems.isEmpty { Standard.print("\(memory.memory): sound") }
      }
      if !verdict.problems.isEmpty { throw ExitStatus.badInput }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Writes what a memory holds to standard output, as subtitles or JSON.")

    @OptionGroup var memory: MemoryOption

    @Option(help: ArgumentHelp("This stream only; needed for subtitles when there are several.", valueName: "name"))
    var stream: String?

    @Flag(help: "What was said, as subtitles.") var subtitles = false
    @Flag(help: "Episodes, on-screen lines, utterances with word times and sounds, as JSON.") var json = false

    @Option(help: ArgumentHelp("Subtitle format: srt or vtt.", valueName: "format"), completion: .list(["srt", "vtt"]))
    var format = "srt"

    func validate() throws {
      if subtitles == json { throw ValidationError("Choose one of --subtitles and --json.") }
    }

    func run() async throws {
      let inspection = try MemoryInspection(of: memory.folder)
      if json {
        Standard.print(String(decoding: try inspection.json(of: stream), as: UTF8.self))
      } else {
        Standard.write(try inspection.subtitles(of: stream, format: format))
      }
    }
  }
}
