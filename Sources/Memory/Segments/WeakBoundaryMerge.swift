/// Takes back a boundary whose two sides turn out to be alike: a flash, a passer-by, a surprise in a stream without any.
///
/// Decided once enough frames after it are known, by two tests that err on different streams. The cosine of the two sides' centred
/// means joins what looks alike. The contrast, the squared distance of the means over the spread within the sides (Fisher's
/// criterion), joins what differs no more than the frames of one side do among each other; it needs no constant of the encoder, keeps
/// slides that differ by a few lines, and joins the restless picture of a fixed camera. Can only remove boundaries, never add one.
struct WeakBoundaryMerge: Codable, Equatable, Sendable {
  /// Frames on each side, and so how many frames a decision waits.
  let reach: Int
  let similarity: Float
  let contrast: Float

  init(_ configuration: MemoryConfiguration.Segmentation) {
    reach = max(1, configuration.mergeReach)
    similarity = configuration.mergeSimilarity
    contrast = configuration.mergeContrast
  }

  /// - Parameters:
  ///   - episode: the first frame of the episode that the boundary would end.
  ///   - end: one past the last frame that may count for the right side.
  func joins(_ boundary: Int, episode: Int, end: Int, in history: FrameHistory) -> Bool {
    let left = max(episode, boundary - reach)..<boundary
    let right = boundary..<max(boundary, min(end, boundary + reach))
    guard !left.isEmpty, !right.isEmpty else { return true }
    if VectorScan.cosine(history.centredMean(of: left), history.centredMean(of: right)) > similarity { return true }
    let (before, after) = (history.spread(of: left), history.spread(of: right))
    let distance = zip(before.mean, after.mean).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return distance < contrast * (before.variance + after.variance)
  }
}
