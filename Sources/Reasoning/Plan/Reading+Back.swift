import Core

extension Reading {
  private static let references: [(phrase: String, kind: QuestionPlan.Relation.Kind)] = [
    ("after that", .after), ("after this", .after), ("after it", .after), ("afterwards", .after), ("before that", .before),
    ("before this", .before), ("before it", .before), ("beforehand", .before), ("at that time", .during), ("at that moment", .during),
    ("at that point", .during), ("meanwhile", .during),
  ]

  /// "What happens after that?", "and then?": a place relative to the answer before this question.
  mutating func readBack(into plan: inout QuestionPlan) {
    guard plan.relation == nil, plan.orderForm == nil, plan.version == nil else { return }
    for (phrase, kind) in Self.references {
      guard let start = find(phrase) else { continue }
      let end = start + phrase.split(separator: " ").count
      // "Before it closes" goes on; "before it" does not.
      guard end == words.count || breaks.contains(end) else { continue }
      remove(start..<end)
      return plan.refersBack = kind
    }
    let asked = original.map(\.text)
    if asked.contains("next") || asked.contains("then"),
      asked.allSatisfy({ ["next", "then", "what", "else"].contains($0) || Vocabulary.stop.contains($0) || Vocabulary.framing.contains($0) })
    {
      plan.refersBack = .after
    }
  }
}
