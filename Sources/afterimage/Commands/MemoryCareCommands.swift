import ArgumentParser
import Core
import Foundation
import Pipeline

extension MemoryCommand {
  struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "forget", abstract: "Removes a stretch of a stream for good, or all of it.",
      discussion: """
        Removes it from every level of detail, the indexes, the pictures and everything derived from it, and overwrites its bytes. What was \
        partly inside is removed whole. Prints what was removed. With --all the stream itself goes too, and its file can be watched again, as \
        after installing a model or with another pipeline. There is no way back, so it asks first; --yes answers.
        """)

    @OptionGroup var memory: MemoryOption
    @Option(help: ArgumentHelp("This stream; needed when there are several.", valueName: "name")) var stream: String?
    @Option(help: ArgumentHelp("Where to begin: seconds, m:ss or h:mm:ss. Without it, the beginning.", valueName: "time"))
    var from: String?
    @Option(help: ArgumentHelp("Where to end. Without it, the end.", valueName: "time")) var to: String?
    @Flag(help: "The whole stream, and that it was ever watched.") var all = false
    @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false
    @Flag(help: "The receipt as JSON; needs --yes.") var json = false

    func validate() throws {
      if all == (from != nil || to != nil) { throw ValidationError("Say what to forget, with --from, --to or both, or with --all.") }
      for (name, text) in [("--from", from), ("--to", to)] {
        if let text, Clock.time(text) == nil { throw ValidationError("\(name) '\(text)' is not a time; write seconds, m:ss or h:mm:ss.") }
      }
      if json, !yes { throw ValidationError("--json needs --yes.") }
    }

    func run() async throws {
      let care = try MemoryCare(of: memory.folder)
      if all { return try await remove(try care.stream(stream), care) }
      let (stream, range) = try care.stretch(
        of: stream, from: from.flatMap(Clock.time), to: to.flatMap(Clock.time), to: "forget")
      guard try isMeant("\(range) of '\(stream)'", ", and whole whatever reaches into it") else { return }
      let receipt = try await care.forget(range, of: stream)
      if json { return Standard.printJSON(receipt, pretty: true) }
      let (start, end) = (MediaTime(seconds: receipt.start), MediaTime(seconds: receipt.end))
      let isWider = start < range.start || end > range.end
      Standard.print("Forgotten: \(range) of '\(receipt.stream)'\(isWider ? "; what reached into it lay from \(start) to \(end)" : "")")
      Standard.print(
        "  \(receipt.frames) frames, \(receipt.lines) lines, \(receipt.utterances) utterances, \(receipt.sounds) sounds, "
          + "\(receipt.pictures) pictures, \(receipt.landmarks) first appearances, \(receipt.corrections) corrections")
      if receipt.standingCorrections > 0 {
        Standard.print(
          "  corrections that name no stretch stay: \(receipt.standingCorrections); 'afterimage memory correct --list' shows them")
      }
      Standard.print(
        receipt.erased
          ? "  and its bytes are overwritten"
          : "  \(Self.bytesLeft)")
    }

    private static let bytesLeft =
      "its old bytes stay in the log while another process reads the memory; 'afterimage memory compact' removes them then"

    private func remove(_ stream: StreamID, _ care: MemoryCare) async throws {
      struct Removal: Encodable {
        var stream: String
        var erased: Bool
      }
      guard try isMeant("all of '\(stream)'", "") else { return }
      let isErased = try await care.remove(stream)
      if json { return Standard.printJSON(Removal(stream: stream.rawValue, erased: isErased), pretty: true) }
      Standard.print("Forgotten: all of '\(stream)'\(isErased ? ", and its bytes are overwritten" : "; " + Self.bytesLeft)")
    }

    /// Asks, unless told not to.
    private func isMeant(_ what: String, _ more: String) throws -> Bool {
      if yes { return true }
      guard Standard.inputIsTerminal else {
        throw PipelineError(
          .badArgument, code: .misconfigured, "forgetting \(what) cannot be undone; say --yes to do it without being asked")
      }
      Standard.show("Forget \(what) for good\(more)? [y/N] ")
      if ["y", "yes"].contains(readLine()?.lowercased() ?? "") { return true }
      Standard.print("Nothing was forgotten.")
      return false
    }
  }

  struct Compact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "compact", abstract: "Makes a memory smaller.",
      discussion: """
        Gives room that is not used back to the disk. With --budget, sets how many megabytes the memory may take from now on, and keeps less \
        detail of what is old until it fits.
        """)

    @OptionGroup var memory: MemoryOption
    @Option(help: ArgumentHelp("Most megabytes (of a million bytes) the memory may take from now on; at least 16.", valueName: "MB"))
    var budget: Int?
    @Flag(help: "As JSON.") var json = false

    func validate() throws {
      if let budget, !(16...1_048_576).contains(budget) { throw ValidationError("--budget must be from 16 to 1048576 megabytes.") }
    }

    func run() async throws {
      let sizes = try await MemoryCare(of: memory.folder).compact(budget: budget.map { $0 * 1_000_000 })
      if json { return Standard.printJSON(sizes, pretty: true) }
      Standard.print(
        "\(memory.memory): \(Clock.bytes(sizes.before)) before, \(Clock.bytes(sizes.after)) now; may take \(Clock.bytes(sizes.budget))")
    }
  }
}
