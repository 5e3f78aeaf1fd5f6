import Core
import Memory

extension Answerer {
  /// A number: one that was written or said, if a passage about the topic holds one; else how often the thing occurs.
  func count() async throws -> Finding {
    let found = try await ranking.candidates(for: plan.topic, in: retriever, own: true, within: limits)
    guard let best = found.first, best.score >= Certainty.threshold else { return .nothing(lookedFor(plan.topic), nearest: found) }
    if let stated = found.first(where: { stated($0, than: best) }) {
      let text = quote.text(of: stated, topic: plan.topic, slot: .quantity)
      return Finding(text: text, candidates: [stated] + found.filter { $0 != stated }, score: stated.score)
    }
    let alike = Moments.distinct(
      found.filter { $0.modality == best.modality && $0.score >= max(Certainty.threshold, best.score - 2) }, limit: 64)
    let ranges = Moments.merged(alike.map(\.range), gap: 3)
    return Finding(text: String(ranges.count), candidates: alike, score: best.score)
  }

  /// Whether a passage states a number for what is asked: most of the topic's words, and a number that is not one of them.
  private func stated(_ candidate: Candidate, than best: Candidate) -> Bool {
    guard let index = candidate.passage, candidate.coverage >= 0.5, candidate.score >= best.score - 3 else { return false }
    let wanted = Set(plan.topic.stems)
    let passage = evidence.passages[index]
    return passage.item.modality != .sound && passage.words.contains { NumberWords.isNumber($0) && !wanted.contains($0.stem) }
  }
}
