import Core
import Foundation
import Pipeline

/// The questions typed, or piped in, while a tail runs: each is answered from a snapshot while the feed goes on.
struct TailQuestions: Sendable {
  var memory: URL
  var configuration: PipelineConfiguration
  var json: Bool

  /// Begins to take questions; `:quit` calls `leave`, and so does Ctrl-D on a terminal with a prompt. The end of an input that is no terminal does not.
  ///
  /// The task is nobody's child: it waits for a line that may never come, and ends with the process.
  ///
  /// - Parameter keyboard: nil where lines are read instead of keys.
  func answer(to outlet: Outlet, keyboard: Keyboard?, leave: @escaping @Sendable () async -> Void) {
    guard !Standard.isInBackground else { return }
    Task.detached {
      var session = Session(questions: self, outlet: outlet)
      if case .screen(let screen) = outlet, let keyboard {
        await session.edit(on: screen, keyboard)
        await leave()
      } else if await session.read() {
        await leave()
      }
    }
  }

  /// One conversation.
  private struct Session {
    var questions: TailQuestions
    var outlet: Outlet
    var prompt: Prompt?

    /// - Returns: whether to leave the tail.
    mutating func read() async -> Bool {
      let keyboard = Keyboard()
      while let line = await keyboard.line() { if await !take(line) { return true } }
      return false
    }

    /// Takes keys until the user leaves.
    mutating func edit(on screen: TailScreen, _ keyboard: Keyboard) async {
      keyboard.begin(signals: true)
      var history = QuestionHistory()
      var editor = LineEditor(history: history.lines)
      await screen.set(mark: mark, editor: editor)
      while let key = await keyboard.next() {
        switch editor.apply(key) {
        case .redraw: break
        case .nothing: continue
        case .submit(let line):
          history.add(line)
          editor = LineEditor(history: history.lines)
          if !line.allSatisfy(\.isWhitespace) { await screen.show(mark + line) }
          await screen.set(mark: mark, editor: editor)
          if await !take(line) { return await screen.endTyping() }
        case .abandon: editor = LineEditor(history: history.lines)
        case .endOfInput: return await screen.endTyping()
        case .clearScreen: await screen.clear()
        case .complete:
          let choices = editor.complete(from: await prompt?.completions ?? Prompt.commands)
          if !choices.isEmpty { await screen.show(choices.joined(separator: "  ")) }
        }
        await screen.set(mark: mark, editor: editor)
      }
    }

    private var mark: String { prompt?.mark ?? "> " }

    /// - Returns: whether to go on.
    private mutating func take(_ line: String) async -> Bool {
      if line.allSatisfy(\.isWhitespace) { return true }
      if [":quit", ":q", ":exit"].contains(line.trimmingCharacters(in: .whitespaces)) { return false }
      do {
        if prompt == nil {
          let asker = try await Asker(memory: questions.memory, configuration: questions.configuration)
          prompt = Prompt(asker: asker, stream: nil, json: questions.json, explain: false, outlet: outlet)
        }
        return try await prompt?.take(line) ?? true
      } catch {
        await outlet.say(PipelineError.line(for: error))
        return true
      }
    }
  }
}
