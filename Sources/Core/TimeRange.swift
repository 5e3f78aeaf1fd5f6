/// A half-open stretch of a stream's clock, `[start, end)`. An instant has `start == end`.
package struct TimeRange: Hashable, Sendable, Codable {
  package var start: MediaTime
  package var end: MediaTime

  /// `end` is raised to `start` when it lies before it, so that a range is never negative.
  package init(start: MediaTime, end: MediaTime) {
    self.start = start
    self.end = max(start, end)
  }

  package init(seconds: ClosedRange<Double>) {
    self.init(start: MediaTime(seconds: seconds.lowerBound), end: MediaTime(seconds: seconds.upperBound))
  }

  package var duration: MediaTime { end - start }
  package var middle: MediaTime { MediaTime(nanoseconds: start.nanoseconds + (end.nanoseconds - start.nanoseconds) / 2) }

  /// Whether the two share more than a single point, or one is an instant inside the other.
  package func overlaps(_ other: TimeRange) -> Bool {
    if start == end { return other.contains(start) || start == other.start }
    if other.start == other.end { return contains(other.start) }
    return start < other.end && other.start < end
  }

  package func contains(_ time: MediaTime) -> Bool { time >= start && time < end }

  /// The smallest range that holds both.
  package func union(_ other: TimeRange) -> TimeRange { .init(start: min(start, other.start), end: max(end, other.end)) }

  package func intersection(_ other: TimeRange) -> TimeRange? {
    let (low, high) = (max(start, other.start), min(end, other.end))
    return low <= high ? .init(start: low, end: high) : nil
  }
}

extension TimeRange: CustomStringConvertible {
  package var description: String { "\(start)-\(end)" }
}
