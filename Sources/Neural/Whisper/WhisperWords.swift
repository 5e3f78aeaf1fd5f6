import Core
import Foundation

/// Cuts tokens into words, as people write them.
///
/// *Source*: `split_to_word_tokens` and `merge_punctuations` of openai/whisper.
struct WhisperWords: Sendable {
  let tokenizer: BytePairTokenizer

  struct Word: Equatable {
    /// With the space before it.
    var text: String
    var tokens: Range<Int>
  }

  /// Languages written without spaces, in which every character counts as a word.
  private static let unspaced: Set<String> = ["zh", "ja", "th", "lo", "my", "yue"]
  private static let opening: Set<String> = ["'", "\"", "“", "¿", "(", "[", "{", "-"]
  private static let closing: Set<String> = [
    "'", "\"", ".", "。", ",", "，", "!", "！", "?", "？", ":", "：", "”", ")", "]", "}", "、",
  ]

  /// - Parameter tokens: text alone. The words' ranges cover them exactly.
  func words(in tokens: [Int], language: String) -> [Word] {
    let characters = wholeCharacters(in: tokens)
    guard !Self.unspaced.contains(language) else { return merged(characters) }
    var words: [Word] = []
    for piece in characters {
      let isSign = piece.text.trimmingCharacters(in: .whitespaces).unicodeScalars.allSatisfy { $0.isASCII && $0.properties.isPatternSyntax }
      if piece.text.hasPrefix(" ") || isSign || words.isEmpty {
        words.append(piece)
      } else {
        words[words.count - 1].text += piece.text
        words[words.count - 1].tokens = words[words.count - 1].tokens.lowerBound..<piece.tokens.upperBound
      }
    }
    return merged(words)
  }

  /// The shortest runs of tokens that are whole characters.
  private func wholeCharacters(in tokens: [Int]) -> [Word] {
    var runs: [Word] = []
    var start = 0
    for end in 1..<max(1, tokens.count + 1) {
      let bytes = tokens[start..<end].flatMap { tokenizer.bytes(of: $0) }
      guard let text = String(validating: bytes, as: UTF8.self) ?? (end == tokens.count ? String(decoding: bytes, as: UTF8.self) : nil)
      else {
        continue
      }
      runs.append(Word(text: text, tokens: start..<end))
      start = end
    }
    return runs
  }

  /// Joins opening signs to the word after them and closing signs to the word before.
  private func merged(_ words: [Word]) -> [Word] {
    var result: [Word] = []
    for word in words {
      if Self.closing.contains(word.text), !result.isEmpty {
        result[result.count - 1].text += word.text
        result[result.count - 1].tokens = result[result.count - 1].tokens.lowerBound..<word.tokens.upperBound
      } else {
        result.append(word)
      }
    }
    var index = result.count - 2
    while index >= 0 {
      let sign = result[index].text
      if sign.hasPrefix(" "), Self.opening.contains(sign.trimmingCharacters(in: .whitespaces)) {
        let next = result.remove(at: index + 1)
        result[index].text += next.text
        result[index].tokens = result[index].tokens.lowerBound..<next.tokens.upperBound
      }
      index -= 1
    }
    return result
  }
}
