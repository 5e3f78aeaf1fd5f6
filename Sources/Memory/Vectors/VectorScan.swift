/// Exact similarity of one vector with many: a plain scan, which at the sizes of a memory is both the simplest index and a fast one.
package enum VectorScan {
  /// *Shape* both `[dimensions]`.
  package static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ dimensions: Int) -> Float {
    var (first, second) = (SIMD16<Float>.zero, SIMD16<Float>.zero)
    let (left, right) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    var index = 0
    while index + 32 <= dimensions {
      first.addProduct(
        left.loadUnaligned(fromByteOffset: 4 * index, as: SIMD16<Float>.self),
        right.loadUnaligned(fromByteOffset: 4 * index, as: SIMD16<Float>.self)
      )
      second.addProduct(
        left.loadUnaligned(fromByteOffset: 4 * index + 64, as: SIMD16<Float>.self),
        right.loadUnaligned(fromByteOffset: 4 * index + 64, as: SIMD16<Float>.self))
      index += 32
    }
    var sum = (first + second).sum()
    while index < dimensions {
      sum += a[index] * b[index]
      index += 1
    }
    return sum
  }

  /// *Shape* `rows`: `[n, dimensions]`, `query`: `[dimensions]`, result `[n]`. A row or query of length zero has cosine 0.
  package static func cosines(rows: [Float], query: [Float]) -> [Float] {
    let dimensions = query.count
    guard dimensions > 0 else { return [] }
    precondition(rows.count % dimensions == 0, "\(rows.count) values are not rows of \(dimensions)")
    let count = rows.count / dimensions
    return rows.withUnsafeBufferPointer { rows in
      query.withUnsafeBufferPointer { query in
        guard let rows = rows.baseAddress, let query = query.baseAddress else { return [] }
        let length = dot(query, query, dimensions)
        return (0..<count).map { index in
          let row = rows + index * dimensions
          let lengths = length * dot(row, row, dimensions)
          return lengths > 0 ? dot(row, query, dimensions) / lengths.squareRoot() : 0
        }
      }
    }
  }

  /// The cosine of two vectors; 0 when one has length zero.
  package static func cosine(_ a: [Float], _ b: [Float]) -> Float {
    precondition(a.count == b.count, "vectors of \(a.count) and \(b.count) dimensions")
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let left = a.baseAddress, let right = b.baseAddress else { return 0 }
        let lengths = dot(left, left, a.count) * dot(right, right, b.count)
        return lengths > 0 ? dot(left, right, a.count) / lengths.squareRoot() : 0
      }
    }
  }
}
