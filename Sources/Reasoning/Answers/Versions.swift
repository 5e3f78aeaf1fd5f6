import Core
import Memory

/// Values that replaced one another: lines or sentences with the same words and another value. Which one is meant is the question's choice;
/// without one it is the latest.
struct Versions: Sendable {
  let plan: QuestionPlan
  let evidence: StreamEvidence

  /// The version of the best candidate that the question means; nil when it has only one or the question has nothing to choose.
  func choose(among found: [Candidate]) -> Candidate? {
    guard let best = found.first, best.passage != nil else { return nil }
    let changed = plan.kind == .moment && asksForChange
    guard plan.version != nil || changed || [.fact, .person, .value, .count].contains(plan.kind) else { return nil }
    let versions = clusters(of: found.filter { isVersion($0, of: best) })
    guard versions.count > 1 else { return versions.first.flatMap { $0 == best ? nil : $0 } }
    if changed { return versions[1] }
    switch plan.version {
    case .earliest: return versions.first
    case .latest, nil: return versions.last
    case .preceding(let value):
      let wanted = Set(value.stems)
      let change = versions.lastIndex { $0.passage.map { !wanted.isDisjoint(with: words(of: $0)) } ?? false }
      if let change { return versions[max(0, change - 1)] }
      return versions[versions.count - 2]
    }
  }

  private func fills(_ slot: QuestionPlan.Slot, _ index: Int) -> Bool {
    ([index] + evidence.passages[index].sign).contains { SlotFiller.fills(slot, evidence.passages[$0].words) }
  }

  var asksForChange: Bool { Token.words(of: plan.topic.phrase).contains { Self.changes.contains($0.stem) } }
  static let changes: Set<String> = Set(
    [
      "change", "move", "switch", "update", "correct", "postpone", "reschedule", "expensive", "cheaper", "dearer", "increase", "decrease",
      "raise", "lower", "reduce", "revise", "replace",
    ].map { Stem.of($0) })

  /// Whether a candidate says the same as the best one, perhaps of another value: the same words, or as many of the topic's words and
  /// the slot filled.
  private func isVersion(_ candidate: Candidate, of best: Candidate) -> Bool {
    guard let index = candidate.passage, let first = best.passage else { return false }
    if index == first { return true }
    if candidate.modality != best.modality { return isTold(index) && isTold(first) }
    if let slot = plan.slot, fills(slot, first), !fills(slot, index) { return false }
    if candidate.score >= best.score - 2.5, sameKey(index, first) { return true }
    guard candidate.coverage >= 0.85 * best.coverage, best.coverage >= 0.15, candidate.similarity >= 0.5 * best.similarity else {
      return false
    }
    return plan.version != nil || plan.slot.map { SlotFiller.fills($0, evidence.passages[index].words) } ?? asksForChange
  }

  /// Whether a passage gives a value to the very thing that is asked for: what a sign said first may be said aloud when it changes.
  private func isTold(_ index: Int) -> Bool {
    guard let slot = plan.slot, [.text, .speech].contains(evidence.passages[index].item.modality) else { return false }
    let things = plan.topic.stems.filter { !Vocabulary.values.contains($0) }
    let words = words(of: index)
    return !things.isEmpty && fills(slot, index) && things.allSatisfy { Spelling.contains(words, $0) }
  }

  /// One candidate per value, in order of time: readings of one line that follow each other closely are one reading, and the best of
  /// them speaks for it.
  private func clusters(of alike: [Candidate]) -> [Candidate] {
    var clusters: [[Candidate]] = []
    for candidate in alike.sorted(by: { $0.range.start < $1.range.start }) {
      if let last = clusters.last?.last, candidate.modality == .text, last.modality == .text,
        (candidate.range.start - last.range.end).seconds < Self.rereadSeconds
      {
        clusters[clusters.count - 1].append(candidate)
      } else {
        clusters.append([candidate])
      }
    }
    return clusters.compactMap { cluster in
      guard var chosen = cluster.max(by: { quality($0) < quality($1) }) else { return nil }
      for candidate in cluster { chosen.range = chosen.range.union(candidate.range) }
      return chosen
    }
  }

  /// A line is read anew after an interruption shorter than this and is still the same line.
  static let rereadSeconds = 5.0

  private func quality(_ candidate: Candidate) -> Double {
    guard let index = candidate.passage else { return 0 }
    let passage = evidence.passages[index]
    let filled = plan.slot.map { slot in ([index] + passage.sign).contains { SlotFiller.fills(slot, evidence.passages[$0].words) } } ?? true
    return Double(passage.item.confidence) + (filled ? 1 : 0) + 0.01 * passage.item.range.duration.seconds
  }

  private func words(of index: Int) -> Set<String> {
    let passage = evidence.passages[index]
    return passage.sign.reduce(into: passage.stems) { $0.formUnion(evidence.passages[$1].stems) }
  }

  /// Whether two passages say the same of different values: their words without numbers are alike.
  func sameKey(_ a: Int, _ b: Int) -> Bool {
    func key(_ index: Int) -> Set<String> {
      Set(
        evidence.passages[index].words.filter { !NumberWords.isNumber($0) && $0.text.count > 2 && !Vocabulary.weekdays.contains($0.text) }
          .map(\.stem))
    }
    let (left, right) = (key(a), key(b))
    guard !left.isEmpty, !right.isEmpty else { return false }
    return Double(left.intersection(right).count) >= 0.5 * Double(left.union(right).count)
  }
}
