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

  /// Joins further moments at which something is heard again within `again` seconds, and drops those that only go on with what the answer rests on.
  static func oncePerSound(_ candidates: [Candidate], keeping support: Int) -> [Candidate] {
    candidates.enumerated().reduce(into: []) { kept, next in
      let candidate = next.element
      let near =
        next.offset < support || candidate.modality != .sound
        ? nil
        : kept.firstIndex { known in
          known.modality == .sound && known.stream == candidate.stream && gap(known.range, candidate.range) <= again
        }
      guard let near else { return kept.append(candidate) }
      if near >= support { kept[near].range = kept[near].range.union(candidate.range) }
    }
  }

  /// A dog that barks again this soon, seconds, barks at one moment.
  private static let again = 2.0

  private static func gap(_ a: TimeRange, _ b: TimeRange) -> Double { (max(a.start, b.start) - min(a.end, b.end)).seconds }

  /// Places the best of every sense that is not among the first few behind those that the answer rests on, the others keep their order: where
  /// the sense is not said, what is heard may be meant by what was taken for seen.
  static func ofEverySense(_ candidates: [Candidate], keeping support: Int, places: Int = 5) -> [Candidate] {
    var head = Array(candidates.prefix(places))
    var rest = Array(candidates.dropFirst(places))
    var place = head.count - 1
    for sense in [Modality.vision, .sound, .text, .speech] where !head.contains(where: { $0.modality == sense }) {
      guard place >= max(support, 2),
        let best = rest.firstIndex(where: { $0.modality == sense && (sense == .vision || $0.coverage > leastCoverage) })
      else { continue }
      let moved = rest.remove(at: best)
      rest.insert(head[place], at: 0)
      head[place] = moved
      place -= 1
    }
    return head + rest
  }

  /// Words or names that have nothing in common with what was asked for are no other reading of it.
  private static let leastCoverage = 0.01

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
