import Foundation

/// Compares one vector with many stored ones, reading each where it lies.
///
/// Half precision is widened by shifting: the exponent and mantissa of a half, moved to their places in a float, are the number times
/// 2^-112, denormal numbers included. Stored halves are finite, so the case of infinity does not arise.
struct HalfFloatScan {
  private let query: [Float]
  private let length: Float

  init(_ query: [Float]) {
    self.query = query
    length = query.withUnsafeBufferPointer { query in
      query.baseAddress.map { VectorScan.dot($0, $0, query.count) } ?? 0
    }
  }

  /// The cosine of the query with a stored vector; 0 where one has length zero.
  ///
  /// - Precondition: `row` has two bytes for every value of the query.
  func cosine(_ row: UnsafeRawBufferPointer) -> Float {
    precondition(row.count == 2 * query.count, "\(row.count) bytes are not \(query.count) halves")
    return query.withUnsafeBytes { query in
      var (dots, squares) = (SIMD16<Float>.zero, SIMD16<Float>.zero)
      var index = 0
      let count = row.count / 2
      while index + 16 <= count {
        let value = Self.widened(row.loadUnaligned(fromByteOffset: 2 * index, as: SIMD16<UInt16>.self))
        dots.addProduct(query.loadUnaligned(fromByteOffset: 4 * index, as: SIMD16<Float>.self), value)
        squares.addProduct(value, value)
        index += 16
      }
      var (dot, square) = (dots.sum(), squares.sum())
      while index < count {
        let value = Float(row.loadUnaligned(fromByteOffset: 2 * index, as: Float16.self))
        dot += value * query.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
        square += value * value
        index += 1
      }
      let lengths = length * square
      return lengths > 0 ? dot / lengths.squareRoot() : 0
    }
  }

  /// Sixteen halves as floats.
  static func widened(_ halves: SIMD16<UInt16>) -> SIMD16<Float> {
    let bits = SIMD16<UInt32>(truncatingIfNeeded: halves)
    let sign = (bits & 0x8000) &<< 16
    let size = (bits & 0x7FFF) &<< 13
    return unsafeBitCast(size | sign, to: SIMD16<Float>.self) * 0x1p112
  }
}
