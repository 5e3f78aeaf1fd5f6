import ArgumentParser
import Core
import Foundation
import Pipeline

struct AskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "Answers a question about a memory, with the times the answer rests on.",
    discussion: """
      Works while another process is still writing the memory. Without a question, a prompt with line editing and history; ':help' there
      says what it takes; questions in a file or a pipe are read line by line. The exit status is \(ExitStatus.notInMemory.rawValue) when the
      memory holds no answer to a question.
      """)

  @Argument(help: "The question, in plain language.")
  var question: [String] = []

  @OptionGroup var memory: MemoryOption

  @Option(help: ArgumentHelp("Ask about this stream only.", valueName: "name"))
  var stream: String?

  @Option(help: ArgumentHelp("Only what lies after this may answer: seconds, m:ss or h:mm:ss.", valueName: "time"))
  var from: ClockTime?

  @Option(help: ArgumentHelp("Only what lies before this may answer.", valueName: "time"))
  var to: ClockTime?

  @Option(
    help: ArgumentHelp("A pipeline file; names the sentence model.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String?

  @Flag(help: "The answer as JSON.")
  var json = false

  @Flag(help: "Say how the question was understood, and the scores of the moments.")
  var explain = false

  func validate() throws {
    if (from?.seconds ?? 0) > (to?.seconds ?? .infinity) { throw ValidationError("--from must not be after --to.") }
    if question.isEmpty, from != nil || to != nil { throw ValidationError("--from and --to belong to a question.") }
  }

  private var within: TimeRange? {
    guard from != nil || to != nil else { return nil }
    return TimeRange(start: MediaTime(seconds: from?.seconds ?? 0), end: MediaTime(seconds: to?.seconds ?? 1e9))
  }

  func run() async throws {
    let asker = try await Asker(memory: memory.folder, configuration: try PipelineConfiguration.load(pipeline))
    for notice in asker.notices { Standard.say(notice) }
    let text = question.joined(separator: " ")
    guard text.allSatisfy(\.isWhitespace) else {
      let reply = try await asker.ask(text, stream: stream.map { StreamID($0) }, within: within)
      try Self.show(reply, json: json, explain: explain)
      if reply.isAbstention { throw ExitStatus.notInMemory }
      return
    }
    try await Prompt(asker: asker, stream: stream.map { StreamID($0) }, json: json, explain: explain).run()
  }

  static func show(_ reply: Reply, json: Bool, explain: Bool) throws {
    if json { Standard.print(try reply.json()) } else { for line in reply.lines(explained: explain) { Standard.print(line) } }
  }
}
