import Core

extension Reading {
  private static let early: Set<String> = ["first", "earlier", "earliest", "sooner", "before"]
  private static let late: Set<String> = ["last", "later", "latest", "after", "second"]

  /// "Did X come before or after Y?", "Which comes first, X or Y?". Whether it was such a question.
  mutating func readOrder(into plan: inout QuestionPlan) -> Bool {
    for (phrase, length) in [("before or after", 3), ("after or before", 3), ("earlier or later than", 4), ("later or earlier than", 4)] {
      guard let start = find(phrase), start > 0, start + length < words.count else { continue }
      let (left, right) = (Self.topic(Self.withoutLastVerb(words[..<start])), Self.topic(words[(start + length)...]))
      guard !left.isEmpty, !right.isEmpty else { continue }
      plan.kind = .order
      plan.orderForm = .beforeOrAfter
      plan.alternatives = [left, right]
      return true
    }
    guard let or = find("or"), or > 0, let cue = words.firstIndex(where: { Self.early.contains($0.text) || Self.late.contains($0.text) })
    else { return false }
    guard ["which", "what", "who", "do", "does", "did", "is", "was", "are", "were", "tell"].contains(at(0)) else { return false }
    let first: ArraySlice<Token>
    var second = words[(or + 1)...]
    if cue < or {
      let opening = breaks.filter { $0 > cue && $0 < or }.max() ?? (cue + 1)
      first = words[opening..<or]
    } else {
      let opening = breaks.filter { $0 > 0 && $0 < or }.max() ?? 0
      first = words[opening..<or]
      second = words[(or + 1)..<cue]
    }
    let (left, right) = (Self.topic(first), Self.topic(Self.withoutLastVerb(second)))
    guard !left.isEmpty, !right.isEmpty else { return false }
    plan.kind = .order
    plan.orderForm = Self.early.contains(at(cue)) ? .whichFirst : .whichLast
    plan.alternatives = [left, right]
    return true
  }

  /// "the siren sound", "the recipe read", "the light reactions discussed": the verb before "before or after" is not part of the thing.
  private static func withoutLastVerb(_ words: ArraySlice<Token>) -> ArraySlice<Token> {
    guard words.count > 2, let last = words.last else { return words }
    let verbs: Set<String> = [
      "come", "comes", "came", "shown", "show", "read", "discussed", "mentioned", "played", "heard", "seen", "sound", "sounds", "happen",
      "appear", "announced", "explained", "displayed", "start", "presented", "introduced", "covered", "said", "described",
    ]
    return verbs.contains(last.text) ? words.dropLast() : words
  }
}
