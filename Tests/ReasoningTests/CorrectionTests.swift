import Core
import Foundation
import Memory
import Testing

@testable import Reasoning

@Suite("a correction answers its question and no other")
struct CorrectionTests {
  /// The outing with corrections, each written as the command line writes them.
  private func reasoner(_ corrections: [Correction], undone: [Int64] = [], encoders: Bool = true) async throws -> Reasoner {
    var snapshot = try await SmallMemory.snapshot(["outing": SmallMemory.outing, "walk": SmallMemory.seen("barn", 0..<20)])
    let store = try MemoryStore(writing: snapshot.folder)
    for var correction in corrections {
      if encoders {
        correction.key = SmallMemory.vector(correction.question)
        correction.probes = CorrectionProbes.wordings(of: correction.question).map { SmallMemory.vector($0).values }
      }
      try await store.correct(correction, at: Date(timeIntervalSince1970: 1_700_000_000))
    }
    for number in undone { try await store.undo(correction: number) }
    await store.close()
    snapshot = try MemorySnapshot.open(snapshot.folder)
    try FileManager.default.removeItem(at: snapshot.folder)
    return Reasoner(snapshot: snapshot, encoders: encoders ? SmallMemory.encoders : [:])
  }

  private let soup = Correction(question: "How much is the soup?", answer: "6.00 EUR", author: "Ada")

  @Test("the corrected question is answered with the correction, which is cited beside the evidence it overrides")
  func corrected() async throws {
    let answer = try await reasoner([soup]).answer(Question(text: "How much is the soup?"))
    #expect(answer.text == "6.00 EUR" && !answer.abstained && answer.citations.isEmpty)
    let correction = try #require(answer.correction)
    #expect(correction.statement.number == 1 && correction.statement.author == "Ada")
    #expect(correction.statement.writtenAt == "2023-11-14T22:13:20Z")
    #expect(correction.overridden?.contains("5.20") == true)
    #expect(correction.evidence.first?.quote.contains("5.20") == true)
    #expect(answer.moments.first.map { $0.range.overlaps(TimeRange(seconds: 50...55)) } == true)
    #expect(answer.understood.contains { $0.hasPrefix("correction: number 1 answers") })
    #expect(try JSONDecoder().decode(Answer.self, from: JSONEncoder().encode(answer)) == answer)
  }

  @Test(
    "other wordings of the question are answered with it too",
    arguments: [
      "What is the price of the soup?", "What does the soup cost?", "Tell me how much the soup is, please.",
      "And the soup, how much is it now?",
    ])
  func wordings(question: String) async throws {
    #expect(try await reasoner([soup]).answer(Question(text: question)).text == "6.00 EUR")
  }

  @Test(
    "another question about the same things is left to the memory",
    arguments: [
      "How much is the tea?", "How much is the fish soup?", "When is the price of the soup shown?", "How many soups are there?",
      "What did the soup cost at first?", "What was the price of the soup before it was changed to 5.20?", "Is the soup expensive?",
      "Which pier is on the sign?", "When can you see the soup for the last time?", "How much is the soup without the price of bread?",
    ])
  func locality(question: String) async throws {
    let answer = try await reasoner([soup]).answer(Question(text: question))
    #expect(answer.correction == nil && answer.text != "6.00 EUR", "\(answer.understood)")
  }

  @Test("an answer that no correction touches is the memory's own, with a line that says so")
  func untouched() async throws {
    var answer = try await reasoner([soup]).answer(Question(text: "Who is the mayor?"))
    #expect(answer.understood.last?.hasPrefix("correction: none fits; the nearest is number 1") == true)
    answer.understood.removeLast()
    #expect(answer == (try await reasoner([]).answer(Question(text: "Who is the mayor?"))))
  }

