import Core
import Foundation
import Testing

@testable import Pipeline

/// From a file to an answer, with every model: what was seen, written and said in a clip made for the purpose.
@Suite("Watch a file, ask about it", .serialized)
struct StoryTests {
  private static let weights = ["efficientnet-lite0", "all-MiniLM-L6-v2", "silero-vad", "whisper-base"]
  private static let areInstalled = weights.allSatisfy { ModelLibrary().isInstalled($0) }

  private struct Answer: Decodable {
    var text: String?
    var abstained: Bool
    var moments: [Moment]
    struct Moment: Decodable {
      var stream: String
      var start, end: Double
    }
  }

  private func ask(_ question: String, _ memory: String) throws -> Answer {
    let outcome = try Command.run(["ask", question, "--json", "--memory", memory])
    #expect(outcome.status == 0, "\(question): \(outcome.errors)\(outcome.output)")
    return try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
  }

  @Test(
    "three questions about a clip are answered with the right times: seen, written, said",
    .enabled(if: areInstalled, "weights not installed"))
  func threeQuestions() throws {
    let folder = try TemporaryFolder()
    let memory = folder.path("story.memory")
    let watched = try Command.run(["watch", try Clip.story(in: folder), "--memory", memory])
    #expect(watched.status == 0, "\(watched.errors)")
    for word in ["story.mp4", "duration  0:24", "episodes", "words"] { #expect(watched.output.contains(word), "\(watched.output)") }

    let seen = try ask("When is a crossword puzzle visible?", memory)
    #expect(!seen.abstained)
    #expect(seen.moments.first.map { $0.start < 6 && $0.end <= 14 } == true, "\(seen)")
    let written = try ask("When does the sign say platform 9?", memory)
    #expect(written.moments.first.map { $0.start < 20 && $0.end > 13 } == true, "\(written)")
    let said = try ask("Where is the treasure map hidden?", memory)
    #expect(said.moments.first.map { $0.start < 9 && $0.end > 4 } == true, "\(said)")
    #expect(said.text?.lowercased().contains("bridge") == true, "\(said)")

    let subtitles = try Command.run(["memory", "export", "--subtitles", "--memory", memory])
    #expect(subtitles.output.contains(" --> ") && subtitles.output.lowercased().contains("treasure"), "\(subtitles.output)")
    let nothing = try Command.run(["ask", "When does the helicopter land on the volcano?", "--memory", memory])
    #expect(nothing.status == 3 || nothing.status == 0, "\(nothing.errors)")
  }

  @Test("a question set is answered line by line", .enabled(if: areInstalled, "weights not installed"))
  func evaluation() throws {
    let folder = try TemporaryFolder()
    _ = try Clip.story(in: folder)
    let questions = """
      {"id": "a", "video": "story.mp4", "question": "Where is the treasure map hidden?", "type": "speech"}
      {"id": "b", "video": "story.mp4", "question": "When does the sign say platform 9?"}

      """
    let file = try folder.write(questions.utf8, to: "questions.jsonl")
    let answers = folder.path("answers.jsonl")
    let outcome = try Command.run(["eval", file, "--media", folder.url.path, "--memory", folder.path("e.memory"), "--answers", answers])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = try String(contentsOfFile: answers, encoding: .utf8).split(separator: "\n")
    let results = try lines.map { try JSONDecoder().decode(Evaluation.Result.self, from: Data($0.utf8)) }
    #expect(results.map(\.id) == ["a", "b"])
    for result in results where !result.abstained {
      #expect(result.intervals.allSatisfy { $0.count == 3 && $0[0] <= $0[1] })
      #expect(result.latencyMilliseconds > 0)
    }
    // The second time nothing is watched again.
    let again = try Command.run(["eval", file, "--media", folder.url.path, "--memory", folder.path("e.memory"), "--answers", answers])
    #expect(again.status == 0 && again.errors.contains("skipped"))
  }

  @Test("a prompt that is not a terminal takes questions and commands line by line", .enabled(if: areInstalled, "weights not installed"))
  func prompt() throws {
    let folder = try TemporaryFolder()
    let memory = folder.path("p.memory")
    #expect(try Command.run(["watch", try Clip.story(in: folder), "--memory", memory, "--quiet"]).status == 0)
    let outcome = try Command.run(
      ["ask", "--memory", memory], input: ":streams\nWhere is the treasure map hidden?\n:nonsense\n:quit\nnever read\n")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("story.mp4\n"))
    #expect(outcome.output.lowercased().contains("bridge"), "\(outcome.output)")
    #expect(outcome.errors.contains("':nonsense' is not a command"))
    let refused = try Command.run(["ask", "--memory", memory], input: "Where is the treasure map hidden?\nIs there a giraffe?\n")
    #expect(refused.status == 3 && refused.output.contains("No: not in this memory."), "\(refused.output)")
  }
}
