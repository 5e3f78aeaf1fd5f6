import Core

/// What one stream remembers in order to judge what comes next: its first appearances, and its running salience.
package struct StreamRetention: Sendable {
  package private(set) var landmarks: Landmarks
  package private(set) var salience: Salience
  private let pooling: MemoryConfiguration.Pooling
  private let configuration: MemoryConfiguration.Retention

  package init(_ configuration: MemoryConfiguration, salience: Salience? = nil) {
    self.configuration = configuration.retention
    pooling = configuration.pooling
    landmarks = Landmarks(capacity: configuration.retention.landmarks)
    self.salience = salience ?? Salience()
  }

  /// A stretch of a finished episode, and what it is worth.
  package struct Run: Sendable, Equatable {
    /// Indices into the episode's frames.
    package var frames: Range<Int>
    /// Unit length, as it is stored.
    package var vector: [Float]
    package var salience: Float
    /// Whether it is the first appearance of something.
    package var isLandmark: Bool
    /// The start of the landmark that made room for this one.
    package var displaced: MediaTime?
  }

  /// A lone flash is no first appearance of anything.
  private static let leastSupport: Float = 0.5

  /// Takes a finished episode in.
  ///
  /// - Parameters:
  ///   - vectors: one per frame, in order.
  ///   - starts: when each frame begins.
  ///   - company: what else was perceived during some of the frames.
  package mutating func close(
    _ vectors: [[Float]], starts: [MediaTime], company: (Range<Int>) throws -> Salience.Company
  ) rethrows -> [Run] {
    let units = vectors.map(EpisodeCode.unit)
    let code = EpisodeCode(
      units, strategy: pooling.strategy, most: configuration.representatives, leastGain: configuration.leastGain)
    return try code.runs.map { frames in
      let isKeyframe = pooling.strategy == .keyframe
      let members = isKeyframe ? frames.lowerBound..<(frames.lowerBound + 1) : frames
      let mean = EpisodeCode.mean(of: units[members], weights: repeatElement(1, count: members.count))
      let vector = HalfFloat.rounded(mean)
      let near = (max(0, frames.lowerBound - 2)..<min(units.count, frames.upperBound + 2)).filter { !frames.contains($0) }
      let value = salience.take(
        vector, frames: units[frames], neighbours: near.map { units[$0] }, company: try company(frames), landmarks: landmarks)
      var run = Run(frames: frames, vector: vector, salience: value.salience, isLandmark: false, displaced: nil)
      if value.novelty >= configuration.landmarkNovelty, value.support >= Self.leastSupport {
        (run.isLandmark, run.displaced) = landmarks.insert(vector, at: starts[frames.lowerBound])
      }
      return run
    }
  }

  /// Takes back in what a stored memory remembers, in the order in which it was made.
  mutating func restore(_ vector: [Float], at start: MediaTime) { _ = landmarks.insert(vector, at: start) }

  /// Forgets the first appearances in a stretch of the stream.
  mutating func forget(from start: MediaTime, to end: MediaTime) { landmarks.remove { $0 >= start && $0 < end } }
}
