import Core
import Foundation
import Pipeline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The interactive prompt of `ask`: one question a line, each answered from a fresh snapshot of the memory.
struct Prompt {
  var asker: Asker
  var stream: StreamID?
  var json: Bool
  var explain: Bool
  private let languageModel: LanguageModel?
  private let outlet: Outlet
  private var isLackingAnswer = false
  /// What the last answer rested on, for a question that goes on from there.
  private var previous: Reply?

  static let commands = [":explain", ":help", ":quit", ":stream", ":streams"]
  private static let help = """
    Type a question. Keys: arrows, Home, End, Ctrl-A/E/U/W/K/L; Tab completes commands and stream names.
      :streams        the streams of this memory
      :stream NAME    ask about this stream only; without a name, about all
      :explain        say how questions are understood, or stop saying it
      :quit           leave (also Ctrl-D)
    """

  init(asker: Asker, stream: StreamID?, json: Bool, explain: Bool, languageModel: LanguageModel? = nil, outlet: Outlet = .plain) {
    self.asker = asker
    self.stream = stream
    self.json = json
    self.explain = explain
    self.languageModel = languageModel
    self.outlet = outlet
  }

  /// *Throws* `ExitStatus.notInMemory` when questions were read from a file or a pipe and one of them had no answer.
  consuming func run() async throws {
    let keyboard = Keyboard()
    guard Standard.inputIsTerminal else {
      while let line = await keyboard.line() { if try await !take(line) { break } }
      if isLackingAnswer { throw ExitStatus.notInMemory }
      return
    }
    var history = QuestionHistory()
    Standard.show("Ask about this memory; :help says more, :quit leaves.\n")
    while true {
      keyboard.begin()
      let line = await read(keyboard, history.lines)
      keyboard.end()
      guard let line else { return }
      history.add(line)
      if try await !take(line) { return }
    }
  }

  /// Answers one line.
  ///
  /// - Returns: whether to go on.
  mutating func take(_ line: String) async throws -> Bool {
    let text = line.trimmingCharacters(in: .whitespaces)
    if text.isEmpty { return true }
    // A single such word asks nothing of the memory.
    let command = ["quit", "exit", "help"].contains(text.lowercased()) ? ":\(text.lowercased())" : text
    let words = command.split(separator: " ", maxSplits: 1).map(String.init)
    switch words[0] {
    case ":quit", ":q", ":exit": return false
    case ":help", ":h", ":?": await outlet.show(Self.help)
    case ":explain": explain.toggle()
    case ":streams": for stream in try await asker.streams() { await outlet.print(stream.rawValue) }
    case ":stream":
      let known = try await asker.streams()
      let wanted = words.count > 1 ? StreamID(words[1].trimmingCharacters(in: .whitespaces)) : nil
      if let wanted, !known.contains(wanted) {
        await outlet.say("there is no stream '\(wanted)'; there is \(known.map(\.rawValue).joined(separator: ", "))")
      } else {
        stream = wanted
      }
    case let command where command.hasPrefix(":"): await outlet.say("'\(command)' is not a command; :help lists them")
    default:
      do {
        var reply = try await asker.ask(text, stream: stream, previous: previous)
        if let languageModel { reply = await reply.rephrased(by: languageModel, question: text) }
        if reply.isAbstention { isLackingAnswer = true } else { previous = reply }
        for line in try AskCommand.lines(of: reply, json: json, explain: explain) { await outlet.print(line) }
        if !json, outlet.isPlain { await AskCommand.showPicture(of: reply, in: asker.folder) }
      } catch let error as any Failure {
        await outlet.say(PipelineError.line(for: error))
      }
    }
    return true
  }

  /// What Tab completes.
  var completions: [String] {
    get async {
      let streams = ((try? await asker.streams()) ?? []).map(\.rawValue)
      return Self.commands + streams.map { ":stream \($0)" } + streams
    }
  }

  var mark: String { stream.map { "\($0)> " } ?? "> " }

  /// One line, edited in place; nil when the user leaves.
  private func read(_ keyboard: Keyboard, _ history: [String]) async -> String? {
    var editor = LineEditor(history: history)
    draw(editor)
    while let key = await keyboard.next() {
      switch editor.apply(key) {
      case .redraw: draw(editor)
      case .nothing: break
      case .submit(let line):
        Standard.show("\r\n")
        return line
      case .abandon:
        Standard.show("^C\r\n")
        editor = LineEditor(history: history)
        draw(editor)
      case .endOfInput:
        Standard.show("\r\n")
        return nil
      case .clearScreen:
        Standard.show("\u{1B}[H\u{1B}[2J")
        draw(editor)
      case .complete:
        let choices = editor.complete(from: await completions)
        if !choices.isEmpty { Standard.show("\r\n\(choices.joined(separator: "  "))\r\n") }
        draw(editor)
      }
    }
    return nil
  }

  /// Draws the line again, scrolled so that the cursor is in sight.
  private func draw(_ editor: LineEditor) {
    let (line, column) = Footer.scrolled(editor, mark: mark, columns: Standard.columns)
    Standard.show("\r\(line)\u{1B}[K\r" + (column > 0 ? "\u{1B}[\(column)C" : ""))
  }
}
