/// What chance scores in one memory: the best scores of unrelated queries. A score means something only against it.
///
/// *Source* the abstention rule of the design after LongMemEval: compare the best hit with the best hits of neutral queries over the same
/// memory, so that one threshold serves a small memory and a large one, a static camera and a film.
package struct NullDistribution: Sendable, Equatable {
  package var mean: Double
  package var deviation: Double

  /// The median and the median absolute deviation (scaled to a standard deviation), so that a neutral query that happens to be in the
  /// memory does not spoil the scale.
  package init(of scores: [Double]) {
    let sorted = scores.sorted()
    guard !sorted.isEmpty else {
      (mean, deviation) = (0, 1)
      return
    }
    let middle = sorted[sorted.count / 2]
    let spread = sorted.map { abs($0 - middle) }.sorted()[sorted.count / 2] * 1.4826
    (mean, deviation) = (middle, max(spread, Self.smallestDeviation))
  }

  /// A memory of one item gives every neutral query nearly one score; a cosine is never more exact than this.
  static let smallestDeviation = 0.06

  package func standardised(_ score: Double) -> Double { (score - mean) / deviation }
}
