/// Numbers written as words, for slots that want a number and for counting.
enum NumberWords {
  static let small: [String: Int] = {
    let units = [
      "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
      "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    return Dictionary(uniqueKeysWithValues: units.enumerated().map { ($1, $0) })
  }()
  static let tens: [String: Int] = [
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
  ]
  static let scales: [String: Int] = ["hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12]
  static let ordinals: [String: Int] = [
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
  ]
  static let frequencies: [String: Int] = ["once": 1, "twice": 2, "thrice": 3]

  /// Whether a word is or is part of a number, in digits or letters.
  static func isNumber(_ token: Token) -> Bool {
    token.hasDigit || small[token.text] != nil || tens[token.text] != nil || scales[token.text] != nil || frequencies[token.text] != nil
  }

  /// The value of a word that is a whole number by itself: "7", "seven", "twice".
  static func value(of token: Token) -> Int? {
    Int(token.text) ?? small[token.text] ?? tens[token.text] ?? frequencies[token.text]
  }
}
