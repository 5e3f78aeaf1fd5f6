import Core
import Memory

/// Which frames lie around each frame, the same for every query.
package struct FrameWindows: Sendable {
  package let ranges: [TimeRange]
  private let windows: [Range<Int>]
  /// The first frames behind holes in the memory.
  package let begins: Set<Int>
  /// Seconds each frame stands for, so that a stretch that is kept in less detail counts as much as one kept in full.
  private let shares: [Double]

  /// - Parameter holes: where nothing is remembered. What lies on one side says nothing about the other.
  package init(_ ranges: [TimeRange], holes: [TimeRange] = []) {
    self.ranges = ranges
    begins = Set(
      holes.map { hole in ranges.partitioningIndex { $0.middle >= hole.middle } }.filter { $0 > 0 && $0 < ranges.count })
    let begins = begins
    let middles = ranges.map(\.middle.seconds)
    shares = ranges.map { max($0.duration.seconds, 1e-3) }
    var (low, high) = (0, 0)
    windows =
      !Part.smoothing.isOn
      ? middles.indices.map { $0..<($0 + 1) }
      : middles.map { middle in
        while high < middles.count, middles[high] <= middle + FrameScores.window / 2 { high += 1 }
        while middles[low] < middle - FrameScores.window / 2 { low += 1 }
        return low..<max(low, high)
      }.enumerated().map { own, window in
        guard !begins.isEmpty else { return window }
        let low = window.lowerBound < own ? (window.lowerBound + 1...own).last(where: begins.contains) ?? window.lowerBound : own
        let high = own + 1 < window.upperBound ? (own + 1..<window.upperBound).first(where: begins.contains) ?? window.upperBound : own + 1
        return low..<high
      }
  }

  /// The mean over each window. *Shape* one value per frame in, one out.
  package func means(of raw: [Float]) -> [Double] {
    windows.map { window in
      if window.count == 1 { return Double(raw[window.lowerBound]) }
      var (sum, weight) = (0.0, 0.0)
      for index in window {
        sum += Double(raw[index]) * shares[index]
        weight += shares[index]
      }
      return weight > 0 ? sum / weight : 0
    }
  }

  /// The highest of the means.
  package func highest(of raw: [Float]) -> Double { means(of: raw).max() ?? 0 }
}

/// How well each frame of a stream fits a query, smoothed in time, and the stretches that stand out.
package struct FrameScores: Sendable {
  package var ranges: [TimeRange]
  /// One per frame: the mean cosine over `window` seconds around it.
  package var values: [Double]
  package var median: Double
  private let begins: Set<Int>

  /// Seconds over which scores are averaged. Measured: 5 s finds a shot of ten seconds and forgives a frame the classifier got wrong.
  static let window = 5.0

  package init(ranges: [TimeRange], raw: [Float]) { self.init(FrameWindows(ranges), raw: raw) }

  package init(_ windows: FrameWindows, raw: [Float]) {
    ranges = windows.ranges
    begins = windows.begins
    values = windows.means(of: raw)
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
      let floor = Part.growth.isOn ? (values[top] + median) / 2 : values[top]
      var (low, high) = (top, top + 1)
      while low > 0, !taken[low - 1], !begins.contains(low), values[low - 1] > floor { low -= 1 }
      while high < values.count, !taken[high], !begins.contains(high), values[high] > floor { high += 1 }
      for index in low..<high { taken[index] = true }
      // What has risen further right beside it, or touches a better stretch, is a slope.
      if top > 0, !begins.contains(top), values[top - 1] > values[top] { continue }
      if top + 1 < values.count, !begins.contains(top + 1), values[top + 1] > values[top] { continue }
      if low > 0, taken[low - 1], !begins.contains(low), peaks.contains(where: { $0.frames.upperBound == low }) { continue }
      if high < values.count, !begins.contains(high), peaks.contains(where: { $0.frames.lowerBound == high }) { continue }
      peaks.append(.init(range: ranges[low].union(ranges[high - 1]), score: values[top], frames: low..<high))
      if peaks.count == limit { break }
    }
    return peaks
  }
}
