import Memory

/// Finds where the picture changes in a track of frame vectors.
enum SceneCuts {
  /// How many frames on each side are averaged, so that one odd frame makes no cut.
  static let reach = 2
  /// Below this cosine of the two sides a change is a cut, if nowhere near it is lower.
  static let similarity: Float = 0.75

  /// - Returns: indices of the first frame after each cut, ascending.
  static func find(in track: FrameTrack) -> [Int] {
    guard track.count > 2 * reach else { return [] }
    let similarities = (1..<track.count).map { index in
      VectorScan.cosine(mean(of: track, max(0, index - reach)..<index), mean(of: track, index..<min(track.count, index + reach)))
    }
    return (1..<track.count).filter { index in
      let own = similarities[index - 1]
      guard own < similarity else { return false }
      let near = similarities[max(0, index - 1 - reach)..<min(similarities.count, index + reach)]
      return own <= (near.min() ?? own)
    }
  }

  private static func mean(of track: FrameTrack, _ range: Range<Int>) -> [Float] {
    var sum = [Float](repeating: 0, count: track.dimensions)
    for index in range { for (at, value) in track.vector(index).enumerated() { sum[at] += value } }
    return sum
  }
}
