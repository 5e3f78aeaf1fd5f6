import Core

/// Ordering and merging of moments in time.
enum Moments {
  /// Drops what shares most of its time with something better in the list, whatever the sense; order is kept.
  static func distinct(_ candidates: [Candidate], limit: Int) -> [Candidate] {
    var kept: [Candidate] = []
    for candidate in candidates where kept.count < limit {
      if !kept.contains(where: { $0.stream == candidate.stream && same($0.range, candidate.range) }) { kept.append(candidate) }
    }
    return kept
  }

  /// Whether two stretches share more than half of the shorter one.
  static func same(_ a: TimeRange, _ b: TimeRange) -> Bool {
    guard let shared = a.intersection(b)?.duration.seconds else { return false }
    return shared > 0.5 * min(a.duration.seconds, b.duration.seconds) || a == b
  }

  /// Joins stretches less than `gap` seconds apart.
  static func merged(_ ranges: [TimeRange], gap: Double) -> [TimeRange] {
    var merged: [TimeRange] = []
    for range in ranges.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      if let last = merged.last, (range.start - last.end).seconds <= gap {
        merged[merged.count - 1] = last.union(range)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
