import Core
import Foundation
import Testing

@testable import Memory

@Suite struct SearchTests {
  private let scratch: Scratch
  private let snapshot: MemorySnapshot

  init() async throws {
    scratch = try Scratch()
    try await Scene(seconds: 60, seed: 31).write(to: scratch.memory)
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "signs", source: Scene.source())
    let box = TextLine.Box(x: 0, y: 0, width: 1, height: 1)
    let lines = ["Café “Zürich” — open", "NEAR(dog cat)", "100% \"quoted\"", "running * late", "gate B17", "a^b:c -d"]
    try await store.commit(
      Batch(
        stream: "signs",
        observations: lines.enumerated().map { index, text in
          Observation(
            range: seconds(Double(index), Double(index) + 1),
            content: .text(
              TextLine(
                text: text, box: box, confidence: 1, embedding: Embedding(space: "lines", values: [Float(index), 1]))))
        } + [Observation(range: seconds(2, 3), content: .gap("signal lost"))], upTo: MediaTime(seconds: 10), finished: true))
    await store.close()
    snapshot = try MemorySnapshot.open(scratch.memory)
  }

  @Test("words are found whatever their ending, best first")
  func stemmed() throws {
    let hits = try snapshot.search(terms: ["platforms", "closing"])
    #expect(hits.count == 12)
    #expect(hits.allSatisfy { $0.item.modality == .text && $0.score > 0 })
    for (left, right) in zip(hits, hits.dropFirst()) { #expect(left.score >= right.score) }
    #expect(try snapshot.search(terms: ["run"], modality: .speech).first?.item.text.contains("running") == true)
    #expect(try snapshot.search(terms: ["cafe"]).first?.item.stream == "signs")
  }

  @Test("a term of several words is a phrase, and one term of many is enough")
  func phrases() throws {
    #expect(try snapshot.search(terms: ["platform 12"]).map(\.item.text) == ["Platform 12 closed"])
    #expect(try snapshot.search(terms: ["12 platform"]).isEmpty)
    #expect(try snapshot.search(terms: ["nothing like it", "gate"]).map(\.item.text) == ["gate B17"])
  }

  @Test("stream, sense and number of results can be restricted")
  func restricted() throws {
    #expect(try snapshot.search(terms: ["dog"], of: "signs").map(\.item.text) == ["NEAR(dog cat)"])
    #expect(try snapshot.search(terms: ["dog"], modality: .speech, limit: 3).count == 3)
    #expect(try snapshot.search(terms: ["dog"], limit: 0).isEmpty)
    #expect(try snapshot.search(terms: ["dog"], of: "unknown").isEmpty)
    #expect(try snapshot.search(terms: ["signal"]).isEmpty)
    #expect(try snapshot.search(terms: ["signal"], modality: .gap).count == 1)
  }

  @Test(
    "nothing in a question is read as query syntax",
    arguments: [
      "\"", "\"\"", "'", "*", "^", "NEAR(", "NEAR(dog cat, 5)", "AND", "OR", "NOT", "dog OR", "text:dog", "dog*", "-dog", "(", ")",
      "{a b}:c", "+", ":",
      "dog\" OR \"x", "\0", "dog\0cat", "; DROP TABLE item; --", "%_", "\\", "🐶", "", " ", "ｄｏｇ", "\u{202E}",
      String(repeating: "dog ", count: 5000),
      String(repeating: "\"", count: 999),
    ])
  func injection(term: String) throws {
    _ = try snapshot.search(terms: [term])
    _ = try snapshot.search(terms: [term, "dog"])
    _ = try snapshot.search(terms: Array(repeating: term, count: 500))
  }

  @Test("an exact scan gives what brute force gives")
  func nearest() throws {
    var random = Seeded(state: 32)
    for _ in 0..<5 {
      let query = Embedding(space: sentenceSpace, values: random.vector(16))
      let found = try snapshot.nearest(to: query, limit: 7)
      let expected = try snapshot.items().filter { $0.embedding?.space == sentenceSpace }.map { item -> (Int64, Double) in
        let (a, b) = (item.embedding!.values.map(Double.init), query.values.map(Double.init))
        let dot = zip(a, b).map { $0 * $1 }.reduce(0, +)
        return (item.id, dot / (a.map { $0 * $0 }.reduce(0, +) * b.map { $0 * $0 }.reduce(0, +)).squareRoot())
      }.sorted { $0.1 > $1.1 }.prefix(7)
      #expect(found.map(\.item.id) == expected.map(\.0))
      for (left, right) in zip(found, expected) { #expect(abs(Double(left.cosine) - right.1) < 1e-5) }
    }
    #expect(try snapshot.nearest(to: Embedding(space: "lines", values: [1, 0]), limit: 1).first?.item.text == "a^b:c -d")
  }

  @Test("vectors of different spaces are never compared")
  func spaces() throws {
    let other = #expect(throws: MemoryError.self) {
      _ = try snapshot.nearest(to: Embedding(space: "another", values: .init(repeating: 1, count: 16)))
    }
    #expect(other?.code == .misconfigured)
    #expect(throws: MemoryError.self) {
      _ = try snapshot.nearest(to: Embedding(space: pictureSpace, values: .init(repeating: 1, count: 32)))
    }
    #expect(throws: MemoryError.self) { _ = try snapshot.nearest(to: Embedding(space: sentenceSpace, values: [1])) }
  }

  @Test("items are found by the time they overlap")
  func within() throws {
    #expect(try snapshot.items(of: "signs", modality: .text, within: seconds(1, 3)).map(\.text) == ["NEAR(dog cat)", "100% \"quoted\""])
    #expect(try snapshot.items(of: "signs", modality: .text, within: seconds(2.5, 2.5)).map(\.text) == ["100% \"quoted\""])
    #expect(try snapshot.items(of: "signs", within: seconds(50, 60)).isEmpty)
    let all = try snapshot.items(of: "film")
    for window in [seconds(0, 1), seconds(7, 7), seconds(10, 31.5), seconds(59, 99)] {
      #expect(try snapshot.items(of: "film", within: window) == all.filter { $0.range.overlaps(window) })
    }
  }

  @Test("the frames' vectors come as one block in time order, in either of their spaces")
  func track() throws {
    let track = try snapshot.frameTrack(of: "film", space: pictureSpace)
    #expect((track.count, track.dimensions, track.vectors.count, track.episodes.count) == (60, 32, 60 * 32, 60))
    #expect(track.ranges == (try snapshot.frames(of: "film").map(\.range)))
    #expect(track.episodes.map(Optional.some) == (try snapshot.frames(of: "film").map(\.episode)))
    let scene = Scene(seconds: 60, seed: 31)
    guard case .frame(let features) = scene.batches[17].observations[0].content else { return }
    #expect(Array(track.vector(17)) == HalfFloat.rounded(features.pooled.values))
    let textual = try snapshot.frameTrack(of: "film", space: sentenceSpace)
    #expect((textual.count, textual.dimensions) == (60, 16))
    #expect(Array(textual.vector(17)) == HalfFloat.rounded(features.textual!.values))
    #expect(try snapshot.frameTrack(of: "film", space: "unknown").count == 0)
    #expect(try snapshot.frameTrack(of: "signs", space: pictureSpace).count == 0)
  }

  @Test("half precision keeps what it can and clamps what it cannot")
  func halves() {
    let values: [Float] = [0, -0.0, 1, -1, 0.1, 65504, 1e9, -1e9, .infinity, 6e-8, 1e-12]
    let stored = HalfFloat.values(HalfFloat.blob(values))
    #expect(stored == HalfFloat.rounded(values))
    #expect(stored.suffix(6).map(\.isFinite).allSatisfy { $0 })
    #expect(stored[6] == 65504 && stored[7] == -65504)
  }
}

extension EmbeddingSpace: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}
