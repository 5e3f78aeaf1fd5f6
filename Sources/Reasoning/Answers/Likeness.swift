import Core
import Foundation
import Memory

/// Something that was shown or played instead of asked for in words.
package enum Example: Sendable {
  /// A picture as a vector in the space of words, and its names, likeliest first.
  case picture(Embedding, [FrameFeatures.Tag])
  /// The names of what is to be heard, each with the highest score it was given.
  case sounds([String: Double])

  var modality: Modality {
    switch self {
    case .picture: .vision
    case .sounds: .sound
    }
  }
}

/// Finds what looks or sounds like an example.
struct Likeness: Sendable {
  let example: Example
  let evidence: StreamEvidence
  var within: TimeRange?
  private static let most = 12

  /// - Parameter name: what to call the example in a refusal.
  func find(named name: String) -> Finding {
    let found = candidates().filter { candidate in within.map { candidate.range.overlaps($0) } ?? true }.sorted { $0.score > $1.score }
    guard let best = found.first, best.score >= Certainty.threshold else {
      let verb = example.modality == .vision ? "looks" : "sounds"
      return .nothing("nothing in this memory \(verb) like \(name)", nearest: found)
    }
    return Finding(
      text: Quote(evidence: evidence).text(of: best, topic: .init(phrase: ""), slot: nil),
      candidates: found.filter { $0.score >= Certainty.mention }, score: best.score)
  }

  private func candidates() -> [Candidate] {
    switch example {
    case .picture(let vector, let tags): seen(vector, tags)
    case .sounds(let names): heard(names)
    }
  }

  /// Two views of one thing agree in their vectors, and in what they would be called.
  private func seen(_ example: Embedding, _ tags: [FrameFeatures.Tag]) -> [Candidate] {
    guard let track = evidence.track, track.space == example.space, track.dimensions == example.values.count else { return [] }
    let scores = FrameScores(
      FrameWindows(track.ranges, holes: evidence.holes), raw: VectorScan.cosines(rows: track.vectors, query: example.values))
    let all = tags.reduce(0) { $0 + Double($1.probability) }
    return scores.peaks(limit: Self.most).map { peak in
      let labels = Dictionary(evidence.labels(from: peak.range.start, to: peak.range.end).map { ($0.label, Double($0.probability)) }) {
        $0 + $1
      }
      let shared = tags.reduce(0) { $0 + min(Double($1.probability), labels[$1.label] ?? 0) } / max(all, 1e-6)
      return Candidate(
        stream: evidence.stream.id, modality: .vision, range: peak.range, score: 12 * (peak.score - 0.75) + 3 * (shared - 0.25),
        similarity: peak.score, coverage: shared, frames: peak.frames)
    }
  }

  /// The share of the example's names heard at a time; a name that is given all the time counts little.
  private func heard(_ names: [String: Double]) -> [Candidate] {
    let sounds = evidence.passages.indices.filter { evidence.passages[$0].item.modality == .sound }
    var lasting: [String: Double] = [:]
    for index in sounds { lasting[evidence.passages[index].item.text, default: 0] += evidence.passages[index].item.range.duration.seconds }
    let extent = max(1, evidence.stream.extent.duration.seconds)
    let weights = names.reduce(into: [String: Double]()) { $0[$1.key] = $1.value * log(1 + extent / (1 + (lasting[$1.key] ?? 0))) }
    let total = weights.values.reduce(0, +)
    guard total > 0 else { return [] }
    let pieces = sounds.compactMap { index -> (passage: Int, range: TimeRange, share: Double)? in
      let item = evidence.passages[index].item
      guard let weight = weights[item.text] else { return nil }
      let likely = min(1, Double(item.confidence) / max(0.1, names[item.text] ?? 1))
      return (passage: index, range: item.range, share: weight / total * likely)
    }
    return RelevanceOverTime(pieces.map { ($0.range, $0.share) }).peaks(limit: Self.most, fall: 0.5).map { peak in
      let most = pieces.filter { $0.range.overlaps(peak.range) }.max { $0.share < $1.share }
      return Candidate(
        stream: evidence.stream.id, modality: .sound, range: peak.range, score: 8 * (min(1, peak.value) - 0.45), similarity: peak.value,
        passage: most?.passage)
    }
  }
}
