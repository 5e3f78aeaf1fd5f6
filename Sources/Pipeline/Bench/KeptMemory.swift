import Memory

/// What a way of remembering has left of a stream when it is asked: vectors, each with the seconds it stands for.
struct KeptMemory: Sendable {
  private(set) var ranges: [Range<Int>] = []
  /// Less `centre`. *Shape* `[ranges, dimensions]`.
  private(set) var rows: [Float] = []
  /// The mean of the stream's vectors, which all have in common.
  let centre: [Float]
  /// Bytes of what is kept, vectors alone.
  private(set) var bytes = 0

  init(centre: [Float]) { self.centre = centre }

  mutating func append(_ vector: [Float], for range: Range<Int>, bytes: Int) {
    ranges.append(range)
    for (value, mean) in zip(vector, centre) { rows.append(value - mean) }
    self.bytes += bytes
  }

  /// The likeliest moments, best first; of those less than ten seconds apart only the best.
  ///
  /// - Parameter window: only what overlaps it is looked at.
  func moments(like cue: [Float], most: Int, in window: Range<Int>? = nil) -> [(range: Range<Int>, score: Float)] {
    let scores = VectorScan.cosines(rows: rows, query: zip(cue, centre).map { $0 - $1 })
    let asked = ranges.indices.filter { window?.overlaps(ranges[$0]) ?? true }
    var found: [(range: Range<Int>, score: Float)] = []
    for index in asked.sorted(by: { (scores[$0], $1) > (scores[$1], $0) }) {
      let range = ranges[index]
      guard found.allSatisfy({ $0.range.lowerBound >= range.upperBound + 10 || range.lowerBound >= $0.range.upperBound + 10 }) else {
        continue
      }
      found.append((range, scores[index]))
      if found.count == most { break }
    }
    return found
  }
}
