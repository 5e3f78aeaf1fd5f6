import Core
import Foundation

/// Byte-level byte-pair encoding, as GPT-2 and Whisper use it, from a `tokenizer.json`.
///
/// Every byte is written as one printable character, so that any text can be cut into known pieces; pieces are then joined in the order
/// of the merges.
///
/// *Source*: Sennrich et al. 2016; openai/gpt-2, encoder.py.
package struct BytePairTokenizer: Sendable {
  /// Special tokens such as `<|endoftext|>` and their numbers.
  package let specialTokens: [String: Int]
  private let pieces: [String: Int]
  private let ranks: [Pair: Int]
  private let bytes: [[UInt8]]  // of each ordinary token; empty for special ones

  private struct Pair: Hashable {
    let left: String
    let right: String
  }

  /// - Throws: `NeuralError.unavailable` when the file cannot be read, `.corruptInput` when it is not such a tokenizer.
  package init(url: URL) throws {
    let contents: Data
    do {
      contents = try Data(contentsOf: url)
    } catch {
      throw NeuralError(.unavailable, "cannot read the tokenizer \(url.path): \((error as NSError).localizedDescription)")
    }
    guard let root = (try? JSONSerialization.jsonObject(with: contents)) as? [String: Any], let model = root["model"] as? [String: Any],
      let vocabulary = model["vocab"] as? [String: Int], let merges = model["merges"] as? [Any], !vocabulary.isEmpty
    else { throw NeuralError(.corruptInput, "\(url.path) is not a byte-pair tokenizer: it needs a model with a vocab and merges") }
    let added = (root["added_tokens"] as? [[String: Any]] ?? []).compactMap { entry -> (String, Int)? in
      guard let content = entry["content"] as? String, let id = entry["id"] as? Int else { return nil }
      return (content, id)
    }
    let limit = 2_000_000
    let largest = max(vocabulary.values.max() ?? 0, added.map(\.1).max() ?? 0)
    guard largest < limit, vocabulary.values.allSatisfy({ $0 >= 0 }), added.allSatisfy({ $0.1 >= 0 }) else {
      throw NeuralError(.corruptInput, "\(url.path) has token numbers outside 0..<\(limit)")
    }
    specialTokens = Dictionary(added, uniquingKeysWith: { first, _ in first })
    var ranks: [Pair: Int] = [:]
    ranks.reserveCapacity(merges.count)
    for (rank, merge) in merges.enumerated() {
      let parts = (merge as? String)?.split(separator: " ", maxSplits: 1).map(String.init) ?? merge as? [String] ?? []
      guard parts.count == 2 else { throw NeuralError(.corruptInput, "\(url.path): merge \(rank) is not a pair") }
      ranks[Pair(left: parts[0], right: parts[1])] = rank
    }
    self.ranks = ranks
    pieces = vocabulary
    var bytes = [[UInt8]](repeating: [], count: largest + 1)
    for (piece, id) in vocabulary where specialTokens[piece] == nil { bytes[id] = Self.bytes(ofPiece: piece) }
    self.bytes = bytes
  }

  /// The bytes a token stands for; none for special tokens and numbers that are no token. A character may spread over several tokens.
  package func bytes(of token: Int) -> [UInt8] { bytes.indices.contains(token) ? bytes[token] : [] }

  /// The text of a run of tokens. Special tokens are left out; bytes that are no UTF-8 become U+FFFD.
  package func decode(_ tokens: some Sequence<Int>) -> String { String(decoding: tokens.flatMap { bytes(of: $0) }, as: UTF8.self) }

  /// Cuts text into tokens. Special tokens in the text are treated as plain text.
  package func encode(_ text: String) -> [Int] {
    Self.pretokens(of: text).flatMap { part -> [Int] in
      var symbols = part.utf8.map { String(Self.characters[Int($0)]) }
      while symbols.count > 1 {
        var best: (rank: Int, index: Int)?
        for i in 0..<symbols.count - 1 {
          guard let rank = ranks[Pair(left: symbols[i], right: symbols[i + 1])], rank < best?.rank ?? .max else { continue }
          best = (rank, i)
        }
        guard let best else { break }
        let right = symbols.remove(at: best.index + 1)
        symbols[best.index] += right
      }
      return symbols.compactMap { pieces[$0] }
    }
  }

  // MARK: - Bytes as characters

  /// The character that stands for each byte: itself where it prints, else one from U+0100 on.
  private static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 256
    return (0..<256).map { byte in
      if (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte) { return Unicode.Scalar(UInt8(byte)) }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? "?"
    }
  }()

  private static let byteOfCharacter: [Unicode.Scalar: UInt8] = Dictionary(
    uniqueKeysWithValues: characters.enumerated().map { ($0.element, UInt8($0.offset)) })

  private static func bytes(ofPiece piece: String) -> [UInt8] { piece.unicodeScalars.compactMap { byteOfCharacter[$0] } }

  // MARK: - Cutting into words

  /// GPT-2's pattern: contractions; letters, digits or signs with at most one space before them; other white space, whose last character
  /// is left to the word after it.
  static func pretokens(of text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    var parts: [String] = []
    var i = 0
    func run(from start: Int, while matches: (Unicode.Scalar) -> Bool) -> Int {
      var end = start
      while end < scalars.count, matches(scalars[end]) { end += 1 }
      return end
    }
    while i < scalars.count {
      var end = i
      if scalars[i] == "'" {
        let rest = String(String.UnicodeScalarView(scalars[(i + 1)..<min(i + 3, scalars.count)]))
        if let suffix = ["re", "ve", "ll", "s", "t", "m", "d"].first(where: { rest.hasPrefix($0) }) { end = i + 1 + suffix.count }
      }
      if end == i {
        let start = scalars[i] == " " && i + 1 < scalars.count ? i + 1 : i
        if let kind = Kind(scalars[start]) {
          end = run(from: start) { Kind($0) == kind }
        } else {
          end = run(from: i) { Kind($0) == nil }
          if end < scalars.count, end - i > 1 { end -= 1 }
        }
      }
      parts.append(String(String.UnicodeScalarView(scalars[i..<end])))
      i = end
    }
    return parts
  }

  /// What a character counts as when text is cut; white space is none of these.
  private enum Kind {
    case letter, number, sign
    init?(_ scalar: Unicode.Scalar) {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
      case .decimalNumber, .letterNumber, .otherNumber: self = .number
      default:
        if scalar.properties.isWhitespace { return nil }
        self = .sign
      }
    }
  }
}
