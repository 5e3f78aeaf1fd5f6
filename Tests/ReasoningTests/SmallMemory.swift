import Core
import Foundation
import Memory

@testable import Reasoning

/// A memory made through `MemoryStore` in a temporary folder, and the one thing that may be faked: an encoder of texts.
enum SmallMemory {
  static let space = EmbeddingSpace("words-64")

  /// A deterministic vector in which texts are as alike as the stems they share.
  static func vector(_ text: String) -> Embedding {
    var values = [Float](repeating: 0, count: 64)
    let stems = Token.words(of: text).map(\.stem).filter { !Vocabulary.stop.contains($0) && $0 != "photo" }
    for stem in stems {
      var random = SeededNumbers(seed: stem.unicodeScalars.reduce(5381) { ($0 &* 33) &+ UInt64($1.value) })
      for index in values.indices { values[index] += Float.random(in: -1...1, using: &random) }
    }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return Embedding(space: space, values: length > 0 ? values.map { $0 / length } : values)
  }

  static let encoders: [EmbeddingSpace: Reasoner.Encoder] = [space: { vector($0) }]

  static func line(_ text: String, _ range: ClosedRange<Double>, y: Float = 0.1) -> Observation {
    .init(
      range: TimeRange(seconds: range),
      content: .text(.init(text: text, box: .init(x: 0.1, y: y, width: 0.5, height: 0.1), confidence: 0.95, embedding: vector(text))))
  }

  static func said(_ text: String, _ range: ClosedRange<Double>) -> Observation {
    let words = text.split(separator: " ").map(String.init)
    let step = (range.upperBound - range.lowerBound) / Double(words.count)
    let timed = words.enumerated().map { index, word in
      let start = range.lowerBound + Double(index) * step
      return Utterance.Word(text: word, range: TimeRange(seconds: start...(start + step)), confidence: 0.9)
    }
    return .init(
      range: TimeRange(seconds: range),
      content: .speech(.init(text: text, words: timed, language: "en", confidence: 0.9, embedding: vector(text))))
  }

  static func heard(_ name: String, _ range: ClosedRange<Double>, score: Float = 0.9) -> Observation {
    .init(
      range: TimeRange(seconds: range),
      content: .sound(.init(name: name, score: score, embedding: score >= SoundEvent.clear ? vector(name) : nil)))
  }

  /// One frame a second that shows a thing.
  static func seen(_ name: String, _ seconds: Range<Int>) -> [Observation] {
    seconds.map { second in
      .init(
        range: TimeRange(seconds: Double(second)...Double(second + 1)),
        content: .frame(
          .init(
            grid: nil, pooled: Embedding(space: EmbeddingSpace("picture"), values: vector(name).values), textual: vector(name),
            tags: [.init(label: name, probability: 0.8)])))
    }
  }

  /// Writes the observations and opens what was written.
  ///
  /// - Parameter startedAt: the wall-clock time at which each began.
  static func snapshot(_ streams: [String: [Observation]], startedAt: Date? = nil) async throws -> MemorySnapshot {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reasoning-tests-\(UUID().uuidString)", isDirectory: true)
    let store = try MemoryStore(writing: folder)
    for (name, observations) in streams.sorted(by: { $0.key < $1.key }) {
      let stream = StreamID(name)
      _ = try await store.open(stream: stream, source: SourceDescription(path: name, fingerprint: name, startedAt: startedAt))
      let end = observations.map(\.range.end).max() ?? .zero
      try await store.commit(Batch(stream: stream, observations: observations, upTo: end, finished: true))
    }
    await store.close()
    return try MemorySnapshot.open(folder)
  }

  /// A day out: five things seen, a sign, a price that changes, two sentences, a sound.
  static let outing: [Observation] =
    seen("windmill", 0..<12) + seen("lobster", 12..<24) + seen("accordion", 24..<36) + seen("canoe", 36..<48) + seen("windmill", 48..<60)
    + [
      line("PIER 7", 13...19), line("SOUP 4.50 EUR", 26...31), line("SOUP 5.20 EUR", 50...55), line("MAYOR: Dr. Ines Albrecht", 38...44),
      said("The old bridge will stay closed until Thursday morning.", 14.5...18), said("Please feed the goats three times a day.", 40...43),
      heard("Church bell", 30...33),
    ]
}
