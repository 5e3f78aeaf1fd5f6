import Core

extension Answerer {
  /// "Is the flower before the cat?": whether it is so, of two things that are both there; nil when the question is no such one.
  func orderTold(_ kind: QuestionPlan.Relation.Kind, _ anchor: Candidate) async throws -> Finding? {
    guard kind == .before || kind == .after, !plan.topic.isEmpty else { return nil }
    let found = try await locate(plan.topic).filter {
      $0.score >= Certainty.threshold && !$0.range.overlaps(anchor.range) && limits?.overlaps($0.range) ?? true
    }
    // One of them on the side that is asked for is enough.
    guard let nearest = found.first else { return nil }
    let alike = Self.occurrences(like: nearest, among: found)
    let best = alike.first { ($0.range.start < anchor.range.start) == (kind == .before) } ?? nearest
    let isBefore = best.range.start < anchor.range.start
    let (one, other) = (Explanation.clock(best.range.start), Explanation.clock(anchor.range.start))
    let order = "\(one) is \(isBefore ? "before" : "after") \(other)"
    return Finding(
      text: (isBefore == (kind == .before) ? "yes: " : "no: ") + order, candidates: [best, anchor], score: min(best.score, anchor.score),
      support: 2)
  }

  /// "before" or "after", or the one that came first.
  func order() async throws -> Finding {
    guard plan.alternatives.count == 2 else { return try await direct() }
    var places: [Candidate] = []
    for topic in plan.alternatives {
      let found = try await locate(topic)
      guard let best = found.first, best.score >= Certainty.threshold else { return .nothing(lookedFor(topic), nearest: places + found) }
      places.append(best)
    }
    let (a, b) = (places[0], places[1])
    let earlier = a.range.start <= b.range.start ? 0 : 1
    let text: String
    switch plan.orderForm {
    case .beforeOrAfter: text = earlier == 0 ? "before" : "after"
    case .whichFirst: text = plan.alternatives[earlier].phrase
    case .whichLast, nil: text = plan.alternatives[1 - earlier].phrase
    }
    return Finding(text: text, candidates: places, score: min(a.score, b.score), support: 2)
  }
}
