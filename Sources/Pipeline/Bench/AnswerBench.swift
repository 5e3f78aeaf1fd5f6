import Core
import Foundation
import Memory
import Reasoning

/// What can be answered from made-up talks whose truth is known, beside the most similar thing that was read or said.
///
/// *Source* five abilities and altered numbers: LongMemEval, Giraffe; one and several spans by length: M4LE; by position: LIConBench; order by distance:
/// SORT; lists: "Characterizing Verbatim Short-Term Memory".
package struct AnswerBench: Sendable {
  private let space: EmbeddingSpace
  private let encode: Reasoner.Encoder

  /// - Parameter encode: the sentence model. Every text is encoded once.
  package init(space: EmbeddingSpace, encode: @escaping Reasoner.Encoder) {
    let known = KnownTexts(encode: encode)
    self.space = space
    self.encode = { try await known.embedding(of: $0) }
  }

  static let stream = StreamID("talk")

  /// *Units* minutes.
  package static let lengths = [1, 5, 15, 60, 240]

  /// - Parameters:
  ///   - talks: how many, each with its own seed.
  ///   - progress: told how many talks are done.
  package func report(talks: Int, lengths: [Int] = lengths, progress: @Sendable (Int) -> Void = { _ in }) async throws -> AnswerReport {
    var report = AnswerReport(talks: talks, lengths: lengths, replies: [], lists: [])
    for talk in 1...max(1, talks) {
      let seed = UInt64(talk)
      for (version, numbers) in [("as told", seed &+ 100), ("other numbers", seed &+ 200)] {
        report.replies += try await replies(to: .abilities(seed: seed, numbers: numbers), talk, version, minutes: nil)
      }
      for minutes in lengths {
        report.replies += try await replies(to: .spans(minutes: minutes, seed: seed), talk, "as told", minutes: minutes)
      }
      report.lists += try await ListProbe(space: space, encode: encode).trials(seed: seed)
      progress(talk)
    }
    return report
  }

  private func replies(to script: TalkScript, _ talk: Int, _ version: String, minutes: Int?) async throws -> [AnswerReport.Reply] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talk-\(UUID().uuidString)", isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var observations: [Observation] = []
    for told in script.told { observations.append(try await Self.observation(told, encode)) }
    let store = try MemoryStore(writing: folder)
    _ = try await store.open(stream: Self.stream, source: SourceDescription(path: "talk", fingerprint: "talk", hasVideo: false))
    try await store.commit(Batch(stream: Self.stream, observations: observations, upTo: MediaTime(seconds: script.seconds), finished: true))
    await store.close()
    let snapshot = try MemorySnapshot.open(folder)
    let reasoner = Reasoner(snapshot: snapshot, encoders: [space: encode])
    var replies: [AnswerReport.Reply] = []
    for asked in script.asked {
      let answer = try await reasoner.answer(Question(text: asked.question))
      let nearest = try snapshot.nearest(to: try await encode(asked.question), limit: 1).first
      replies.append(
        AnswerReport.Reply(
          talk: talk, probe: asked.probe, version: version, minutes: minutes, place: asked.place,
          right: answer.abstained ? 0 : asked.truth.share(answer.text ?? "", answer.moments.map(\.range)), abstained: answer.abstained,
          nearestRight: nearest.map { asked.truth.share($0.item.text, [$0.item.range]) } ?? 0, nearestCosine: nearest?.cosine ?? -1))
    }
    return replies
  }

  static func observation(_ told: TalkScript.Told, _ encode: Reasoner.Encoder) async throws -> Observation {
    let (range, vector) = (TimeRange(seconds: told.range), try await encode(told.text))
    return Observation(
      range: range,
      content: told.isLine
        ? .text(TextLine(text: told.text, box: .init(x: 0.1, y: 0.1, width: 0.5, height: 0.1), confidence: 0.95, embedding: vector))
        : .speech(Utterance(text: told.text, words: [], language: "en", confidence: 0.95, embedding: vector)))
  }
}

extension TalkScript.Truth {
  /// 0...1: how much of it an answer has.
  func share(_ text: String, _ moments: [TimeRange]) -> Double {
    switch self {
    case .says(let all, let none):
      let words = Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
      func holds(_ part: String) -> Bool {
        part.lowercased().split { !$0.isLetter && !$0.isNumber }.allSatisfy { words.contains(String($0)) }
      }
      return all.allSatisfy(holds) && !none.contains(where: holds) ? 1 : 0
    case .happened(let truths):
      let found = truths.filter { truth in moments.prefix(5).contains { $0.overlaps(TimeRange(seconds: truth)) } }
      return truths.isEmpty ? 0 : Double(found.count) / Double(truths.count)
    case .unknown: return 0
    }
  }
}

/// Vectors of texts that were encoded before.
private actor KnownTexts {
  private let encode: Reasoner.Encoder
  private var known: [String: Embedding] = [:]

  init(encode: @escaping Reasoner.Encoder) { self.encode = encode }

  func embedding(of text: String) async throws -> Embedding {
    if let vector = known[text] { return vector }
    let vector = try await encode(text)
    known[text] = vector
    return vector
  }
}
