import Foundation

/// Vectors as they are stored: IEEE half precision, little-endian, nothing around them.
enum HalfFloat {
  /// Bytes of a stored vector.
  static func bytes(_ dimensions: Int) -> Int { dimensions * MemoryLayout<Float16>.size }

  /// What does not fit a half is clamped to the largest one.
  static func blob(_ values: some Collection<Float>) -> Data {
    var halves = [Float16]()
    halves.reserveCapacity(values.count)
    for value in values { halves.append(Float16(min(max(value, -65504), 65504))) }
    return halves.withUnsafeBytes { Data($0) }
  }

  /// Widens a stored vector onto the end of `values`.
  ///
  /// - Precondition: `blob` has an even number of bytes.
  static func append(_ blob: Data, to values: inout [Float]) {
    let count = blob.count / 2
    let start = values.count
    values.append(contentsOf: repeatElement(0, count: count))
    blob.withUnsafeBytes { source in
      values.withUnsafeMutableBytes { target in
        var index = 0
        while index + 16 <= count {
          let halves = source.loadUnaligned(fromByteOffset: 2 * index, as: SIMD16<UInt16>.self)
          target.storeBytes(of: HalfFloatScan.widened(halves), toByteOffset: 4 * (start + index), as: SIMD16<Float>.self)
          index += 16
        }
        while index < count {
          let value = Float(source.loadUnaligned(fromByteOffset: 2 * index, as: Float16.self))
          target.storeBytes(of: value, toByteOffset: 4 * (start + index), as: Float.self)
          index += 1
        }
      }
    }
  }

  static func values(_ blob: Data) -> [Float] {
    var values = [Float]()
    values.reserveCapacity(blob.count / 2)
    append(blob, to: &values)
    return values
  }

  /// What a value is after it was stored. Everything that decides anything works on these, so that a resumed run decides alike.
  static func rounded(_ values: [Float]) -> [Float] { values.map { Float(Float16(min(max($0, -65504), 65504))) } }
}

/// A block of floats that is coded as bytes instead of one number after another.
struct FloatBlock: Codable, Equatable, Sendable {
  var values: [Float]

  init(_ values: [Float]) { self.values = values }

  init(from decoder: any Decoder) throws {
    let data = try decoder.singleValueContainer().decode(Data.self)
    guard data.count % 4 == 0 else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(data.count) bytes are no floats"))
    }
    values = data.withUnsafeBytes { bytes in
      (0..<data.count / 4).map { Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))) }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values.withUnsafeBytes { Data($0) })
  }
}
