import Foundation

/// How much smaller a text gets under deflate, estimated: Whisper's measure of a text that repeats itself.
///
/// A greedy search for repeats (as zlib's) whose literals and matches are charged what an ideal Huffman code for them would cost; within
/// a few percent of zlib's level 6 for texts of a window's length, which is all a threshold needs.
///
/// *Source*: RFC 1951.
enum TextCompression {
  /// Bytes of the text divided by bytes once compressed; 0 for no text.
  static func ratio(of text: String) -> Float {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { return 0 }
    var literals = [Int](repeating: 0, count: 256 + 32)  // bytes, then classes of match lengths
    var distances = [Int](repeating: 0, count: 32)
    var extraBits = 0
    var latest: [UInt32: [Int]] = [:]
    var i = 0
    func key(_ at: Int) -> UInt32 { UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) }
    func remember(_ at: Int) { if at + 2 < bytes.count { latest[key(at), default: []].append(at) } }
    while i < bytes.count {
      var match = (length: 0, distance: 0)
      if i + 2 < bytes.count {
        for start in (latest[key(i)] ?? []).suffix(64).reversed() {
          var length = 3
          while length < 258, i + length < bytes.count, bytes[start + length] == bytes[i + length] { length += 1 }
          if length > match.length { match = (length, i - start) }
        }
      }
      if match.length >= 3 {
        let length = Self.class(of: match.length - 3, perPower: 4)
        let distance = Self.class(of: match.distance - 1, perPower: 2)
        literals[256 + length.index] += 1
        distances[distance.index] += 1
        extraBits += length.extraBits + distance.extraBits
        for j in i..<i + match.length { remember(j) }
        i += match.length
      } else {
        literals[Int(bytes[i])] += 1
        remember(i)
        i += 1
      }
    }
    let used = literals.filter { $0 > 0 }.count + distances.filter { $0 > 0 }.count
    // A fixed code needs no table; our own code costs its table, about four bits a symbol used.
    let fixed =
      literals.prefix(144).reduce(0, +) * 8 + literals.dropFirst(144).prefix(112).reduce(0, +) * 9
      + literals.dropFirst(256).reduce(0, +) * 7 + distances.reduce(0, +) * 5
    let own = bits(literals) + bits(distances) + Double(used) * 4 + 100
    let total = (min(Double(fixed), own) + Double(extraBits) + 10) / 8 + 6
    return Float(Double(bytes.count) / total)
  }

  /// The class deflate files a number under, several to each power of two, and the bits that tell it from its class.
  private static func `class`(of value: Int, perPower: Int) -> (index: Int, extraBits: Int) {
    guard value >= perPower else { return (value, 0) }
    let power = Int.bitWidth - 1 - value.leadingZeroBitCount
    let low = perPower.trailingZeroBitCount
    let extra = power - low
    return (perPower * (extra + 1) + (value >> extra) - perPower, extra)
  }

  /// The length of the symbols counted, each at its information content.
  private static func bits(_ counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    return counts.reduce(0) { $1 > 0 ? $0 + Double($1) * max(1, log2(total / Double($1))) : $0 }
  }
}
