import Foundation

/// Reads the words of many texts: each different word is made once and known by a number.
///
/// Gives what `Token.words(of:)` gives. Texts of plain ASCII, nearly all of them, are cut byte by byte.
struct WordReader {
  /// The words met so far, by number.
  private(set) var words: [Token] = []
  /// The number of the stem of each word.
  private(set) var stemOfWord: [Int32] = []
  /// The stems met so far, by number.
  private(set) var stems: [String] = []
  private var numberOfWord: [String: Int32] = [:]
  private var numberOfStem: [String: Int32] = [:]

  /// The numbers of a text's words, in order.
  mutating func read(_ text: String) -> [Int32] {
    var text = text
    let limits = (tokens: 600, characters: 600 * 24)
    let plain: [Int32]? = text.withUTF8 { bytes in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return read(plain: bytes.prefix(limits.characters), limit: limits.tokens)
    }
    return plain ?? Token.words(of: text).map { number(of: $0.surface) }
  }

  private mutating func read(plain bytes: Slice<UnsafeBufferPointer<UInt8>>, limit: Int) -> [Int32] {
    var found: [Int32] = []
    var start: Int?
    func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
    func isLetter(_ byte: UInt8) -> Bool { (byte | 32) >= 97 && (byte | 32) <= 122 }
    func end(_ at: Int) {
      guard let begin = start else { return }
      start = nil
      let surface = Token.withoutPossessive(String(decoding: bytes[begin..<at], as: UTF8.self))
      if !surface.isEmpty { found.append(number(of: surface)) }
    }
    for at in bytes.indices {
      let byte = bytes[at]
      let next = at + 1 < bytes.endIndex ? bytes[at + 1] : 32
      let joins: Bool
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: "-"):
        joins = start != nil && isDigit(bytes[at - 1]) && isDigit(next)
      case UInt8(ascii: "'"): joins = start != nil && isLetter(bytes[at - 1]) && isLetter(next)
      default: joins = isLetter(byte) || isDigit(byte)
      }
      if joins {
        if start == nil { start = at }
      } else {
        end(at)
      }
      if found.count >= limit { return found }
    }
    end(bytes.endIndex)
    return found
  }

  private mutating func number(of surface: String) -> Int32 {
    if let known = numberOfWord[surface] { return known }
    let token = Token(surface: surface)
    let number = Int32(words.count)
    words.append(token)
    numberOfWord[surface] = number
    if let stem = numberOfStem[token.stem] {
      stemOfWord.append(stem)
    } else {
      numberOfStem[token.stem] = Int32(stems.count)
      stemOfWord.append(Int32(stems.count))
      stems.append(token.stem)
    }
    return number
  }
}
