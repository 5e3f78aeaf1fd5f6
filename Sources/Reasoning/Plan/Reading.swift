import Core

/// The words of a question while it is being read. Each rule takes out the words it has understood; what is left is the topic.
struct Reading {
  var words: [Token]
  /// Positions in `words` in front of which there was a comma, colon or full stop.
  var breaks: Set<Int>
  let endsWithQuestionMark: Bool
  /// The words as they were before any rule took some out.
  let original: [Token]

  init(_ text: String) {
    var words: [Token] = []
    var breaks: Set<Int> = []
    var clause = ""
    let characters = Array(text)
    func close() {
      words += Token.words(of: clause)
      clause = ""
      breaks.insert(words.count)
    }
    for (index, character) in characters.enumerated() {
      let next = index + 1 < characters.count ? characters[index + 1] : " "
      if ",:;?!.()".contains(character), !next.isNumber { close() } else { clause.append(character) }
    }
    close()
    self.words = words
    self.breaks = breaks
    original = words
    endsWithQuestionMark = text.last == "?"
  }

  /// The word at a position; empty outside.
  func at(_ index: Int) -> String { words.indices.contains(index) ? words[index].text : "" }

  func contains(_ phrase: String) -> Bool { find(phrase) != nil }

  /// Where a phrase begins, as whole words.
  func find(_ phrase: String, from start: Int = 0) -> Int? {
    let parts = phrase.split(separator: " ")
    guard parts.count <= words.count, start <= words.count - parts.count else { return nil }
    return (start...(words.count - parts.count)).first { at in zip(parts, words[at...]).allSatisfy { $0 == $1.text } }
  }

  /// Takes words out; later breaks move with their words.
  mutating func remove(_ range: Range<Int>) {
    words.removeSubrange(range)
    breaks = Set(breaks.map { $0 < range.lowerBound ? $0 : max(range.lowerBound, $0 - range.count) })
  }

  /// Takes out every phrase of a list that is there; whether any was.
  mutating func take(_ phrases: [String]) -> Bool {
    var found = false
    for phrase in phrases {
      while let start = find(phrase) {
        remove(start..<(start + phrase.split(separator: " ").count))
        found = true
      }
    }
    return found
  }

  /// The first break after a position, or the end.
  func clauseEnd(after index: Int) -> Int { breaks.filter { $0 > index && $0 <= words.count }.min() ?? words.count }

  /// A stretch of words as a topic: framing cut from both ends.
  static func topic(_ words: some Collection<Token>) -> QuestionPlan.Topic {
    func frames(_ token: Token) -> Bool {
      !token.hasDigit
        && (Vocabulary.stop.contains(token.text) || Vocabulary.framing.contains(token.text) || Vocabulary.heard.contains(token.text))
    }
    var rest = words.drop(while: frames)
    var kept = Array(rest)
    while let last = kept.last, frames(last) { kept.removeLast() }
    rest = words.drop { _ in true }
    return .init(phrase: kept.map(\.surface).joined(separator: " "))
  }
}
