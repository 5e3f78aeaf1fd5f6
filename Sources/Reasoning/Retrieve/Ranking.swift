import Core
import Memory

/// One order over everything that was found, whatever sense it came by: calibrated scores, shifted by the cues of the question, limited by
/// its constraints.
struct Ranking: Sendable {
  let plan: QuestionPlan
  /// What a filled slot is worth, and what a missing one costs.
  static let slotBonus = 1.5

  /// Everything in one stream that fits a topic, best first.
  ///
  /// - Parameter own: whether the topic is the question's own, so that its cues, slot and whole wording count.
  func candidates(for topic: QuestionPlan.Topic, in retriever: Retriever, own: Bool, within: TimeRange? = nil) async throws -> [Candidate] {
    var found = try await retriever.told(topic, text: own ? plan.text : nil, limit: 40)
    found += try await retriever.seen(topic, limit: 24)
    let evidence = retriever.evidence
    for index in found.indices {
      var candidate = found[index]
      if own {
        candidate.score += plan.senses[candidate.modality] ?? 0
        if let slot = plan.slot, let passage = candidate.passage {
          candidate.score += fills(slot, passage, evidence) ? Self.slotBonus : -Self.slotBonus / 2
        }
      } else {
        candidate.score += Self.cues(in: topic)[candidate.modality] ?? 0
      }
      found[index] = candidate
    }
    if own, let only = plan.onlySense { found.removeAll { $0.modality != only } }
    if let within { found.removeAll { !$0.range.overlaps(within) } }
    if own { found = try await without(plan.excluded, found, retriever) }
    return found.sorted { ($0.score, $1.range.start) > ($1.score, $0.range.start) }
  }

  private func fills(_ slot: QuestionPlan.Slot, _ index: Int, _ evidence: StreamEvidence) -> Bool {
    let passage = evidence.passages[index]
    if SlotFiller.fills(slot, passage.words) { return true }
    return passage.sign.contains { SlotFiller.fills(slot, evidence.passages[$0].words + passage.words) }
  }

  /// Cues in an anchor: "the sign", "the bark".
  static func cues(in topic: QuestionPlan.Topic) -> [Modality: Double] {
    var weights: [Modality: Double] = [:]
    let words = Token.words(of: topic.phrase)
    if words.contains(where: { Vocabulary.read.contains($0.text) }) { weights[.text] = 1 }
    if words.contains(where: { Vocabulary.said.contains($0.text) }) { weights[.speech] = 1 }
    if words.contains(where: { Vocabulary.soundStems.contains($0.stem) || Vocabulary.heard.contains($0.text) }) { weights[.sound] = 2 }
    return weights
  }

  /// A word of an excluded topic rules a passage out; what looks more like the excluded thing than like chance loses by as much.
  private func without(_ excluded: [QuestionPlan.Topic], _ found: [Candidate], _ retriever: Retriever) async throws -> [Candidate] {
    guard !excluded.isEmpty else { return found }
    var kept = found
    for topic in excluded {
      let stems = Set(topic.stems)
      kept.removeAll { candidate in candidate.passage.map { !retriever.evidence.passages[$0].stems.isDisjoint(with: stems) } ?? false }
      guard let scores = try await retriever.frameScores(for: topic) else { continue }
      for index in kept.indices {
        guard let frames = kept[index].frames, let best = scores.values[frames].max() else { continue }
        kept[index].score -= max(0, retriever.standardised(best, .vision))
      }
    }
    return kept
  }
}
