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
  package struct Run: Sendable {
    /// Indices into the episode's frames.
    package var frames: Range<Int>
    /// Unit length, as it is stored.
    package var vector: [Float]
    package var salience: Float
    /// Whether it is the first appearance of something.
    package var isLandmark: Bool
    /// The start of the landmark that made room for this one.
    package var displaced: MediaTime?
    /// First appearances it reminds of.
    package var reminders: [(earlier: MediaTime, cosine: Float)] = []
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
    return try close(units, runs: code.runs, starts: starts, company: company)
  }

  /// The same for an episode that is divided already.
  ///
  /// - Parameter units: one per frame, unit length.
  package mutating func close(
    _ units: [[Float]], runs: [Range<Int>], starts: [MediaTime], company: (Range<Int>) throws -> Salience.Company
  ) rethrows -> [Run] {
    var links: [(run: Int, earlier: MediaTime, cosine: Float)] = []
    var closed = try runs.enumerated().map { number, frames in
      let isKeyframe = pooling.strategy == .keyframe
      let members = isKeyframe ? frames.lowerBound..<(frames.lowerBound + 1) : frames
      let mean = EpisodeCode.mean(of: units[members], weights: repeatElement(1, count: members.count))
      let vector = HalfFloat.rounded(mean)
      let near = (max(0, frames.lowerBound - 2)..<min(units.count, frames.upperBound + 2)).filter { !frames.contains($0) }
      let value = salience.take(
        vector, frames: units[frames], neighbours: near.map { units[$0] }, company: try company(frames), landmarks: landmarks)
      var run = Run(frames: frames, vector: vector, salience: value.salience, isLandmark: false, displaced: nil)
      links += reminders(of: number, from: starts[0], value.cosines)
      if value.novelty >= configuration.landmarkNovelty, value.support >= Self.leastSupport {
        (run.isLandmark, run.displaced) = landmarks.insert(vector, at: starts[frames.lowerBound])
      }
      return run
    }
    for link in links.sorted(by: { ($0.cosine, $1.earlier) > ($1.cosine, $0.earlier) }).prefix(configuration.reminders) {
      closed[link.run].reminders.append((link.earlier, link.cosine))
    }
    return closed
  }

  /// Least time between an episode and what it reminds of.
  private static let reminderGap = MediaTime(seconds: 30)

  /// The first appearance that a stretch is most like, if it is like any that lies back far enough.
  private func reminders(of run: Int, from start: MediaTime, _ cosines: [Float]) -> [(run: Int, earlier: MediaTime, cosine: Float)] {
    guard configuration.reminders > 0 else { return [] }
    let known = zip(landmarks.starts, cosines).filter { $0.0 + Self.reminderGap <= start && $0.1 >= configuration.reminderSimilarity }
    return known.max { ($0.1, $1.0) < ($1.1, $0.0) }.map { [(run, $0.0, $0.1)] } ?? []
  }

  /// Takes back in what a stored memory remembers, in the order in which it was made.
  mutating func restore(_ vector: [Float], at start: MediaTime) { _ = landmarks.insert(vector, at: start) }

  /// Forgets the first appearances in a stretch of the stream.
  mutating func forget(from start: MediaTime, to end: MediaTime) { landmarks.remove { $0 >= start && $0 < end } }
}
