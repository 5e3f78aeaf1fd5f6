import Core

extension Reading {
  /// "Is it day or night?", "Is the train on platform 3 or 5?": of two things the one that is the case. Whether it was such a question.
  mutating func readChoice(into plan: inout QuestionPlan) -> Bool {
    guard let or = words.lastIndex(where: { $0.text == "or" }), or > 1, or + 1 < words.count, at(or + 1) != "not",
      Self.askWhether.contains(at(0)) || ["what", "which"].contains(at(0)) && breaks.contains(where: { $0 > 1 && $0 < or })
    else { return false }
    func content(_ range: Range<Int>) -> [Token] {
      var kept = Array(words[range].drop { Vocabulary.stop.contains($0.text) && !$0.hasDigit })
      while let last = kept.last, Vocabulary.stop.contains(last.text) || Vocabulary.framing.contains(last.text) { kept.removeLast() }
      return kept
    }
    let end = clauseEnd(after: or)
    let second = content((or + 1)..<end)
    let opening = breaks.filter { $0 > 0 && $0 < or }.max() ?? 1
    let before = content(opening..<or)
    guard !second.isEmpty, !before.isEmpty else { return false }
    // What both are about stands in front of the first: "the bus | red or blue".
    let own = min(second.count, before.count)
    var about = Array(before.dropLast(own))
    if opening > 1 { about = content(1..<opening) + about }
    while let last = about.last, Vocabulary.stop.contains(last.text) { about.removeLast() }
    plan.kind = .fact
    plan.choice = .init(phrase: about.map(\.surface).joined(separator: " "))
    plan.alternatives = [Array(before.suffix(own)), second].map { .init(phrase: $0.map(\.surface).joined(separator: " ")) }
    guard plan.alternatives.allSatisfy({ !$0.isEmpty }) else {
      (plan.choice, plan.alternatives) = (nil, [])
      return false
    }
    words = words.indices.filter { $0 < or - own || $0 >= end }.map { words[$0] }
    return true
  }
  private static let askWhether: Set<String> = ["is", "are", "was", "were", "does", "do", "did", "has", "have", "will"]
}
