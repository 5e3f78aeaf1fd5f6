import ArgumentParser
import Core
import Foundation
import Pipeline

/// `memory correct`: what a person knows better than the memory.
struct CorrectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct", abstract: "Corrects the answer to a question.",
    discussion: """
      The correction stands beside the memory and changes nothing in it: the same question, also in other words, is answered with it from
      then on, and the answer says so and shows what it overrides. The newest correction of a question answers. Refused while another
      process writes the memory.

      afterimage memory correct "Which platform does the train leave from?" "Platform 9" --memory station.memory
      """)

  @Argument(help: "The question that is answered wrongly.") var question: String?
  @Argument(help: "The right answer.") var answer: String?

  @OptionGroup var memory: MemoryOption

  @Option(help: ArgumentHelp("Only this stream is corrected; without it, all.", valueName: "name")) var stream: String?
  @Option(help: ArgumentHelp("The stretch that is meant begins here: seconds, m:ss or h:mm:ss.", valueName: "time")) var from: ClockTime?
  @Option(help: ArgumentHelp("It ends here.", valueName: "time")) var to: ClockTime?
  @Option(help: ArgumentHelp("Who says so; without it, the user's name.", valueName: "name")) var author: String?
  @Option(
    help: ArgumentHelp("A pipeline file; names the sentence model.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String?
  @Flag(help: "Show every correction.") var list = false
  @Option(help: ArgumentHelp("Take a correction back; it stays listed and answers nothing.", valueName: "number")) var undo: Int64?
  @Flag(help: "As JSON.") var json = false

  func validate() throws {
    let forms = [question != nil, list, undo != nil].filter { $0 }.count
    guard forms == 1 else { throw ValidationError("Give a question and its answer, or --list, or --undo.") }
    if question != nil, answer == nil { throw ValidationError("What is the right answer? Give it after the question, in quotes.") }
    if question == nil, stream != nil || from != nil || to != nil || author != nil {
      throw ValidationError("--stream, --from, --to and --author belong to a question and its answer.")
    }
  }

  func run() async throws {
    let corrections = try MemoryCorrection(of: memory.folder)
    if let question, let answer {
      let written = try await corrections.correct(
        question: question, answer: answer, author: author ?? NSUserName(),
        scope: .init(stream: stream, from: from?.seconds, to: to?.seconds), configuration: try PipelineConfiguration.load(pipeline))
      for notice in written.notices { Standard.say(notice) }
      if json { Standard.printJSON(written.entry, pretty: true) } else { Self.show(written.entry) }
      return
    }
    if let undo { try await corrections.undo(undo) }
    let entries = try corrections.entries()
    if json { return Standard.printJSON(entries, pretty: true) }
    for entry in entries where undo == nil || entry.number == undo { Self.show(entry) }
    if entries.isEmpty { Standard.say("\(memory.memory): nothing was corrected") }
  }

  private static func show(_ entry: MemoryCorrection.Entry) {
    var place = entry.stream.map { ", \($0)" } ?? ""
    if let start = entry.start, let end = entry.end { place += " \(Clock.text(start))–\(Clock.text(end))" }
    let undone = entry.undoneAt.map { ", undone \($0)" } ?? ""
    Standard.print("\(entry.number)  \(entry.question)  →  \(entry.answer)  (\(entry.author), \(entry.writtenAt)\(place)\(undone))")
  }
}

/// A point on a stream's clock as a person types it: `90`, `1:30`, `0:01:30.5`.
struct ClockTime: ExpressibleByArgument {
  var seconds: Double

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count) else { return nil }
    var seconds = 0.0
    for (index, part) in parts.enumerated() {
      guard let value = Double(part), value >= 0, value.isFinite, index == 0 || value < 60, part.first?.isNumber == true else { return nil }
      seconds = seconds * 60 + value
    }
    guard seconds < 1e9 else { return nil }
    self.seconds = seconds
  }
}
