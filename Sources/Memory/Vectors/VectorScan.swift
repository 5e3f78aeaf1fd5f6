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

  /// Many queries over the same rows, each row read once: for each query what `cosines(rows:query:)` gives, to the last digits.
  ///
  /// *Shape* `rows`: `[n, dimensions]`, each query: `[dimensions]`, result `[queries][n]`.
  package static func cosines(rows: [Float], queries: [[Float]]) -> [[Float]] {
    guard let dimensions = queries.first?.count, dimensions > 0 else { return queries.map { _ in [] } }
    precondition(rows.count % dimensions == 0, "\(rows.count) values are not rows of \(dimensions)")
    precondition(queries.allSatisfy { $0.count == dimensions }, "queries of different lengths")
    let count = rows.count / dimensions
    // Queries go four at a time; those that fill up the last four are not given back.
    let block = queries.flatMap { $0 } + [Float](repeating: 0, count: (4 - queries.count % 4) % 4 * dimensions)
    var found = [[Float]](repeating: [Float](repeating: 0, count: count), count: queries.count)
    let lengths = queries.map { $0.withUnsafeBufferPointer { $0.baseAddress.map { dot($0, $0, dimensions) } ?? 0 } }
    rows.withUnsafeBufferPointer { rows in
      block.withUnsafeBufferPointer { block in
        guard let rows = rows.baseAddress, let block = block.baseAddress else { return }
        for index in stride(from: 0, to: count, by: 2) {
          let first = rows + index * dimensions
          // A last row without a neighbour is taken twice.
          let second = index + 1 < count ? first + dimensions : first
          let (own, next) = (dot(first, first, dimensions), dot(second, second, dimensions))
          for query in stride(from: 0, to: queries.count, by: 4) {
            let (left, right) = dots(first, second, block + query * dimensions, dimensions)
            for place in query..<min(query + 4, queries.count) {
              let (a, b) = (lengths[place] * own, lengths[place] * next)
              found[place][index] = a > 0 ? left[place - query] / a.squareRoot() : 0
              if index + 1 < count { found[place][index + 1] = b > 0 ? right[place - query] / b.squareRoot() : 0 }
            }
          }
        }
      }
    }
    return found
  }

  /// Two rows with four queries that lie one after another.
  private static func dots(
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ queries: UnsafePointer<Float>, _ dimensions: Int
  ) -> (SIMD4<Float>, SIMD4<Float>) {
    let (a, b, q) = (UnsafeRawPointer(first), UnsafeRawPointer(second), UnsafeRawPointer(queries))
    var (a0, a1, a2, a3) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
    var (b0, b1, b2, b3) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
    var index = 0
    while index + 8 <= dimensions {
      let x = a.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
      let y = b.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
      let q0 = q.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
      let q1 = q.loadUnaligned(fromByteOffset: 4 * (index + dimensions), as: SIMD8<Float>.self)
      let q2 = q.loadUnaligned(fromByteOffset: 4 * (index + 2 * dimensions), as: SIMD8<Float>.self)
      let q3 = q.loadUnaligned(fromByteOffset: 4 * (index + 3 * dimensions), as: SIMD8<Float>.self)
      a0.addProduct(x, q0)
      a1.addProduct(x, q1)
      a2.addProduct(x, q2)
      a3.addProduct(x, q3)
      b0.addProduct(y, q0)
      b1.addProduct(y, q1)
      b2.addProduct(y, q2)
      b3.addProduct(y, q3)
      index += 8
    }
    var left = SIMD4(a0.sum(), a1.sum(), a2.sum(), a3.sum())
    var right = SIMD4(b0.sum(), b1.sum(), b2.sum(), b3.sum())
    while index < dimensions {
      let values = SIMD4(
        queries[index], queries[index + dimensions], queries[index + 2 * dimensions], queries[index + 3 * dimensions])
      left.addProduct(first[index], values)
      right.addProduct(second[index], values)
      index += 1
    }
    return (left, right)
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
