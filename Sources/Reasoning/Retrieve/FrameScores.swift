import Core
import Memory

/// How well each frame of a stream fits a query, smoothed in time, and the stretches that stand out.
package struct FrameScores: Sendable {
  package var ranges: [TimeRange]
  /// One per frame: the mean cosine over `window` seconds around it.
  package var values: [Double]
  package var median: Double

  /// Seconds over which scores are averaged. Measured: 5 s finds a shot of ten seconds and forgives a frame the classifier got wrong.
  static let window = 5.0

  package init(ranges: [TimeRange], raw: [Float]) {
    self.ranges = ranges
    var values: [Double] = []
    values.reserveCapacity(raw.count)
    var (low, high, sum, weight) = (0, 0, 0.0, 0.0)
    // Weighted by the time each frame stands for, so that a stretch that is kept in less detail counts as much as one kept in full.
    func share(_ index: Int) -> Double { max(ranges[index].duration.seconds, 1e-3) }
    for range in ranges {
      let middle = range.middle.seconds
      while high < ranges.count, ranges[high].middle.seconds <= middle + Self.window / 2 {
        sum += Double(raw[high]) * share(high)
        weight += share(high)
        high += 1
      }
      while ranges[low].middle.seconds < middle - Self.window / 2 {
        sum -= Double(raw[low]) * share(low)
        weight -= share(low)
        low += 1
      }
      values.append(weight > 0 ? sum / weight : 0)
    }
    self.values = values
    median = values.sorted().dropFirst(values.count / 2).first ?? 0
  }

  package struct Peak: Sendable, Equatable {
    package var range: TimeRange
    package var score: Double
    /// Indices of the frames.
    package var frames: Range<Int>
  }

  /// The stretches that stand out, best first: from each highest frame outwards until the score has fallen halfway to the median.
  /// Frames of one stretch start no other.
  package func peaks(limit: Int) -> [Peak] {
    var taken = [Bool](repeating: false, count: values.count)
    var peaks: [Peak] = []
    for top in values.indices.sorted(by: { (values[$0], $1) > (values[$1], $0) }) where !taken[top] {
      let floor = (values[top] + median) / 2
      var (low, high) = (top, top + 1)
      while low > 0, !taken[low - 1], values[low - 1] > floor { low -= 1 }
      while high < values.count, !taken[high], values[high] > floor { high += 1 }
      for index in low..<high { taken[index] = true }
      // What touches a better stretch is its slope.
      if low > 0, taken[low - 1], peaks.contains(where: { $0.frames.upperBound == low }) { continue }
      if high < values.count, peaks.contains(where: { $0.frames.lowerBound == high }) { continue }
      peaks.append(.init(range: ranges[low].union(ranges[high - 1]), score: values[top], frames: low..<high))
      if peaks.count == limit { break }
    }
    return peaks
  }
}
