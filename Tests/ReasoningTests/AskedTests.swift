import Core
import Foundation
import Memory
import Testing

@testable import Reasoning

/// What people ask of a recording without knowing how it is remembered.
@Suite("questions as a new user puts them")
struct AskedTests {
  private func ask(_ text: String, _ stream: [Observation], startedAt: Date? = nil, askedAt: Date = Date()) async throws -> Answer {
    let snapshot = try await SmallMemory.snapshot(["a": stream], startedAt: startedAt)
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    return try await Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders).answer(Question(text: text, askedAt: askedAt))
  }

  private static let letters =
    SmallMemory.seen("crossword", 0..<30)
    + [
      SmallMemory.line("ALPHA", 1...4), SmallMemory.line("ECHO", 8...11, y: 0.1), SmallMemory.line("HANDS", 8...11, y: 0.6),
      SmallMemory.line("KING IS COMING", 15...18), SmallMemory.line("OMEGA WAYS", 25...28),
    ]

  @Test(
    "the first and the last of what is written",
    arguments: [
      ("What is written at the beginning?", "ALPHA"), ("What is the last word on screen?", "WAYS"),
      ("What is the first word on screen?", "ALPHA"), ("What is written at the end?", "OMEGA WAYS"),
      ("Who is coming again?", "KING IS COMING"),
    ])
  func ends(question: String, words: String) async throws {
    let answer = try await ask(question, Self.letters)
    #expect(answer.text == words, "\(answer)")
    #expect(answer.citations.first?.modality == .text)
  }

  @Test("what is said first and last")
  func said() async throws {
    #expect(try await ask("What is said at the beginning?", SmallMemory.outing).text?.contains("bridge") == true)
    #expect(try await ask("What is the last thing that is said?", SmallMemory.outing).text?.contains("goats") == true)
  }

  @Test("what else stands on a sign")
  func beside() async throws {
    #expect(try await ask("Which word is shown with echo at nine seconds?", Self.letters).text == "HANDS")
    #expect(try await ask("What is written with alpha?", Self.letters).abstained)
  }

  @Test("shots are counted, and each is cited")
  func shots() async throws {
    let answer = try await ask("How many shots are there?", SmallMemory.outing)
    #expect(answer.text == "5" && answer.citations.count == 5, "\(answer)")
    #expect(try await ask("How many cuts are there?", SmallMemory.outing).text == "4")
  }

  private static let told =
    SmallMemory.seen("barn", 0..<60)
    + [
      SmallMemory.said("The meeting is on Tuesday.", 5...8), SmallMemory.said("The meeting is on Thursday now.", 30...33),
      SmallMemory.line("FERRY PIER 4", 10...14), SmallMemory.line("FERRY PIER 9", 40...44), SmallMemory.said("Lunch is at 12:30.", 50...52),
    ]

  @Test(
    "a value that is stated is confirmed or contradicted with what says so",
    arguments: [
      ("Is the meeting on Thursday?", "yes: ", "Thursday"), ("Is the meeting on Tuesday?", "no longer: ", "Thursday"),
      ("Is the meeting on Friday?", "no: ", "Thursday"), ("Does the ferry leave from pier 9?", "yes: ", "PIER 9"),
      ("Does the ferry leave from pier 4?", "no longer: ", "PIER 9"), ("Is lunch at 13:00?", "no: ", "12:30"),
      ("Is lunch at 12:30?", "yes: ", "12:30"),
    ])
  func checked(question: String, verdict: String, value: String) async throws {
    let answer = try await ask(question, Self.told)
    #expect(answer.text?.hasPrefix(verdict) == true && answer.text?.contains(value) == true, "\(answer)")
    #expect(!answer.citations.isEmpty && answer.kind == .yesNo)
  }

  @Test("nothing is contradicted by what is told of something else")
  func unrelated() async throws {
    #expect(try await ask("Is the concert on Friday?", Self.told).text?.hasPrefix("No: not") == true)
    #expect(try await ask("Does the bus leave from gate 4?", Self.told).abstained)
  }

  @Test(
    "of two things the one that is the case",
    arguments: [
      ("Is the meeting on Tuesday or on Thursday?", "Thursday"), ("Does the ferry leave from pier 4 or 9?", "9"),
      ("Is the ferry at pier 7 or 8?", "neither: FERRY PIER 9"), ("Is it a barn or a lobster?", "barn"),
    ])
  func choice(question: String, answer words: String) async throws {
    let answer = try await ask(question, Self.told)
    #expect(answer.text == words, "\(answer)")
    #expect(!answer.citations.isEmpty)
  }

  @Test("neither of two things is a refusal")
  func neither() async throws {
    #expect(try await ask("Is it a giraffe or a lobster?", Self.told.filter { $0.modality != .vision }).abstained)
  }

  @Test("the day and the hour on the wall are looked at where they are known")
  func wall() async throws {
    let calendar = Calendar.current
    let midnight = calendar.startOfDay(for: Date(timeIntervalSince1970: 1_750_000_000))
    let evening = midnight.addingTimeInterval(18.5 * 3600)
    let asked = midnight.addingTimeInterval(33 * 3600)
    let stream = SmallMemory.outing
    func answer(_ text: String) async throws -> Answer { try await ask(text, stream, startedAt: evening, askedAt: asked) }
    #expect(try await answer("What was said yesterday evening?").text?.contains("goats") == true)
    #expect(try await answer("What was said this morning?").missing?.contains("nothing is remembered of \"this morning\"") == true)
    #expect(try await answer("What was on screen at 18:30?").citations.isEmpty == false)
    #expect(try await answer("What happened at 6:30 pm?").citations.isEmpty == false)
    #expect(try await answer("What happened at 7:30 pm?").abstained)
    #expect(try await answer("What is said between 18:30 and 18:31?").text?.contains("goats") == true)
    #expect(try await answer("What was said yesterday evening?").understood.contains("time: yesterday evening, by the clock on the wall"))
  }

  @Test("a time of day in a recording that does not say when it was made is not guessed")
  func noWall() async throws {
    #expect(
      try await ask("What was said yesterday evening?", SmallMemory.outing).missing?.contains("not known at what time of day") == true)
    let told = [SmallMemory.said("The storm last night broke two windows.", 2...6)]
    #expect(try await ask("What did the storm break last night?", told).text?.contains("windows") == true)
  }

  @Test("in another language the words are looked for as they stand, and what they mean is not guessed")
  func foreign() async throws {
    let stream = SmallMemory.outing + [SmallMemory.line("EL PUENTE VIEJO", 20...26)]
    let read = try await ask("¿Dónde está el puente?", stream)
    #expect(read.text == "EL PUENTE VIEJO")
    let unknown = try await ask("¿Cuándo aparece la langosta en el barco?", stream)
    #expect(unknown.abstained && unknown.missing?.contains("English") == true)
  }

  @Test(
    "the first and the last value of a kind, where nothing else is named",
    arguments: [
      ("Which price is shown first?", "4.50"), ("What is the last price?", "5.20"), ("Which day is mentioned last?", "Thursday"),
      ("What number is written first?", "PIER 7"), ("Which price is mentioned before the goats?", nil),
    ] as [(String, String?)])
  func valueAtEnd(question: String, expected: String?) async throws {
    let answer = try await ask(question, SmallMemory.outing)
    if let expected { #expect(answer.text?.contains(expected) == true, "\(answer)") } else { #expect(answer.text != "SOUP 4.50 EUR") }
  }

  @Test("that there are no people is never said: nothing names them; nor how many, by what they stand beside")
  func people() async throws {
    for text in ["Is there a person in the video?", "How many people come to the windmill?"] {
      let answer = try await ask(text, SmallMemory.outing)
      #expect(answer.abstained && answer.text == nil && answer.missing?.contains("people are not recognised") == true, "\(answer)")
    }
  }

  @Test("a colour that was not remembered is not answered with a name")
  func colour() async throws {
    let look = Observation(
      range: TimeRange(seconds: 0...60), content: .look(.init(.colours, "green, grey")))
    #expect(try await ask("What colour is the lobster?", SmallMemory.outing + [look]).abstained)
  }

  @Test(
    "what a screen says is what is written there",
    arguments: ["What does the screen say at 0:09?", "What is written on the screen at the very beginning?", "Show me all the text"])
  func screen(question: String) async throws {
    let answer = try await ask(question, Self.letters)
    #expect(!answer.citations.isEmpty && answer.citations.allSatisfy { $0.modality == .text }, "\(answer)")
    #expect(question.contains("0:09") ? answer.text?.contains("ECHO") == true : answer.text?.contains("ALPHA") == true, "\(answer)")
  }

  @Test("how many recordings there are is told in a number")
  func recordings() async throws {
    let snapshot = try await SmallMemory.snapshot(["a": SmallMemory.outing, "b": Self.letters])
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    let answer = try await Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders).answer(Question(text: "How many videos are there?"))
    #expect(answer.text?.hasPrefix("2: a") == true)
  }
}
