/// What is left of an episode once its single frames are given up: a few stretches that follow one another, each with one vector.
///
/// Stretches are joined bottom up: always the two neighbours that lose least, until every further step would lose more than
/// `leastGain` and there are at most `most`. What joining two stretches loses is Ward's criterion: the squared distance of their means times
/// `n1 n2 / (n1 + n2)`. So a stretch is worth its difference times its length: a gain weighted by support, where a single odd frame is
/// cheap and two seconds of something new are not.
///
/// *Source* the fixed-size code of a document in CMT, the representative tokens of a block in InfLLM (section 3.2), with the gain and support
/// of Ward, "Hierarchical grouping to optimize an objective function" (JASA 1963), constrained to neighbours in time, so that every
/// stretch has one range to cite.
package struct EpisodeCode: Sendable, Equatable {
  /// Indices of the frames of each stretch, in order, without gaps.
  package let runs: [Range<Int>]

  /// - Parameter vectors: one per frame, in order. *Shape* each `[dimensions]`, unit length.
  package init(
    _ vectors: [[Float]], strategy: MemoryConfiguration.Pooling.Strategy, most: Int, leastGain: Float
  ) {
    switch strategy {
    case .progressive: runs = Self.joined(vectors, most: max(1, most), leastGain: leastGain)
    case .uniform: runs = Self.equal(vectors.count, length: 8)
    case .halving: runs = Self.equal(vectors.count, length: 4)
    case .keyframe: runs = vectors.isEmpty ? [] : [0..<vectors.count]
    }
  }

  private static func equal(_ count: Int, length: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: length).map { $0..<min(count, $0 + length) }
  }

  private static func joined(_ vectors: [[Float]], most: Int, leastGain: Float) -> [Range<Int>] {
    guard let first = vectors.first else { return [] }
    var runs = vectors.indices.map { $0..<($0 + 1) }
    var sums = vectors.map { $0.count == first.count ? $0 : [Float](repeating: 0, count: first.count) }
    var losses = (0..<max(0, runs.count - 1)).map { loss(sums[$0], 1, sums[$0 + 1], 1) }
    while let (at, least) = losses.enumerated().min(by: { $0.element < $1.element }), least <= leastGain || runs.count > most {
      for index in sums[at].indices { sums[at][index] += sums[at + 1][index] }
      runs[at] = runs[at].lowerBound..<runs[at + 1].upperBound
      runs.remove(at: at + 1)
      sums.remove(at: at + 1)
      losses.remove(at: at)
      if at > 0 { losses[at - 1] = loss(sums[at - 1], runs[at - 1].count, sums[at], runs[at].count) }
      if at < losses.count { losses[at] = loss(sums[at], runs[at].count, sums[at + 1], runs[at + 1].count) }
    }
    return runs
  }

  /// What is lost when two stretches, given by the sums of their vectors, become one.
  private static func loss(_ a: [Float], _ m: Int, _ b: [Float], _ n: Int) -> Float {
    let (p, q) = (1 / Float(m), 1 / Float(n))
    var squares: Float = 0
    for index in a.indices {
      let difference = a[index] * p - b[index] * q
      squares += difference * difference
    }
    return squares / (p + q)
  }

  /// The vector of a stretch: the mean of its frames' vectors, each counted by how many sampled frames it stands for, at unit length.
  package static func mean(of vectors: some Collection<[Float]>, weights: some Collection<Int>) -> [Float] {
    var sum = [Float](repeating: 0, count: vectors.first?.count ?? 0)
    for (vector, weight) in zip(vectors, weights) where vector.count == sum.count {
      for index in sum.indices { sum[index] += Float(weight) * vector[index] }
    }
    return unit(sum)
  }

  package static func unit(_ vector: [Float]) -> [Float] {
    let squares = vector.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return vector }
    let scale = 1 / squares.squareRoot()
    return vector.map { $0 * scale }
  }
}
