import Core
import Foundation
import Memory
import Testing

@testable import Reasoning

@Suite("what is read of a stream once")
struct EvidenceTests {
  @Test(
    "words read fast are the words of the text",
    arguments: [
      "", "Platform 12 closes at 14:05.", "it's the dogs' bowl, isn't it? 'no'", "a'S's b's 'tis O'Neil's",
      "3-2, 2.40 EUR; 555-0147 10/12/2024 -5 .5",
      "Café Zürich’s menu — 4,50 €", "line\r\nbreak\ttab\0nul", "e.g. U.S.A. x.y 1.a a.1", "---", "don''t 7's",
      String(repeating: "word 1.2 ", count: 900),
    ])
  func words(text: String) {
    var reader = WordReader()
    let expected = Token.words(of: text)
    #expect(reader.read(text).map { reader.words[Int($0)] } == expected)
    // A second time everything is known.
    #expect(reader.read(text).map { reader.words[Int($0)] } == expected)
  }

  @Test("so they are for anything that can be typed", arguments: 0..<50)
  func anything(seed: Int) {
    var random = SeededNumbers(seed: UInt64(seed))
    var reader = WordReader()
    for _ in 0..<20 {
      let text = String((0..<60).map { _ in "abcs'.:,/- 019XYS\u{E9}\u{2019}\n".randomElement(using: &random) ?? " " })
      #expect(reader.read(text).map { reader.words[Int($0)] } == Token.words(of: text), "\(text)")
    }
  }

  @Test("the index finds the passages in which the spelling is found", arguments: 0..<10)
  func index(seed: Int) {
    var random = SeededNumbers(seed: UInt64(seed))
    func word() -> String {
      if Int.random(in: 0..<4, using: &random) == 0 {
        return ["price", "cost", "professor", "prof", "platform", "4711", "4712"].randomElement(using: &random) ?? ""
      }
      return String((0..<Int.random(in: 3...7, using: &random)).map { _ in "abe1".randomElement(using: &random) ?? "a" })
    }
    var reader = WordReader()
    let texts = (0..<200).map { _ in (0..<6).map { _ in word() }.joined(separator: " ") }
    let numbers = texts.map { reader.read($0) }
    let index = TermIndex(reader, passages: numbers)
    let stems = texts.map { Set(Token.words(of: $0).map(\.stem)) }
    for _ in 0..<60 {
      let stem = Token(surface: word()).stem
      #expect(index.passages(with: stem) == stems.indices.filter { Spelling.contains(stems[$0], stem) }, "\(stem)")
      #expect(index.count(of: stem) == stems.count { $0.contains(stem) })
    }
  }

  @Test("questions that follow one another get the answers they get alone")
  func prepared() async throws {
    let snapshot = try await SmallMemory.snapshot(["outing": SmallMemory.outing])
    let questions = [
      "When is the lobster shown?", "How much is the soup?", "Which pier is it?", "What did they say about the goats?",
      "When can a bell be heard?",
    ]
    let first = Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders)
    _ = try await first.answer(Question(text: questions[0]))
    for question in questions {
      let alone = try await Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders).answer(Question(text: question))
      let after = Reasoner(snapshot: try MemorySnapshot.open(snapshot.folder), from: first.prepared, isUnchanged: true)
      #expect(try await after.answer(Question(text: question)) == alone)
    }
  }

  @Test("what was written since is known when it is said that something was")
  func changed() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reasoning-tests-\(UUID().uuidString)", isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try MemoryStore(writing: folder)
    _ = try await store.open(stream: StreamID("s"), source: SourceDescription(path: "s", fingerprint: "s"))
    func commit(_ observations: [Observation], _ upTo: Double) async throws {
      try await store.commit(Batch(stream: StreamID("s"), observations: observations, upTo: MediaTime(seconds: upTo)))
    }
    try await commit([SmallMemory.line("PIER 7", 1...3), SmallMemory.line("SOUP 4.50 EUR", 2...4)], 5)
    let first = Reasoner(snapshot: try MemorySnapshot.open(folder), encoders: SmallMemory.encoders)
    let question = Question(text: "Which hangar is it?")
    _ = try await first.answer(question)
    try await commit([SmallMemory.line("HANGAR 33", 6...9)], 10)
    let snapshot = try MemorySnapshot.open(folder)
    let answer = try await Reasoner(snapshot: snapshot, from: first.prepared, isUnchanged: false).answer(question)
    #expect(answer.text?.contains("33") == true)
    await store.close()
  }
}
