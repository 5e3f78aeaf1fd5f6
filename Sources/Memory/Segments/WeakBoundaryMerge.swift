/// Takes back a boundary whose two sides turn out to be alike: a flash, a passing shadow, a surprise in a stream without any.
///
/// Once enough frames after it are known, the mean of the centred frames on its left is compared with that on its right. It can only
/// remove boundaries, never move or add one.
struct WeakBoundaryMerge: Codable, Equatable, Sendable {
  /// Frames on each side, and so how many frames a decision waits.
  let reach: Int
  let similarity: Float

  init(_ configuration: MemoryConfiguration.Segmentation) {
    reach = max(1, configuration.mergeReach)
    similarity = configuration.mergeSimilarity
  }

  /// - Parameters:
  ///   - episode: the first frame of the episode that the boundary would end.
  ///   - end: one past the last frame that may count for the right side.
  func joins(_ boundary: Int, episode: Int, end: Int, in history: FrameHistory) -> Bool {
    let left = history.centredMean(of: max(episode, boundary - reach)..<boundary)
    let right = history.centredMean(of: boundary..<max(boundary, min(end, boundary + reach)))
    guard !left.isEmpty, !right.isEmpty else { return true }
    return VectorScan.cosine(left, right) > similarity
  }
}
