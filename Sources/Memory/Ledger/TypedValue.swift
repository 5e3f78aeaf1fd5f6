/// A value whose form says what it is: a price, the number of a thing, a score, a day, a time.
struct TypedValue: Sendable {
  /// Positions of the words that hold it.
  var words: Range<Int>
  var relation: String
  var value: String
  /// The thing whose number it is: "platform".
  var noun: String?

  /// The values in some words, in order of their places; each word counts once.
  ///
  /// - Parameter isLine: whether the words stand on a line, where "4.50" alone is a price and "GATE B" has a number.
  static func all(in words: [ClaimWord], isLine: Bool) -> [TypedValue] {
    var found: [TypedValue] = []
    var index = 0
    while index < words.count {
      guard
        let value = hours(words, index) ?? numbered(words, index, isLine) ?? price(words, index, isLine)
          ?? plain(words[index], index, isLine)
      else {
        index += 1
        continue
      }
      found.append(value)
      index = value.words.upperBound
    }
    // Of several numbers of things on one line the last is the value and the others name it.
    guard let last = found.lastIndex(where: { $0.noun != nil }) else { return found }
    return found.enumerated().filter { $0.offset == last || $0.element.noun == nil }.map(\.element)
  }

  private static func numbered(_ words: [ClaimWord], _ index: Int, _ isLine: Bool) -> TypedValue? {
    guard nouns.contains(words[index].text), !words[index].endsClause || isLine, index + 1 < words.count else { return nil }
    let skips = ["number", "no", "nr"].contains(words[index + 1].text) && index + 2 < words.count
    let code = words[index + (skips ? 2 : 1)]
    let isLetter = code.surface.count == 1 && code.surface.first?.isUppercase == true && code.surface != "I"
    guard
      code.hasDigit && code.text.count <= 6 && !code.text.contains(":") || isLetter && (isLine || code.surface != "A")
        || spelled.contains(code.text)
    else { return nil }
    return TypedValue(
      words: index..<(index + (skips ? 3 : 2)), relation: ClaimReader.number, value: spelledDigits[code.text] ?? code.surface,
      noun: words[index].text)
  }

  private static func price(_ words: [ClaimWord], _ index: Int, _ isLine: Bool) -> TypedValue? {
    let text = words[index].text
    guard words[index].hasDigit else { return nil }
    let amount = text.trimmingPrefix { "$€£".contains($0) }
    let bare = amount.prefix { $0.isNumber || $0 == "." || $0 == "," }
    let tail = amount.dropFirst(bare.count)
    guard !bare.isEmpty, tail.isEmpty || currencies.contains(String(tail)) else { return nil }
    let next = index + 1 < words.count ? words[index + 1].text : ""
    let isMarked = amount.count < text.count || !tail.isEmpty
    if currencies.contains(next), !isMarked {
      return TypedValue(
        words: index..<(index + 2), relation: ClaimReader.price, value: "\(words[index].surface) \(words[index + 1].surface)")
    }
    let cents = bare.split(whereSeparator: { ".,".contains($0) })
    guard isMarked || isLine && cents.count == 2 && cents[1].count == 2 else { return nil }
    return TypedValue(words: index..<(index + 1), relation: ClaimReader.price, value: words[index].surface)
  }

  /// "9:30 to 18:00", "9:30 - 18:00": from one time to another is one value.
  private static func hours(_ words: [ClaimWord], _ index: Int) -> TypedValue? {
    guard index + 1 < words.count, let from = plain(words[index], index, false) else { return nil }
    let isWritten = ["to", "until", "till"].contains(words[index + 1].text)
    let last = index + (isWritten ? 2 : 1)
    guard last < words.count, let to = plain(words[last], last, false), from.relation == to.relation,
      isWritten || from.relation == ClaimReader.time
    else { return nil }
    return TypedValue(
      words: index..<(last + 1), relation: from.relation, value: "\(words[index].surface) to \(words[last].surface)")
  }

  private static func plain(_ word: ClaimWord, _ index: Int, _ isLine: Bool) -> TypedValue? {
    if weekdays.contains(word.text) {
      return TypedValue(words: index..<(index + 1), relation: ClaimReader.day, value: word.surface)
    }
    func numbers(_ separators: String) -> [Int] { word.text.split(whereSeparator: { separators.contains($0) }).compactMap { Int($0) } }
    let digitsAndMarks = word.text.allSatisfy { $0.isNumber || ":-–".contains($0) }
    if digitsAndMarks, word.text.contains(":"), numbers(":").count == 2, numbers(":")[0] < 24, numbers(":")[1] < 60 {
      return TypedValue(words: index..<(index + 1), relation: ClaimReader.time, value: word.surface)
    }
    if isLine, digitsAndMarks, numbers("-–").count == 2, word.text.count <= 7, !word.text.contains(":") {
      return TypedValue(words: index..<(index + 1), relation: ClaimReader.score, value: word.surface)
    }
    return nil
  }

  private static func set(_ words: String) -> Set<String> { Set(words.split(whereSeparator: \.isWhitespace).map(String.init)) }
  static let changes = set("moved moves changed changes switched postponed rescheduled shifted raised lowered rises rose falls fell")
  /// What is measured off beside a price: "3.10 / KG".
  static let units = set("kg g per each piece litre liter l ml pound lb")
  private static let currencies = set("eur euro euros usd dollar dollars gbp pound pounds chf franc francs cents cent")
  private static let weekdays = set("monday tuesday wednesday thursday friday saturday sunday")
  private static let nouns = set(
    "platform gate room track terminal line bus flight floor level lane exit seat table counter pier dock hall stop bay lot zone channel tram"
  )
  private static let spelledDigits = [
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    "eleven": "11", "twelve": "12",
  ]
  private static let spelled = Set(spelledDigits.keys)
}
