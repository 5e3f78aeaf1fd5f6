import Core
import Foundation
import Memory
import Testing

@testable import Reasoning

@Suite("what a sense can name at all")
struct VocabularyTests {
  private static let sounds = vocabulary(["Church bell", "Bell", "Knock", "Saxophone", "Brass instrument", "Siren", "Animal"])
  private static let sights = vocabulary(["windmill", "lobster", "accordion", "canoe", "helicopter", "saxophone"])

  private static func vocabulary(_ names: [String]) -> SenseVocabulary {
    SenseVocabulary(names: names, vectors: names.flatMap { SmallMemory.vector($0).values }, space: SmallMemory.space)
  }

  private func ask(_ text: String, adding more: [Observation] = []) async throws -> Answer {
    let snapshot = try await SmallMemory.snapshot(["outing": SmallMemory.outing + more])
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    return try await Reasoner(
      snapshot: snapshot, encoders: SmallMemory.encoders, vocabularies: [.sound: Self.sounds, .vision: Self.sights]
    ).answer(Question(text: text))
  }

  @Test("a sound is found by its name and cited as heard, also when several names overlap")
  func heard() async throws {
    let answer = try await ask("When can you hear the church bell?", adding: [SmallMemory.heard("Bell", 29.5...34)])
    #expect(answer.moments.first?.range.overlaps(TimeRange(seconds: 30...33)) == true)
    #expect(answer.citations.first?.modality == .sound && answer.citations.first?.quote == "Church bell")
  }

  @Test("a sound that can be named and was not heard is refused, however near the others are")
  func unheard() async throws {
    let answer = try await ask("When can you hear a saxophone?", adding: [SmallMemory.heard("Brass instrument", 50...53)])
    #expect(answer.abstained && answer.missing != nil)
  }

  @Test("a guess is a further moment of a sound that is heard plainly elsewhere, behind it, and counts nothing")
  func guessed() async throws {
    let faint = [SmallMemory.heard("Church bell", 8...10, score: 0.09), SmallMemory.heard("Church bell", 29...31, score: 0.09)]
    let answer = try await ask("When can you hear the church bell?", adding: faint)
    #expect(answer.moments.first?.range == TimeRange(seconds: 30...33))
    #expect(answer.moments.dropFirst().contains { $0.range == TimeRange(seconds: 8...10) })
    // One that lies beside it says nothing of its own.
    #expect(!answer.moments.contains { $0.range == TimeRange(seconds: 29...31) })
    #expect(answer.citations.map(\.range) == [TimeRange(seconds: 30...33)])
    #expect(try await ask("How many times can you hear the church bell?", adding: faint).text == "1")
  }

  @Test("no answer rests on a guess, whatever the question says; the refusal tells of it")
  func guessedOnly() async throws {
    let faint = [SmallMemory.heard("Siren", 8...10, score: 0.09)]
    for text in ["When can you hear the sound of a siren?", "Is a siren heard?", "What is heard when the siren sounds?"] {
      #expect(try await ask(text, adding: faint).abstained, "\(text)")
    }
    #expect(try await ask("When can you hear the sound of a siren?", adding: faint).missing?.contains("Siren") == true)
    let reader = StandingReader(encoders: SmallMemory.encoders, vocabularies: [.sound: Self.sounds])
    let matches = try await reader.matches(
      [try StandingQuestion("the sound of a siren")], in: SmallMemory.outing + faint, of: StreamID("outing"),
      fresh: [.sound: [TimeRange(seconds: 0...60)]])
    #expect(matches == [[]])
  }

  @Test("what is heard again within two seconds is one further moment")
  func again() async throws {
    let bells = [4.0...5, 6...7, 10...11, 31...32].map { SmallMemory.heard("Bell", $0, score: 0.5) }
    let answer = try await ask("When can you hear the church bell?", adding: bells)
    let ranges = answer.moments.map(\.range)
    #expect(ranges.contains(TimeRange(seconds: 4...7)) && ranges.contains(TimeRange(seconds: 10...11)), "\(ranges)")
  }

  @Test("sounds are counted once each")
  func counted() async throws {
    let answer = try await ask(
      "How many times can you hear a knock?", adding: [5.0, 20, 41].map { SmallMemory.heard("Knock", $0...$0 + 1) })
    #expect(answer.text == "3" && answer.citations.allSatisfy { $0.modality == .sound })
  }

  @Test("a thing that is asked for by sight is not answered by a sound")
  func seen() async throws {
    let answer = try await ask("When does the lobster appear?", adding: [SmallMemory.heard("Animal", 40...44)])
    #expect(answer.citations.first?.modality == .vision && answer.moments.first?.range.overlaps(TimeRange(seconds: 14...22)) == true)
  }

  @Test("what is to be heard is not answered by a sight of it, and is seen where that is asked for", arguments: [true, false])
  func heardOnly(hears: Bool) async throws {
    let answer = try await ask(hears ? "When can you hear the lobster?" : "What do we see when the lobster is heard?")
    #expect(answer.citations.contains { $0.modality == .vision } != hears)
  }

