import Memory

/// Where the picture changes in a track of frame vectors, found as far as it is looked for.
struct SceneCuts: Sendable {
  /// How many frames on each side are averaged, so that one odd frame makes no cut.
  static let reach = 2
  /// Below this cosine of the two sides a change is a cut, if nowhere near it is lower.
  static let similarity: Float = 0.75

  let track: FrameTrack

  /// The first frame after the first cut behind a frame; nil when the picture does not change any more.
  func first(after index: Int) -> Int? {
    let start = max(1, index + 1)
    return start < track.count ? (start..<track.count).first(where: isCut) : nil
  }

  /// The first frame after the last cut up to a frame, that one included; nil when the picture did not change before.
  func last(upTo index: Int) -> Int? {
    let end = min(index, track.count - 1)
    return end >= 1 ? (1...end).last(where: isCut) : nil
  }

  /// The first frames after all cuts, ascending.
  var all: [Int] { track.count > 1 ? (1..<track.count).filter(isCut) : [] }

  private func isCut(_ index: Int) -> Bool {
    guard track.count > 2 * Self.reach, case let own = similarity(at: index), own < Self.similarity else { return false }
    let near = max(1, index - Self.reach)..<min(track.count, index + Self.reach + 1)
    return near.allSatisfy { $0 == index || own <= similarity(at: $0) }
  }

  /// How alike the frames before an index and those from it on are.
  private func similarity(at index: Int) -> Float {
    VectorScan.cosine(mean(max(0, index - Self.reach)..<index), mean(index..<min(track.count, index + Self.reach)))
  }

  private func mean(_ range: Range<Int>) -> [Float] {
    var sum = [Float](repeating: 0, count: track.dimensions)
    for index in range {
      let row = index * track.dimensions
      for at in sum.indices { sum[at] += track.vectors[row + at] }
    }
    return sum
  }
}
