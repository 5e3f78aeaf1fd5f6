import Foundation

/// Recognises in a text what a question wants to hear: a price, a day, the number of a platform.
enum SlotFiller {
  /// Whether the words hold something of the wanted kind.
  static func fills(_ slot: QuestionPlan.Slot, _ words: [Token]) -> Bool {
    switch slot {
    case .identifier(let noun):
      guard words.contains(where: { NumberWords.isNumber($0) || isCode($0) }) else { return false }
      return noun.isEmpty || Spelling.contains(Set(words.map(\.stem)), noun)
    case .price:
      return words.contains { $0.hasDigit && $0.text.contains(".") } || hasNumber(words, before: Vocabulary.currencies)
    case .duration: return hasNumber(words, before: Vocabulary.durationUnits)
    case .clock:
      return words.contains { isClock($0) || isDay($0) } || hasNumber(words, before: ["am", "pm", "o", "oclock"])
        || words.contains { $0.text == "past" || $0.text == "quarter" }
    case .date: return words.contains { Vocabulary.months.contains($0.text) || isDate($0) || isDay($0) }
    case .weekday: return words.contains(where: isDay)
    case .person: return words.contains(where: isHonorific) || hasName(words)
    case .quantity: return words.contains(where: NumberWords.isNumber)
    }
  }

  static func isClock(_ token: Token) -> Bool { token.text.contains(":") && Reading.clockSeconds(token.text) != nil }

  private static func isDay(_ token: Token) -> Bool {
    Vocabulary.weekdays.contains(token.text) || ["today", "tomorrow", "tonight", "noon", "midnight"].contains(token.text)
  }

  private static func isDate(_ token: Token) -> Bool {
    let parts = token.text.split(whereSeparator: { "-/.".contains($0) })
    return parts.count >= 2 && parts.count <= 3 && parts.allSatisfy { $0.allSatisfy(\.isNumber) }
      && token.text.contains(where: { "-/".contains($0) })
      || parts.count == 1 && token.text.count == 4 && (Int(token.text).map { (1000...2200).contains($0) } ?? false)
  }

  /// "B17", "4711".
  private static func isCode(_ token: Token) -> Bool { token.hasDigit }

  private static func isHonorific(_ token: Token) -> Bool {
    ["dr", "prof", "professor", "mr", "mrs", "ms", "sir", "captain"].contains(token.text)
  }

  /// A word with a capital inside a sentence, or a line of capitalised words.
  private static func hasName(_ words: [Token]) -> Bool {
    guard !words.contains(where: \.hasDigit) else { return false }
    return words.dropFirst().contains { $0.surface.first?.isUppercase == true && !Vocabulary.stop.contains($0.text) && $0.text.count > 2 }
  }

  private static func hasNumber(_ words: [Token], before units: Set<String>) -> Bool {
    words.indices.contains { index in
      guard NumberWords.isNumber(words[index]) else { return units.contains(words[index].text) && words[index].hasDigit }
      if let letters = words[index].text.firstIndex(where: \.isLetter), words[index].hasDigit,
        units.contains(String(words[index].text[letters...]))
      {
        return true
      }
      return words[(index + 1)..<min(words.count, index + 3)].contains { units.contains($0.text) }
    }
  }
}
