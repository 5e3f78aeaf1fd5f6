import Core

extension Reading {
  /// Seconds of a clock word: "3:20" is 200, "1:03:20" is 3800; nil when it is not one.
  static func clockSeconds(_ text: String) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.count <= 2 }) else { return nil }
    let numbers = parts.compactMap { Double($0) }
    guard numbers.count == parts.count, numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
    return numbers.reduce(0) { $0 * 60 + $1 }
  }

  /// Whether what is there is asked for: "is there a dog at 3:20".
  private var asksOfAMoment: Bool {
    original.contains { word in
      Vocabulary.seen.contains(word.text) || Vocabulary.heard.contains(word.text)
        || ["there", "anything", "anybody", "anyone", "somebody", "someone", "happen", "happening", "said"].contains(word.text)
    }
  }

  /// "14:05" may be a time of day, "75:05" and "1:03:20" may not.
  private static func isHoursAndMinutes(_ text: String) -> Bool {
    let parts = text.split(separator: ":")
    return parts.count == 2 && (Int(parts[0]) ?? 99) < 24
  }

  /// A time of day as a clock with seconds shows it, which is never taken for minutes and seconds.
  private static func dayClock(_ seconds: Double) -> String {
    let minutes = Int(seconds / 60)
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return "\(two(minutes / 60)):\(two(minutes % 60)):00"
  }

  /// A length of time that begins at a position, and how many words it takes: "two minutes", "90 seconds", "half an hour".
  func duration(at index: Int) -> (seconds: Double, count: Int)? {
    func unit(_ word: String) -> Double? {
      switch word {
      case "second", "seconds", "sec", "secs", "s": 1
      case "minute", "minutes", "min", "mins": 60
      case "hour", "hours", "hr", "hrs", "h": 3600
      default: nil
      }
    }
    if at(index) == "half", ["a", "an"].contains(at(index + 1)), let size = unit(at(index + 2)) { return (size / 2, 3) }
    if ["a", "an"].contains(at(index)), let size = unit(at(index + 1)) { return (size, 2) }
    if at(index) == "couple", at(index + 1) == "of", let size = unit(at(index + 2)) { return (2 * size, 3) }
    guard words.indices.contains(index) else { return unit(at(index)).map { ($0, 1) } }
    if let number = NumberWords.value(of: words[index]) ?? Int(at(index)), let size = unit(at(index + 1)) {
      return (Double(number) * size, 2)
    }
    return nil
  }

  /// "at 14:05": a point on the stream's clock, and at the same time words that may stand in the picture.
  mutating func readClock(into plan: inout QuestionPlan) {
    if [.moment, .fact, .person, .list, .summary].contains(plan.kind) {
      for index in words.indices where ["at", "around", "about"].contains(at(index)) {
        guard let time = timeOfDay(at: index + 1) else { continue }
        plan.clockText = Self.dayClock(time.seconds)
        return remove(index..<(index + 1 + time.count))
      }
    }
    guard words.contains(where: { Self.clockSeconds($0.text) != nil }) else { return }
    _ = take([
      "on the camera clock", "on the clock", "on the camera", "by the clock", "according to the clock", "camera clock", "on the timestamp",
      "o clock",
      "in the overlay",
    ])
    for index in words.indices {
      guard let seconds = Self.clockSeconds(at(index)) else { continue }
      let before = at(index - 1)
      if before == "between" || before == "from", ["and", "to", "until"].contains(at(index + 1)), let end = Self.clockSeconds(at(index + 2))
      {
        let isClock = [at(index), at(index + 2)].allSatisfy(Self.isHoursAndMinutes)
        plan.time = .init(from: min(seconds, end), to: max(seconds, end), isClock: isClock)
        return remove((index - 1)..<(index + 3))
      }
      switch before {
      case "after", "since", "from", "past": plan.time = .init(from: seconds, isClock: Self.isHoursAndMinutes(at(index)))
      case "before", "until", "till": plan.time = .init(to: seconds, isClock: Self.isHoursAndMinutes(at(index)))
      case "at", "around", "about", "near", "by":
        // "Is lunch at 12:30?" asks whether that is so and not what was there then.
        if plan.kind == .yesNo, !asksOfAMoment { continue }
        plan.clockText = at(index)
      default: continue
      }
      return remove((index - 1)..<(index + 1))
    }
  }

  /// "in the first two minutes", "after five minutes", "ten minutes ago", "in the last half".
  mutating func readTime(into plan: inout QuestionPlan) {
    for index in words.indices {
      if let length = duration(at: index), at(index + length.count) == "ago" {
        let slack = max(2, length.seconds * 0.1)
        plan.time = .init(from: length.seconds + slack, to: length.seconds - slack, countsFromQuestion: true)
        return remove(index..<(index + length.count + 1))
      }
      if ["first", "opening", "last", "past", "final", "closing", "previous"].contains(at(index)) {
        let fromStart = ["first", "opening"].contains(at(index))
        var length = duration(at: index + 1)
        if length == nil, at(index + 1) == "minute" { length = (60, 1) }
        if length == nil, at(index + 1) == "hour" { length = (3600, 1) }
        if let length {
          plan.time = fromStart ? .init(to: length.seconds) : .init(from: length.seconds, countsFromEnd: true)
          let start = at(index - 1) == "the" ? index - 1 : index
          let head = ["in", "during", "within", "of"].contains(at(start - 1)) ? start - 1 : start
          return remove(head..<(index + 1 + length.count))
        }
      }
      if ["after", "within", "before"].contains(at(index)), let length = duration(at: index + 1) {
        let following = at(index + 1 + length.count)
        guard following.isEmpty || breaks.contains(index + 1 + length.count) || Vocabulary.stop.contains(following) else { continue }
        plan.time = at(index) == "after" ? .init(from: length.seconds) : .init(to: length.seconds)
        return remove(index..<(index + 1 + length.count))
      }
      if at(index) == "at", let length = duration(at: index + 1) {
        plan.time = .init(from: length.seconds - 2, to: length.seconds + 2)
        return remove(index..<(index + 1 + length.count))
      }
    }
  }
}
