import Foundation

/// A word of a line or sentence in which claims are looked for.
struct ClaimWord: Sendable {
  /// As written, without the marks around it.
  var surface: String
  /// Lower case, accents folded.
  var text: String
  /// Whether a comma, semicolon or full stop follows.
  var endsClause: Bool

  var hasDigit: Bool { text.contains(where: \.isNumber) }

  static func words(of text: some StringProtocol) -> [ClaimWord] {
    text.prefix(longest).split(whereSeparator: \.isWhitespace).compactMap { piece in
      let surface = piece.trimmingCharacters(in: marks)
      guard !surface.isEmpty else { return nil }
      return ClaimWord(surface: surface, text: folded(surface), endsClause: ",;.!?".contains(piece.last ?? " "))
    }
  }

  static func folded(_ text: String) -> String {
    text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }

  /// Longer texts are cut: a fact stands in a line.
  static let longest = 400
  private static let marks = CharacterSet(charactersIn: ".,;!?\"'()[]{}<>*·•|«»“”‘’-–—_~:=/\\")
}
