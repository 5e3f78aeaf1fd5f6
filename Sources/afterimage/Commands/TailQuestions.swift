import Core
import Foundation
import Pipeline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The questions typed, or piped in, while a tail runs: each is answered from a snapshot while the feed goes on.
struct TailQuestions: Sendable {
  var memory: URL
  var configuration: PipelineConfiguration
  var json: Bool

  /// Begins to take lines; `:quit` calls `leave`, the end of the input does not.
  ///
  /// The task is nobody's child: it waits for a line that may never come, and ends with the process.
  func answer(leave: @escaping @Sendable () async -> Void) {
    guard !Self.isInBackground else { return }
    Task.detached {
      let keyboard = Keyboard()
      var prompt: Prompt?
      while let line = await keyboard.line() {
        if line.allSatisfy(\.isWhitespace) { continue }
        do {
          if prompt == nil {
            let asker = try await Asker(memory: memory, configuration: configuration)
            prompt = Prompt(asker: asker, stream: nil, json: json, explain: false)
          }
          if try await prompt?.take(line) == false { return await leave() }
        } catch {
          Standard.say(PipelineError.line(for: error))
        }
      }
    }
  }

  /// Reading the terminal would stop a job that runs in the background.
  private static var isInBackground: Bool { isatty(STDIN_FILENO) == 1 && tcgetpgrp(STDIN_FILENO) != getpgrp() }
}
