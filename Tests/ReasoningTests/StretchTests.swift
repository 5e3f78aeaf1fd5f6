import Core
import Foundation
import Memory
import Testing

@testable import Reasoning

@Suite("which stretch a question means")
struct StretchTests {
  private func ask(_ text: String, of streams: [String: [Observation]] = ["outing": SmallMemory.outing]) async throws -> Answer {
    let snapshot = try await SmallMemory.snapshot(streams)
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    return try await Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders).answer(Question(text: text))
  }

  /// The outing without two seconds of the lobster.
  private static let hole = TimeRange(seconds: 16...18)
  private static let torn: [Observation] =
    SmallMemory.outing.filter { $0.modality != .vision || !$0.range.overlaps(hole) } + [
      Observation(range: hole, content: .gap("forgotten on request"))
    ]

  @Test(
    "no citation reaches across a hole in the memory", arguments: ["When is the lobster shown?", "What is shown between 0:13 and 0:22?"])
  func hole(question: String) async throws {
    let answer = try await ask(question, of: ["outing": Self.torn])
    #expect(!answer.citations.isEmpty && answer.citations.allSatisfy { !$0.range.overlaps(Self.hole) })
  }

  @Test("a line that always stands there is not cited across a hole")
  func standing() async throws {
    let logo = [5.0, 12, 20, 30, 45, 55].map { SmallMemory.line("CHANNEL NINE", $0...$0 + 2) }
    let answer = try await ask("When can you read CHANNEL NINE?", of: ["outing": Self.torn + logo])
    #expect(!answer.citations.isEmpty && answer.citations.allSatisfy { !$0.range.overlaps(Self.hole) })
  }

  @Test("a standing question is not answered across a hole")
  func standingQuestion() async throws {
    let matches = try await StandingReader(encoders: SmallMemory.encoders).matches(
      [try StandingQuestion("a lobster")], in: Self.torn, of: StreamID("outing"), fresh: [.vision: [TimeRange(seconds: 0...60)]])
    #expect(!matches[0].isEmpty && matches[0].allSatisfy { !$0.range.overlaps(Self.hole) }, "\(matches)")
  }

  @Test("of a hole nothing is told", arguments: ["What happens at 0:17?", "What is shown between 0:16 and 0:18?"])
  func inside(question: String) async throws { #expect(try await ask(question, of: ["outing": Self.torn]).abstained) }

  @Test("a stretch is taken as it was given")
  func strict() async throws {
    #expect(try await ask("What is said between 0:20 and 0:39?").abstained)
    #expect(try await ask("What is said between 0:20 and 0:45?").text?.contains("goats") == true)
  }

  @Test("what is shown in a stretch of several scenes is told of each")
  func scenes() async throws {
    let answer = try await ask("What is shown between 0:14 and 0:34?")
    #expect(answer.text?.contains("lobster") == true && answer.text?.contains("accordion") == true)
  }

  @Test(
    "the n-th of what was shown or said is the n-th, and there is no further one",
    arguments: [
      ("What is the third thing shown?", "accordion"), ("What is the second thing said?", "goats"), ("What is the ninth thing shown?", nil),
      ("What is the third thing said?", nil),
    ] as [(String, String?)])
  func ordinal(question: String, expected: String?) async throws {
    let answer = try await ask(question)
    if let expected { #expect(answer.text?.contains(expected) == true) } else { #expect(answer.abstained) }
  }

  @Test(
    "whether one thing is before another is answered by where both are",
    arguments: [
      ("Is the accordion before the lobster?", "no: 0:25 is after 0:12"),
      ("Is the lobster before the accordion?", "yes: 0:12 is before 0:25"),
      ("Is the accordion after the lobster?", "yes: 0:25 is after 0:12"),
    ])
  func order(question: String, expected: String) async throws {
    let answer = try await ask(question)
    #expect(answer.text == expected)
  }

  @Test(
    "how the other thing is found does not say what is asked for",
    arguments: [
      ("What is said while the lobster is shown?", "bridge"), ("What is said after the lobster is shown?", "goats"),
      ("What is shown after the goats are mentioned?", "windmill"),
    ])
  func anchored(question: String, expected: String) async throws { #expect(try await ask(question).text?.contains(expected) == true) }

  @Test("what is not known of a thing that is there is not denied")
  func undenied() async throws {
    let answer = try await ask("Is the mayor elected on Tuesdays?")
    #expect(answer.text.map { $0.hasPrefix("not certain") } ?? answer.abstained)
  }

  @Test(
    "what lies behind the end and what is not there are not answered with something else",
    arguments: [("Is there a lobster between 5:00 and 6:00?", "0:00 to 1:00"), ("When is the lobster not visible?", "not there")])
  func nowhere(question: String, reason: String) async throws {
    let answer = try await ask(question)
    #expect(answer.abstained && answer.missing?.contains(reason) == true)
  }

  @Test("what happens in several recordings is told of each")
  func several() async throws {
    let answer = try await ask(
      "What happens in the videos?", of: ["one": SmallMemory.seen("windmill", 0..<20), "two": SmallMemory.seen("canoe", 0..<20)])
    #expect(answer.text?.contains("one: ") == true && answer.text?.contains("two: ") == true)
    #expect(Set(answer.citations.map(\.stream.rawValue)) == ["one", "two"])
  }
}
