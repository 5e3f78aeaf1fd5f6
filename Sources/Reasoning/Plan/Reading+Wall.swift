import Core

extension Reading {
  /// Hours in which a part of the day lies; a night begins before midnight.
  private static let partsOfDay: [String: ClosedRange<Double>] = [
    "morning": 5...12, "noon": 11...14, "afternoon": 12...18, "evening": 17...24, "night": 20...30,
  ]

  /// "yesterday evening", "this morning", "last night", "earlier today": a stretch of a day by the clock on the wall.
  mutating func readWall(into plan: inout QuestionPlan) {
    // "What does the special cost today?" asks for a value and sets no limit.
    guard [.moment, .fact, .person, .count, .list, .summary].contains(plan.kind) || plan.kind == .yesNo && asksOfThePast else { return }
    for index in words.indices {
      var days: Int?
      var length = 1
      var hours: ClosedRange<Double>?
      switch at(index) {
      case "yesterday":
        days = 1
        if index >= 3, at(index - 3) == "the", at(index - 2) == "day", at(index - 1) == "before" { days = 2 }
        hours = Self.partsOfDay[at(index + 1)]
        if hours != nil { length = 2 }
      case "last" where at(index + 1) == "night": (days, length, hours) = (1, 2, Self.partsOfDay["night"])
      case "this":
        hours = Self.partsOfDay[at(index + 1)]
        if hours != nil { (days, length) = (0, 2) }
      case "tonight" where asksOfThePast: (days, hours) = (0, Self.partsOfDay["night"])
      case "today" where asksOfThePast: days = 0
      default: continue
      }
      guard let days else { continue }
      let start = days == 2 ? index - 3 : ["earlier", "late", "early"].contains(at(index - 1)) ? index - 1 : index
      let words = self.words[start..<(index + length)].map(\.surface).joined(separator: " ")
      plan.wall = WallTime(daysAgo: days, from: (hours?.lowerBound ?? 0) * 3600, to: (hours?.upperBound ?? 24) * 3600, words: words)
      return remove(start..<(index + length))
    }
  }

  /// Whether what happened is asked for, and not what holds.
  private var asksOfThePast: Bool {
    original.contains { ["did", "was", "were", "happened", "said", "seen", "heard", "came", "had", "has", "have"].contains($0.text) }
  }

  /// "9 pm", "at half past nine in the evening" are left; "at 9 pm" becomes a time of day.
  ///
  /// - Returns: seconds since midnight, and the number of words it takes.
  func timeOfDay(at index: Int) -> (seconds: Double, count: Int)? {
    if at(index) == "noon" || at(index) == "midday" { return (12 * 3600, 1) }
    if at(index) == "midnight" { return (0, 1) }
    var text = at(index)
    var count = 1
    var half = ""
    for ending in ["am", "pm"] where text.hasSuffix(ending) && text.dropLast(2).allSatisfy({ $0.isNumber || $0 == ":" }) && text.count > 2 {
      (half, text) = (ending, String(text.dropLast(2)))
    }
    if half.isEmpty, ["am", "pm"].contains(at(index + 1)) { (half, count) = (at(index + 1), 2) }
    guard !half.isEmpty, words.indices.contains(index) else { return nil }
    let hour = NumberWords.value(of: Token(surface: text)).map { Double($0) * 3600 } ?? Self.clockSeconds(text).map { $0 * 60 }
    guard let hour, hour < 13 * 3600 else { return nil }
    let morning = hour >= 12 * 3600 ? hour - 12 * 3600 : hour
    return (half == "pm" ? morning + 12 * 3600 : morning, count)
  }
}
