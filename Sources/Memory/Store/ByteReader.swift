import Core
import Foundation

/// Reads small values as `JSON.encode` writes them, byte by byte: thousands of rows of them are read for a question. What looks different in any way
/// is left to the decoder.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The labels of a row; nil when they are not written as expected.
  static func tags(_ text: Data) -> [FrameFeatures.Tag]? {
    text.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      guard reader.skip("[") else { return nil }
      var tags: [FrameFeatures.Tag] = []
      tags.reserveCapacity(5)
      while !reader.skip("]") {
        guard tags.isEmpty || reader.skip(","), reader.skip("{\"label\":\""), let label = reader.name(), reader.skip(",\"probability\":"),
          let probability = reader.number(), reader.skip("}")
        else { return nil }
        tags.append(FrameFeatures.Tag(label: label, probability: Float(probability)))
      }
      return reader.isAtEnd ? tags : nil
    }
  }

  /// Where a line stood; nil when its detail holds anything else or is not written as expected.
  static func box(_ text: Data) -> TextLine.Box? {
    text.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      guard reader.skip("{\"box\":{\"height\":"), let height = reader.number(), reader.skip(",\"width\":"), let width = reader.number(),
        reader.skip(",\"x\":"), let x = reader.number(), reader.skip(",\"y\":"), let y = reader.number(), reader.skip("}}"), reader.isAtEnd
      else { return nil }
      return TextLine.Box(x: Float(x), y: Float(y), width: Float(width), height: Float(height))
    }
  }

  private var isAtEnd: Bool { place == bytes.count }

  private mutating func skip(_ literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard place + count <= bytes.count, let start = bytes.baseAddress, memcmp(start + place, literal.utf8Start, count) == 0 else {
      return false
    }
    place += count
    return true
  }

  /// What stands before the next quotation mark, which is passed too; nil where anything is escaped.
  private mutating func name() -> String? {
    let start = place
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      guard bytes[place] != UInt8(ascii: "\\") else { return nil }
      place += 1
    }
    guard place < bytes.count else { return nil }
    defer { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  /// A number of at most eighteen digits that is none too small to be a share of something.
  private mutating func number() -> Double? {
    let isNegative = skip("-")
    var (digits, value, scale) = (0, Int64(0), 0)
    var isFraction = false
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        digits += 1
        guard digits <= 18 else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        if isFraction { scale += 1 }
      } else {
        break
      }
      place += 1
    }
    guard digits > 0 else { return nil }
    if place < bytes.count, bytes[place] == UInt8(ascii: "e") || bytes[place] == UInt8(ascii: "E") {
      place += 1
      let isSmall = skip("-")
      var power = 0
      while place < bytes.count, bytes[place] >= UInt8(ascii: "0"), bytes[place] <= UInt8(ascii: "9"), power < 100 {
        power = power * 10 + Int(bytes[place] - UInt8(ascii: "0"))
        place += 1
      }
      scale += isSmall ? power : -power
    }
    guard scale >= 0, scale < 60 else { return nil }
    let size = Double(value) / Self.powers[scale]
    return isNegative ? -size : size
  }

  private static let powers = (0..<60).map { pow(10, Double($0)) }
}
