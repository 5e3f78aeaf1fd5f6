import Foundation

/// A word of a question or of a remembered text, in the form in which words are compared.
package struct Token: Sendable, Hashable {
  /// As written.
  package let surface: String
  /// Lower case, accents folded, without apostrophes.
  package let text: String
  /// `text` without its grammatical ending.
  package let stem: String

  package init(surface: String) {
    self.surface = surface
    text = surface.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil).replacing("'", with: "").replacing(
      "’", with: "")
    stem = Stem.of(text)
  }

  /// Whether the word holds a digit: "B17", "2.40", "14:05".
  package var hasDigit: Bool { text.unicodeScalars.contains { $0.properties.numericType == .decimal } }

  /// The words of a text in order. Letters and digits make words; `. : , / -` join two digits ("14:05", "555-0147", "3-2") and an
  /// apostrophe joins letters, of which a possessive 's is dropped. Everything else separates.
  ///
  /// - Parameter limit: words beyond it are ignored, so that an endless text costs no more than a long one.
  package static func words(of text: some StringProtocol, limit: Int = 600) -> [Token] {
    var tokens: [Token] = []
    var word = ""
    let characters = Array(text.prefix(limit * 24))
    func flush() {
      defer { word = "" }
      word = withoutPossessive(word)
      if !word.isEmpty { tokens.append(Token(surface: word)) }
    }
    for (index, character) in characters.enumerated() {
      let next = index + 1 < characters.count ? characters[index + 1] : " "
      let joins: Bool
      switch character {
      case ".", ":", ",", "/", "-", "–": joins = word.last?.isNumber == true && next.isNumber
      case "'", "’": joins = word.last?.isLetter == true && next.isLetter
      default: joins = character.isLetter || character.isNumber
      }
      if joins { word.append(character) } else { flush() }
      if tokens.count >= limit { return tokens }
    }
    flush()
    return tokens
  }

  static func withoutPossessive(_ word: String) -> String {
    guard word.utf8.contains(where: { $0 == 39 || $0 > 0x7F }) else { return word }
    var word = word
    for ending in ["'s", "’s", "'S", "’S"] where word.hasSuffix(ending) { word.removeLast(2) }
    return word
  }
}
