import Memory

/// What the memory was designed with and does not use: an episode is kept as its medoid and the frames farthest from those chosen before. A point
/// stands for the frames around it that are nearer to it than to any other.
///
/// *Source* the representative tokens of InfLLM, chosen by Gonzalez, "Clustering to minimize the maximum intercluster distance" (1985).
enum FarthestPoints {
  /// Points nearer than this to a chosen one are none.
  private static let leastDistance: Float = 0.15

  /// - Parameter units: one per frame. *Shape* each `[dimensions]`, unit length.
  /// - Returns: the frames each point stands for, in order of time; what lies between is given up.
  static func runs(_ units: [[Float]], most: Int) -> [Range<Int>] {
    guard !units.isEmpty else { return [] }
    let mean = EpisodeCode.mean(of: units, weights: repeatElement(1, count: units.count))
    let typical = units.indices.max { VectorScan.cosine(units[$0], mean) < VectorScan.cosine(units[$1], mean) } ?? 0
    var points = [typical]
    var nearest = units.indices.map { (point: 0, distance: 1 - VectorScan.cosine(units[$0], units[typical])) }
    while points.count < most, let next = nearest.indices.max(by: { nearest[$0].distance < nearest[$1].distance }),
      nearest[next].distance >= leastDistance
    {
      for index in units.indices {
        let distance = 1 - VectorScan.cosine(units[index], units[next])
        if distance < nearest[index].distance { nearest[index] = (points.count, distance) }
      }
      points.append(next)
    }
    return points.enumerated().map { number, point in
      var (first, last) = (point, point)
      while first > 0, nearest[first - 1].point == number { first -= 1 }
      while last + 1 < units.count, nearest[last + 1].point == number { last += 1 }
      return first..<(last + 1)
    }.sorted { $0.lowerBound < $1.lowerBound }
  }
}
