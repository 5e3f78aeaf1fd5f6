import Core
import Memory

/// How far a picture differs, frame by frame, from how it looks over the whole stream.
struct Usualness: Sendable {
  /// One minus the cosine of each frame's vector with their mean.
  let change: FrameScores
  /// Beyond this a frame is out of the ordinary: the median and three times the median deviation from it.
  let unusual: Double

  /// Of a camera that stands still half of all frames differ by less than this from their mean.
  private static let still = 0.15

  init(_ track: FrameTrack) {
    var mean = [Float](repeating: 0, count: track.dimensions)
    for index in 0..<track.count { for (at, value) in track.vector(index).enumerated() { mean[at] += value } }
    change = FrameScores(ranges: track.ranges, raw: VectorScan.cosines(rows: track.vectors, query: mean).map { 1 - $0 })
    let median = change.median
    let deviations = change.values.map { abs($0 - median) }.sorted()
    unusual = median + 3 * (deviations.isEmpty ? 0 : deviations[deviations.count / 2])
  }

  /// Whether a stretch shows what such a picture always shows; false where the picture has no usual look.
  func isUsual(_ range: TimeRange) -> Bool {
    guard change.median < Self.still else { return false }
    let there = zip(change.ranges, change.values).filter { $0.0.overlaps(range) }.map(\.1).sorted()
    return !there.isEmpty && there[there.count / 2] <= unusual
  }
}
