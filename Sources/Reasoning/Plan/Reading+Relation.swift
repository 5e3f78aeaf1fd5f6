import Core

extension Reading {
  private static let nearness: Set<String> = ["right", "just", "immediately", "directly", "shortly", "soon", "straight", "next"]

  /// "What is shown right after X", "While X, what was visible?", "What follows X", "between X and Y". Takes the anchor out of the words.
  mutating func readRelation(into plan: inout QuestionPlan) {
    guard words.count > 2 else { return }
    if readLeadingRelation(into: &plan) { return }
    for index in 1..<(words.count - 1) {
      guard let found = connective(at: index) else { continue }
      let end = found.end
      let limit = clauseEnd(after: end)
      let anchors: [QuestionPlan.Topic]
      if found.kind == .between {
        guard let and = find("and", from: end), and < limit else { continue }
        anchors = [Self.topic(words[end..<and]), Self.topic(words[(and + 1)..<limit])]
      } else {
        anchors = [Self.topic(words[end..<limit])]
      }
      guard anchors.allSatisfy({ !$0.isEmpty }) else { continue }
      plan.relation = .init(found.kind, anchors)
      // A clause after the anchor is the real question: "What happened between A and B: which price was displayed?"
      if limit < words.count { remove(0..<limit) } else { remove(found.start..<limit) }
      return
    }
  }

  /// "After X, what is shown?"
  private mutating func readLeadingRelation(into plan: inout QuestionPlan) -> Bool {
    let starts = Self.nearness.contains(at(0)) ? 1 : 0
    guard let kind = Self.kinds[at(starts)] ?? (at(starts) == "when" || at(starts) == "as" ? .during : nil) else { return false }
    let end = clauseEnd(after: starts)
    guard end < words.count, ["what", "which", "who", "is", "was", "do", "does", "did", "how", "are", "where"].contains(at(end)) else {
      return false
    }
    let anchor = Self.topic(words[(starts + 1)..<end])
    guard !anchor.isEmpty else { return false }
    plan.relation = .init(kind, [anchor])
    remove(0..<end)
    plan.kind = kind == .during && plan.kind == .moment ? self.kind() : self.kind()
    return true
  }

  /// What stands on a sign.
  private static let writings: Set<String> = [
    "word", "words", "text", "line", "number", "letters", "written", "read", "stands", "name", "other", "else",
  ]

  private static let kinds: [String: QuestionPlan.Relation.Kind] = [
    "after": .after, "following": .after, "before": .before, "preceding": .before, "while": .during, "during": .during, "whilst": .during,
    "between": .between,
  ]

  /// A word that ties the question to something else, with the adverb in front of it and the filler behind it.
  private func connective(at index: Int) -> (kind: QuestionPlan.Relation.Kind, start: Int, end: Int)? {
    let asksWhat = ["what", "which", "who", "whose", "how"].contains(at(0))
    let start = Self.nearness.contains(at(index - 1)) && index > 1 ? index - 1 : index
    switch at(index) {
    case "after", "before", "while", "during", "whilst":
      guard let kind = Self.kinds[at(index)] else { return nil }
      return (kind, start, index + 1)
    case "following", "preceding": return Self.kinds[at(index)].map { ($0, start, index + 1) }
    case "between" where asksWhat: return (.between, start, index + 1)
    case "when", "as": return asksWhat ? (.during, start, index + 1) : nil
    case "follows", "followed", "succeeds", "succeeded": return (.after, index, at(index + 1) == "by" ? index + 2 : index + 1)
    case "precedes", "preceded": return (.before, index, index + 1)
    case "with", "beside", "alongside", "below", "under", "beneath", "above", "near", "next":
      guard asksWhat, words[..<index].contains(where: { Self.writings.contains($0.text) }),
        words[..<index].allSatisfy({
          Self.writings.contains($0.text) || Vocabulary.stop.contains($0.text) || Vocabulary.framing.contains($0.text)
        })
      else { return nil }
      return (.beside, index, at(index) == "next" ? index + 2 : index + 1)
    case "prior" where at(index + 1) == "to": return (.before, start, index + 2)
    case "same" where at(index + 1) == "time" && at(index + 2) == "as": return (.during, max(0, index - 2), index + 3)
    default: return nil
    }
  }
}
