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

  @Option(
    help: ArgumentHelp("Find what looks like this picture, instead of a question.", valueName: "photo.jpg"),
    completion: .file(extensions: ["jpg", "jpeg", "png", "webp"]))
  var image: String?

  @Option(
    help: ArgumentHelp("Find what sounds like this recording, instead of a question.", valueName: "sound.wav"),
    completion: .file(extensions: ["wav", "mp3", "m4a", "ogg", "flac"]))
  var audio: String?

  @Option(
    help: ArgumentHelp("Cut the best moment into this file, as it is: it begins at a key frame.", valueName: "out.mp4"),
    completion: .file(extensions: ["mp4", "mkv", "mov"]))
  var clip: String?

  @Option(
    help: ArgumentHelp(
      "Let a language model put the answer into sentences: the address of an OpenAI-compatible server. What does not agree with the evidence is dropped; a key is read from \(LanguageModel.keyVariable).",
      valueName: "url"))
  var llm: String?

  @Option(help: ArgumentHelp("The model at that server.", valueName: "name"))
  var model: String?

  @Option(help: ArgumentHelp("Seconds after which the plain answer is given.", valueName: "seconds"))
  var llmDeadline = LanguageModel.usualDeadline.seconds

  @Flag(help: "Play the best moment with ffplay after answering.")
  var open = false

  @Flag(help: "The answer as JSON.")
  var json = false

  @Flag(help: "Say how the question was understood, and the scores of the moments.")
  var explain = false

  func validate() throws {
    if (from?.seconds ?? 0) > (to?.seconds ?? .infinity) { throw ValidationError("--from must not be after --to.") }
    let asked = [!question.isEmpty, image != nil, audio != nil].filter { $0 }.count
    if (llm == nil) != (model == nil) { throw ValidationError("--llm and --model go together.") }
    if !(llmDeadline > 0 && llmDeadline <= 600) { throw ValidationError("--llm-deadline must be more than 0 and at most 600.") }
    if !question.isEmpty, question.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
      throw ValidationError("The question is empty: say in words what you look for, or leave it out for a prompt.")
    }
    if asked > 1 { throw ValidationError("Ask one thing: a question, --image or --audio.") }
    if asked == 0, from != nil || to != nil || clip != nil || open {
      throw ValidationError("--from, --to, --clip and --open belong to a question, --image or --audio.")
    }
  }

  private var within: TimeRange? {
    guard from != nil || to != nil else { return nil }
    return TimeRange(start: MediaTime(seconds: from?.seconds ?? 0), end: MediaTime(seconds: to?.seconds ?? 1e9))
  }

  func run() async throws {
    let languageModel = try languageModel()
    let asker = try await Asker(memory: memory.folder, configuration: try PipelineConfiguration.load(pipeline))
    for notice in asker.notices { Standard.say(notice) }
    if var reply = try await reply(from: asker) {
      if let languageModel, !question.isEmpty {
        reply = await reply.rephrased(by: languageModel, question: question.joined(separator: " "))
      }
      for line in try Self.lines(of: reply, json: json, explain: explain) { Standard.print(line) }
      if !json { await Self.showPicture(of: reply, in: memory.folder) }
      if reply.isAbstention { throw ExitStatus.notInMemory }
      if open { try Self.play(reply) }
      if let clip, let cut = try await reply.cutClip(to: clip) {
        Standard.say("\(clip) holds \(Clock.text(cut.start.seconds))–\(Clock.text(cut.end.seconds))")
      }
      return
    }
    try await Prompt(asker: asker, stream: stream.map { StreamID($0) }, json: json, explain: explain, languageModel: languageModel).run()
  }

  private func languageModel() throws -> LanguageModel? {
    guard let llm, let model else { return nil }
    return try LanguageModel(address: llm, model: model, deadline: .seconds(llmDeadline))
  }

  /// The answer to what the command line asks; nil when it asks nothing.
  private func reply(from asker: Asker) async throws -> Reply? {
    let stream = stream.map { StreamID($0) }
    if let file = image.map(ExampleFile.picture) ?? audio.map(ExampleFile.sound) {
      return try await asker.ask(like: file, stream: stream, within: within)
    }
    return question.isEmpty ? nil : try await asker.ask(question.joined(separator: " "), stream: stream, within: within)
  }

  /// What is shown of an answer.
  static func lines(of reply: Reply, json: Bool, explain: Bool) throws -> [String] {
    json ? [try reply.json()] : reply.lines(explained: explain)
  }

  /// Shows the remembered picture of the moment, where the answer goes to a terminal that can.
  static func showPicture(of reply: Reply, in folder: URL) async {
    guard Standard.outputIsTerminal, let terminal = TerminalPicture.supported(by: ProcessInfo.processInfo.environment),
      let found = await reply.picture(in: folder, width: TerminalPicture.width)
    else { return }
    Standard.write(terminal.sequence(for: found.picture, jpeg: found.jpeg))
  }

  /// Plays the best moment and waits until it was played.
  private static func play(_ reply: Reply) throws {
    guard let player = reply.player else { return Standard.say("there is nothing to play: the media is not where it was") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = player
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus == 127 { Standard.say("ffplay is not installed; it comes with FFmpeg") }
  }
}
