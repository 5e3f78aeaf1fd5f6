import Core

extension Answerer {
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
