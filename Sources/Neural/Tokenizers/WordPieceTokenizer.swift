import Core
import Foundation

/// BERT's tokenizer, read from a `tokenizer.json`: text to whole words and pieces of words.
///
/// *Source*: huggingface/tokenizers, `BertNormalizer`, `BertPreTokenizer` and `WordPiece`; Schuster and Nakajima, "Japanese and Korean voice
/// search", 2012, for the pieces. Its tokens are the same, character for character (tested).
package struct WordPieceTokenizer: Sendable {
  private let vocabulary: [ArraySlice<UInt8>: Int]
  private let prefix: [UInt8]
  private let unknown: Int
  private let longestWord: Int
  private let normalizer: Normalizer
  /// Tokens written out in the text, such as "[MASK]", longest first.
  private let literals: [(text: String, id: Int)]
  /// Tokens put before and after every text.
  private let opening: [Int]
  private let closing: [Int]

  /// The number of token ids.
  package let vocabularySize: Int

  struct Normalizer: Sendable {
    var cleansText: Bool
    var spacesChinese: Bool
    var stripsAccents: Bool
    var lowercases: Bool
  }

  /// - Parameter url: a `tokenizer.json` of the WordPiece kind.
  /// - Throws: `NeuralError.unavailable`, `.corruptInput`, or `.misconfigured` for a tokenizer of another kind.
  package init(url: URL) throws {
    let contents: Data
    do {
      contents = try Data(contentsOf: url)
    } catch {
      throw NeuralError(.unavailable, "cannot read the tokenizer \(url.path): \((error as NSError).localizedDescription)")
    }
    func corrupt(_ problem: String) -> NeuralError { NeuralError(.corruptInput, "\(url.path): \(problem)") }
    guard let file = (try? JSONSerialization.jsonObject(with: contents)) as? [String: Any], let model = file["model"] as? [String: Any]
    else {
      throw corrupt("it is not a tokenizer with a model")
    }
    guard let table = model["vocab"] as? [String: Int], model["type"] as? String ?? "WordPiece" == "WordPiece" else {
      throw NeuralError(.misconfigured, "\(url.path): the tokenizer is not of the WordPiece kind")
    }
    guard !table.isEmpty, table.values.allSatisfy({ 0..<10_000_000 ~= $0 }) else { throw corrupt("its vocabulary has impossible ids") }
    guard let unknown = table[model["unk_token"] as? String ?? "[UNK]"] else { throw corrupt("its vocabulary lacks the unknown token") }
    vocabulary = Dictionary(table.map { (ArraySlice($0.key.utf8), $0.value) }, uniquingKeysWith: { first, _ in first })
    self.unknown = unknown
    prefix = Array((model["continuing_subword_prefix"] as? String ?? "##").utf8)
    longestWord = model["max_input_chars_per_word"] as? Int ?? 100

    guard let rules = file["normalizer"] as? [String: Any], rules["type"] as? String == "BertNormalizer",
      (file["pre_tokenizer"] as? [String: Any])?["type"] as? String == "BertPreTokenizer"
    else { throw NeuralError(.misconfigured, "\(url.path): only BERT's normalizer and pre-tokenizer are known") }
    let lowercases = rules["lowercase"] as? Bool ?? true
    normalizer = Normalizer(
      cleansText: rules["clean_text"] as? Bool ?? true, spacesChinese: rules["handle_chinese_chars"] as? Bool ?? true,
      stripsAccents: rules["strip_accents"] as? Bool ?? lowercases, lowercases: lowercases)

    let added = (file["added_tokens"] as? [[String: Any]] ?? []).compactMap { token -> (text: String, id: Int)? in
      guard let text = token["content"] as? String, let id = token["id"] as? Int, !text.isEmpty else { return nil }
      return (text, id)
    }
    literals = added.sorted { $0.text.utf8.count > $1.text.utf8.count }
    vocabularySize = max(table.values.max() ?? 0, added.map(\.id).max() ?? 0) + 1
    (opening, closing) = try Self.frame(file["post_processor"], problem: corrupt)
  }

  /// The token ids of a text, framed as the model wants it ("[CLS] … [SEP]") and cut to `limit` tokens.
  package func encode(_ text: String, limit: Int = .max) -> [Int] {
    let room = max(0, limit - opening.count - closing.count)
    var ids: [Int] = []
    for part in parts(of: text) {
      switch part {
      case .literal(let id): ids.append(id)
      case .text(let text): for word in words(of: text) { append(word, to: &ids) }
      }
      if ids.count >= room { break }
    }
    return opening + ids.prefix(room) + closing
  }

  // MARK: - Pieces

  /// Greedy longest match from the left; a word with any unknown piece is unknown as a whole.
  private func append(_ word: [UInt8], to ids: inout [Int]) {
    // Bytes 10xxxxxx continue a character.
    guard word.reduce(0, { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }) <= longestWord else { return ids.append(unknown) }
    let start = ids.count
    var text = word[...]
    var prefixed = false
    while text.count > (prefixed ? prefix.count : 0) {
      let least = prefixed ? prefix.count : 0
      var end = text.endIndex
      var found: Int?
      while end > text.startIndex + least {
        if end == text.endIndex || text[end] & 0xC0 != 0x80, let id = vocabulary[text[..<end]] {
          found = id
          break
        }
        end -= 1
      }
      guard let found else {
        ids.removeSubrange(start...)
        return ids.append(unknown)
      }
      ids.append(found)
      text = (prefix + text[end...])[...]
      prefixed = true
    }
  }

  private enum Part {
    case text(Substring)
    case literal(Int)
  }

  /// Cuts out the tokens that are written out in the text.
  private func parts(of text: String) -> [Part] {
    guard literals.contains(where: { text.utf8.firstRange(of: $0.text.utf8) != nil }) else { return [.text(text[...])] }
    var parts: [Part] = []
    var rest = text[...]
    while !rest.isEmpty {
      let found = literals.compactMap { literal in rest.utf8.firstRange(of: literal.text.utf8).map { (range: $0, id: literal.id) } }
      guard let first = found.min(by: { $0.range.lowerBound < $1.range.lowerBound }) else { break }
      parts.append(.text(rest[..<first.range.lowerBound]))
      parts.append(.literal(first.id))
      rest = rest[first.range.upperBound...]
    }
    return parts + [.text(rest)]
  }

  /// The ids before and after a single text, from either form of BERT's post-processor.
  private static func frame(_ processor: Any?, problem: (String) -> NeuralError) throws -> (opening: [Int], closing: [Int]) {
    guard let processor = processor as? [String: Any] else { return ([], []) }
    if let cls = processor["cls"] as? [Any], let sep = processor["sep"] as? [Any], let opening = cls.last as? Int,
      let closing = sep.last as? Int
    {
      return ([opening], [closing])
    }
    guard let single = processor["single"] as? [[String: Any]], let special = processor["special_tokens"] as? [String: [String: Any]] else {
      throw problem("its post-processor is not one of BERT's")
    }
    var sides: [[Int]] = [[]]
    for piece in single {
      if piece["Sequence"] != nil {
        sides.append([])
      } else if let name = (piece["SpecialToken"] as? [String: Any])?["id"] as? String, let ids = special[name]?["ids"] as? [Int] {
        sides[sides.count - 1] += ids
      } else {
        throw problem("its post-processor names an unknown token")
      }
    }
    guard sides.count == 2 else { throw problem("its post-processor does not hold one text") }
    return (sides[0], sides[1])
  }
}