  @Test("a question about the same things says that there is a correction of another")
  func beside() async throws {
    let answer = try await reasoner([soup]).answer(Question(text: "Is the soup 5.20 EUR?"))
    #expect(answer.correction == nil && answer.seeAlso?.map(\.answer) == ["6.00 EUR"])
    #expect(try await reasoner([soup]).answer(Question(text: "How much is the tea?")).seeAlso == nil)
  }

  @Test("directions, days and hours, places and people are told apart")
  func keys() {
    func same(_ a: String, _ b: String) -> Bool {
      QuestionKey(Planner.plan(a)).difference(from: QuestionKey(Planner.plan(b))) == nil
    }
    #expect(!same("When does the train from Oslo arrive?", "When does the train to Oslo arrive?"))
    #expect(!same("What time is the meeting?", "Which day is the meeting?"))
    #expect(same("On which day is the meeting?", "When is the meeting?"))
    #expect(same("Where does the train leave?", "Which platform does the train leave from?"))
    #expect(!same("Which platform does the bus leave from?", "Which platform does the train leave from?"))
    #expect(same("Who is the owner of the mill?", "Who owns the mill?"))
    #expect(!same("What is shown before the lobster?", "What is shown after the lobster?"))
    #expect(!same("Which gate is not open?", "Which gate is open?"))
    #expect(!same("What is in room 12?", "What is in room 13?"))
    #expect(!same("", ""))
  }

  @Test("of two corrections of one question the newest answers and both are shown; what is undone answers nothing")
  func newest() async throws {
    let later = Correction(question: "What is the price of the soup?", answer: "6.50 EUR", author: "Bob")
    let both = try await reasoner([soup, later]).answer(Question(text: "What is the price of the soup?"))
    #expect(both.text == "6.50 EUR" && both.correction?.earlier.map(\.answer) == ["6.00 EUR"])
    let undone = try await reasoner([soup, later], undone: [2]).answer(Question(text: "What is the price of the soup?"))
    #expect(undone.text == "6.00 EUR" && undone.correction?.earlier.isEmpty == true)
    let none = try await reasoner([soup, later], undone: [1, 2]).answer(Question(text: "What is the price of the soup?"))
    #expect(none.correction == nil && none.text?.contains("5.20") == true)
  }

  @Test("a correction of one stream or stretch stays there")
  func scope() async throws {
    var scoped = soup
    scoped.stream = StreamID("walk")
    #expect(try await reasoner([scoped]).answer(Question(text: soup.question, stream: StreamID("outing"))).correction == nil)
    #expect(try await reasoner([scoped]).answer(Question(text: soup.question, stream: StreamID("walk"))).text == "6.00 EUR")
    scoped.stream = StreamID("outing")
    scoped.range = TimeRange(seconds: 40...58)
    let asked = try await reasoner([scoped])
    #expect(try await asked.answer(Question(text: "How much is the soup after 0:45?")).correction != nil)
    #expect(try await asked.answer(Question(text: "How much is the soup in the first 30 seconds?")).correction == nil)
    let whole = try await asked.answer(Question(text: soup.question))
    #expect(whole.moments == [Answer.Moment(stream: StreamID("outing"), range: TimeRange(seconds: 40...58), score: 1)])
  }

  @Test("what the memory cannot answer at all can be taught")
  func taught() async throws {
    let hotel = Correction(question: "How much is the hotel room?", answer: "80 EUR", author: "Ada")
    let answer = try await reasoner([hotel]).answer(Question(text: "What does the hotel room cost?"))
    #expect(answer.text == "80 EUR" && !answer.abstained && answer.correction?.overridden == nil)
    #expect(answer.moments.isEmpty)
  }

  @Test("without a sentence model the same words still find their correction")
  func words() async throws {
    #expect(try await reasoner([soup], encoders: false).answer(Question(text: "What does the soup cost?")).text == "6.00 EUR")
  }

  @Test("five other wordings are made of any question")
  func probes() {
    for question in ["How much is the soup?", "", "?!", "NASA when?"] + hostileTexts {
      #expect(CorrectionProbes.wordings(of: question).count == 5)
    }
  }
}
