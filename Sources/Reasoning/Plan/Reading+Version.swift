import Core

extension Reading {
  private static let changes: Set<String> = [
    "changed", "moved", "switched", "updated", "postponed", "raised", "lowered", "replaced", "corrected", "revised", "altered", "increased",
    "reduced", "rescheduled", "shifted", "change", "changes", "update", "move", "switch", "correction",
  ]

  /// "now", "originally", "before it was changed to 9": which of several values that replaced one another is meant.
  mutating func readVersion(into plan: inout QuestionPlan) {
    for before in words.indices where at(before) == "before" && before > 0 {
      guard let change = (before + 1..<min(words.count, before + 6)).first(where: { Self.changes.contains(at($0)) }) else { continue }
      let subject = words[(before + 1)..<change]
      guard subject.allSatisfy({ Vocabulary.stop.contains($0.text) }) else { continue }
      let target = at(change + 1) == "to" || at(change + 1) == "into" || at(change + 1) == "by" ? change + 2 : change + 1
      plan.version = .preceding(Self.topic(words[min(target, words.count)...]))
      return remove(before..<words.count)
    }
    let latest = [
      "right now", "at the moment", "at present", "most recently", "most recent", "in the end", "by the end", "now", "currently", "latest",
      "newest", "these days",
    ]
    let earliest = [
      "at first", "originally", "original", "initially", "initial", "in the beginning", "at the beginning", "to begin with", "at the start",
      "at the outset",
    ]
    if take(latest) {
      plan.version = .latest
    } else if take(earliest) {
      plan.version = .earliest
    } else if contains("used to") {
      plan.version = .earliest
    } else if plan.kind != .moment, contains("final") || contains("finally") {
      plan.version = .latest
    } else if let index = find("first"), index > 0, Self.isParticiple(at(index - 1)) || Self.isParticiple(at(index + 1)) {
      plan.version = .earliest
      remove(index..<(index + 1))
    } else if let index = find("last"), index > 0, Self.isParticiple(at(index - 1)) || Self.isParticiple(at(index + 1)) {
      plan.version = .latest
      remove(index..<(index + 1))
    }
  }

  /// "announced first", "first planned".
  private static func isParticiple(_ word: String) -> Bool {
    word.count > 4 && word.hasSuffix("ed") || ["shown", "seen", "given", "said", "told", "written", "set", "put"].contains(word)
  }

  /// "the first X", "for the last time", "the second X", "at the end".
  mutating func readOccurrence(into plan: inout QuestionPlan) {
    if take(["for the first time", "the first time"]) { return plan.occurrence = .first }
    if take(["for the last time", "the last time", "the final time"]) { return plan.occurrence = .last }
    if take(["at the end", "at the very end"]) { return plan.occurrence = .last }
    for index in words.indices {
      let name = at(index)
      guard ["the", "a", "its", "their", "his", "her", "thing", "comes", "came", "come"].contains(at(index - 1)) else { continue }
      if name == "last" || name == "final" || name == "closing" {
        guard !["night", "week", "year", "month"].contains(at(index + 1)) else { continue }
        plan.occurrence = .last
      } else if name == "very", ["first", "last"].contains(at(index + 1)) {
        plan.occurrence = at(index + 1) == "first" ? .first : .last
        return remove(index..<(index + 2))
      } else if name == "opening" {
        plan.occurrence = .first
      } else if let number = NumberWords.ordinals[name], index + 1 < words.count || number == 1 {
        plan.occurrence = number == 1 ? .first : .number(number)
      } else {
        continue
      }
      return remove(index..<(index + 1))
    }
  }
}