// MARK: - Words

extension WordPieceTokenizer {
  /// Normalised words: cut at white space, each mark of punctuation alone.
  private func words(of text: Substring) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    func finish() {
      if !word.isEmpty { words.append(word) }
      word.removeAll(keepingCapacity: true)
    }
    for scalar in normalized(text) {
      if scalar.properties.isWhitespace {
        finish()
      } else if scalar.isBertPunctuation {
        finish()
        words.append(Array(String(scalar).utf8))
      } else {
        word += String(scalar).utf8
      }
    }
    finish()
    return words
  }

  private func normalized(_ text: Substring) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if normalizer.cleansText {
        if scalar.value == 0 || scalar.value == 0xFFFD || scalar.isBertControl { continue }
        if scalar.properties.isWhitespace {
          scalars.append(" ")
          continue
        }
      }
      if normalizer.spacesChinese, scalar.isChinese { scalars += [" ", scalar, " "] } else { scalars.append(scalar) }
    }
    let isASCII = scalars.allSatisfy(\.isASCII)
    if normalizer.stripsAccents, !isASCII {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      scalars = String(text).decomposedStringWithCanonicalMapping.unicodeScalars.filter { $0.categoryOfUnicode8 != .nonspacingMark }
    }
    guard normalizer.lowercases else { return scalars }
    return isASCII
      ? scalars.map { "A"..."Z" ~= $0 ? Unicode.Scalar(UInt8($0.value + 32)) : $0 }
      : scalars.flatMap(\.properties.lowercaseMapping.unicodeScalars)
  }
}

extension Unicode.Scalar {
  /// The reference knows the categories of Unicode 8; to it, characters that came later are ordinary.
  fileprivate var categoryOfUnicode8: Unicode.GeneralCategory {
    (properties.age?.major ?? 0) > 8 ? .otherLetter : properties.generalCategory
  }

  /// Control and format characters and those of private use, but for the white space among them.
  fileprivate var isBertControl: Bool {
    if self == "\t" || self == "\n" || self == "\r" { return false }
    return switch categoryOfUnicode8 {
    case .control, .format, .privateUse, .surrogate: true
    default: false
    }
  }

  fileprivate var isBertPunctuation: Bool {
    if isASCII { return "!"..."/" ~= self || ":"..."@" ~= self || "["..."`" ~= self || "{"..."~" ~= self }
    return switch categoryOfUnicode8 {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
      .otherPunctuation:
      true
    default: false
    }
  }

  /// The blocks of Chinese characters that BERT puts spaces around.
  fileprivate var isChinese: Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF,
      0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
