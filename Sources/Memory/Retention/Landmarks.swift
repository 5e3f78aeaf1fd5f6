import Core

/// The first appearances of a stream: what novelty is measured against, and what is not given up while there is room for anything else.
///
/// A ring: beyond its capacity the oldest makes room, the first few of the stream excepted.
/// *Source* the anchor frame of StreamingT2V (section 4.2, appearance preservation); the kept items of SirLLM.
package struct Landmarks: Sendable, Equatable {
  /// *Shape* `[count, dimensions]`, unit length, as they are stored.
  package private(set) var vectors: [Float] = []
  package private(set) var starts: [MediaTime] = []
  private let capacity: Int
  private var dimensions = 0

  package init(capacity: Int) { self.capacity = max(1, capacity) }

  package var count: Int { starts.count }

  /// How like each of the ring a vector is: the cosine of centred vectors; empty where there is nothing to compare.
  ///
  /// - Parameter mean: the mean of the stream's vectors, which all have in common and which therefore says nothing. *Shape* `[dimensions]`
  package func cosines(with vector: [Float], mean: [Float]) -> [Float] {
    guard count > 0, vector.count == dimensions, mean.count == dimensions else { return [] }
    // cos(x - m, y - m) from dot products of the vectors themselves, so that nothing is copied.
    return vectors.withUnsafeBufferPointer { rows in
      vector.withUnsafeBufferPointer { x in
        mean.withUnsafeBufferPointer { m in
          guard let rows = rows.baseAddress, let x = x.baseAddress, let m = m.baseAddress else { return [] }
          let (xm, mm) = (VectorScan.dot(x, m, dimensions), VectorScan.dot(m, m, dimensions))
          let length = VectorScan.dot(x, x, dimensions) - 2 * xm + mm
          return (0..<count).map { index in
            let row = rows + index * dimensions
            let rm = VectorScan.dot(row, m, dimensions)
            let lengths = length * (VectorScan.dot(row, row, dimensions) - 2 * rm + mm)
            return lengths > 1e-12 ? (VectorScan.dot(row, x, dimensions) - rm - xm + mm) / lengths.squareRoot() : -1
          }
        }
      }
    }
  }

  /// How unlike everything in the ring a vector is: one less the greatest cosine; 1 where there is nothing to compare.
  package func novelty(of vector: [Float], mean: [Float]) -> Float {
    cosines(with: vector, mean: mean).max().map { 1 - $0 } ?? 1
  }

  /// Takes a first appearance in.
  ///
  /// - Returns: whether it was taken, which a vector of another length than the others is not; and the start of the one that made room.
  package mutating func insert(_ vector: [Float], at start: MediaTime) -> (isTaken: Bool, displaced: MediaTime?) {
    if count == 0 { dimensions = vector.count }
    guard vector.count == dimensions else { return (false, nil) }
    var gone: MediaTime?
    if count >= capacity {
      let place = min(capacity / 8, count - 1)
      gone = starts.remove(at: place)
      vectors.removeSubrange(place * dimensions..<(place + 1) * dimensions)
    }
    vectors += vector
    starts.append(start)
    return (true, gone)
  }

  /// Forgets those whose start meets a condition.
  package mutating func remove(where isGone: (MediaTime) -> Bool) {
    for index in starts.indices.reversed() where isGone(starts[index]) {
      starts.remove(at: index)
      vectors.removeSubrange(index * dimensions..<(index + 1) * dimensions)
    }
  }
}