  @Test(
    "a sound is asked for in so many words also beside something else",
    arguments: [
      ("When can you hear the lobster after the windmill?", true), ("When does the lobster appear after the bell is heard?", false),
    ])
  func asksToHear(text: String, expected: Bool) { #expect(Planner.plan(text).isHeard == expected) }

  @Test("of two things that are asked for together each is looked for", arguments: [("a canoe", "yes: "), ("a helicopter", "no: ")])
  func both(other: String, expected: String) async throws {
    let answer = try await ask("Is there a lobster and \(other)?")
    #expect(answer.text?.hasPrefix(expected) == true && answer.text?.contains("lobster") == true)
  }

  @Test("a thing that can be named by sight and was never named is refused")
  func absent() async throws { #expect(try await ask("When does a helicopter land?").abstained) }

  @Test("of a thing that is seen, what it does is not believed where it would be heard and was not")
  func unheardAct() async throws {
    func confidence(_ text: String, adding more: [Observation] = []) async throws -> Double {
      let answer = try await ask(text, adding: more)
      return answer.abstained || answer.citations.first?.modality != .vision ? 0 : answer.confidence
    }
    let silent = try await confidence("When does the lobster knock?")
    let knocking = try await ask("When does the lobster knock?", adding: [SmallMemory.heard("Knock", 16...18)])
    #expect(knocking.moments.first?.range.overlaps(TimeRange(seconds: 14...22)) == true)
    #expect(silent < knocking.confidence / 2, "\(silent), heard \(knocking.confidence)")
    // What makes no sound of its own is not missed.
    #expect(try await confidence("When does the lobster wait?") > 2 * silent)
  }

  @Test("a standing question that says how is answered by that sense alone")
  func standing() async throws {
    let reader = StandingReader(encoders: SmallMemory.encoders, vocabularies: [.sound: Self.sounds, .vision: Self.sights])
    func senses(_ text: String) async throws -> Set<Modality> {
      let questions = [try StandingQuestion(text)]
      let stretch = TimeRange(seconds: 14...22)
      let fresh: [Modality: [TimeRange]] = [.vision: [stretch], .text: [TimeRange(seconds: 0...60)], .sound: [TimeRange(seconds: 0...60)]]
      return Set(try await reader.matches(questions, in: SmallMemory.outing, of: StreamID("outing"), fresh: fresh)[0].map(\.modality))
    }
    #expect(try await senses("a lobster") == [.vision])
    #expect(try await senses("the sign says lobster").isEmpty)
    #expect(try await senses("the sound of a lobster").isEmpty)
    #expect(try await senses("the sound of a church bell") == [.sound])
  }

  @Test("a standing question about a thing is not answered by the name of its branch, one about the branch is")
  func branch() async throws {
    let reader = StandingReader(
      encoders: SmallMemory.encoders, vocabularies: [.sound: Self.vocabulary(["Animal", "Animal call cow", "Siren"])])
    func names(_ text: String, _ heard: Observation...) async throws -> [String] {
      try await reader.matches(
        [try StandingQuestion(text)], in: SmallMemory.outing + heard, of: StreamID("outing"), fresh: [.sound: [TimeRange(seconds: 0...60)]]
      )[0].map(\.quote)
    }
    let animal = SmallMemory.heard("Animal", 20...23)
    #expect(try await names("the sound of an animal", animal) == ["Animal"])
    #expect(
      try await names("the sound of an animal call cow", animal, SmallMemory.heard("Animal call cow", 20...23, score: 0.4)) == [
        "Animal call cow"
      ])
    #expect(try await names("the sound of a cow", animal).isEmpty)
  }

  @Test("a word bears the names it is part of, synonyms and kinds included")
  func bearers() {
    let sights = SenseVocabulary(
      names: ["barn owl", "school bus"], alsoCalled: [["bird of prey"], ["motor vehicle"]],
      vectors: ["barn owl", "school bus"].flatMap { SmallMemory.vector($0).values }, space: SmallMemory.space)
    #expect(sights.bearers(of: Stem.of("bird")) == [0] && sights.bearers(of: Stem.of("animals")) == [0])
    #expect(sights.bearers(of: Stem.of("vehicles")) == [1] && sights.bearers(of: Stem.of("giraffe")).isEmpty)
  }

  @Test("a bare name of something else is refused, however alike it looks")
  func lookalike() {
    func score(_ named: Double, words: Int) -> Double {
      Calibration.seen(similarity: 2, relevance: 0.5, nearest: 0.6, named: named, words: words)
    }
    #expect(score(0, words: 1) < Certainty.threshold && score(1, words: 1) > 2 && score(0, words: 6) > 1)
  }

  @Test("how well names fit is 1 for the nearest and less for the others")
  func fits() {
    let (fits, nearest) = Self.sounds.fits(of: SmallMemory.vector("siren").values, sharpness: 20)
    #expect(fits[5] == 1 && nearest > 0.99 && fits.filter { $0 > 0.5 }.count == 1)
  }

  @Test("what overlaps adds up, and its peaks do not touch")
  func overTime() {
    let time = RelevanceOverTime([
      (TimeRange(seconds: 0...10), 0.2), (TimeRange(seconds: 4...6), 0.5), (TimeRange(seconds: 20...21), 0.4),
    ])
    let peaks = time.peaks(limit: 8, fall: 0.3)
    #expect(peaks.map(\.range) == [TimeRange(seconds: 4...6), TimeRange(seconds: 20...21)])
    #expect(abs((peaks.first?.value ?? 0) - 0.7) < 1e-9)
    #expect(RelevanceOverTime([]).peaks(limit: 3, fall: 0.3).isEmpty)
  }
}
