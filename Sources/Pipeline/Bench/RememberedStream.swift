import Core
import Memory

/// One stream as every way of remembering would keep it.
struct RememberedStream: Sendable {
  private let stream: SplicedStream
  private let material: BenchMaterial
  private let configuration: MemoryConfiguration
  let episodes: [Range<Int>]
  let centre: [Float]
  private var stretches: [BenchArm.Code: [Stretch]] = [:]

  /// A stretch of an episode that is over.
  struct Stretch: Sendable {
    var range: Range<Int>
    var vector: [Float]
    var salience: Float
    var isPinned: Bool
    /// The second in which the first appearance began that gave way to this one.
    var displaced: Int?
    /// The first appearance it is most like: the second in which that began, and how like it is.
    var reminder: (earlier: Int, cosine: Float)?
  }

  /// What is kept in full however little room there is: the memory never demotes its newest minute.
  private static let recentSeconds = 60

  /// Seconds that are seen in the second view.
  private let otherView: Set<Int>

  /// - Parameter codes: what episodes are divided into; all there are for nil.
  init(
    _ stream: SplicedStream, _ material: BenchMaterial, _ configuration: MemoryConfiguration, codes: Set<BenchArm.Code>? = nil,
    otherView: Set<Int> = []
  ) {
    self.otherView = otherView
    (self.stream, self.material, self.configuration) = (stream, material, configuration)
    let starts =
      [0] + BenchMaterial.starts(stream.frames.lazy.map { material.pooled[$0] }, configuration.segmentation) + [stream.frames.count]
    episodes = zip(starts, starts.dropFirst()).filter { $0 < $1 }.map { $0..<$1 }
    var sum = [Float](repeating: 0, count: material.vectors[0].count)
    for frame in stream.frames { for index in sum.indices { sum[index] += material.vectors[frame][index] } }
    centre = sum.map { $0 / Float(stream.frames.count) }
    for code in codes ?? Set(BenchArm.allCases.compactMap { $0.choice?.code }) { stretches[code] = divided(code) }
  }

  /// Bytes of the stream's vectors when every frame is kept as it is.
  var bytes: Int { stream.frames.count * material.frameBytes }

  func memory(_ arm: BenchArm, bytes: Int) -> KeptMemory {
    let (count, room) = (stream.frames.count, bytes / material.vectorBytes)
    guard let choice = arm.choice else {
      switch arm {
      case .recentOnly: return frames(max(0, count - room)..<count)
      case .uniform: return frames(Self.spread(count, room).map { $0 })
      case .keyframe: return frames(Self.spread(episodes.count, room).map { episodes[$0].lowerBound })
      default: return frames(0..<count)
      }
    }
    var retention = configuration.retention
    retention.strategy = choice.retention
    let recent = max(0, count - Self.recentSeconds)..<count
    let capacity = max(0, (bytes - recent.count * material.frameBytes) / material.vectorBytes)
    var memory = KeptMemory(centre: centre)
    for stretch in kept(stretches[choice.code] ?? [], capacity, retention) where stretch.range.upperBound <= recent.lowerBound {
      memory.append(stretch.vector, for: stretch.range, bytes: material.vectorBytes)
    }
    for second in recent { memory.append(vector(second), for: second..<(second + 1), bytes: material.frameBytes) }
    return memory
  }

  private func frames(_ seconds: some Collection<Int>) -> KeptMemory {
    var memory = KeptMemory(centre: centre)
    for second in seconds { memory.append(vector(second), for: second..<(second + 1), bytes: material.vectorBytes) }
    return memory
  }

  /// At most `room` of `count` places, evenly spread.
  private static func spread(_ count: Int, _ room: Int) -> [Int] {
    count <= room ? Array(0..<count) : (0..<room).map { Int((Double($0) + 0.5) / Double(room) * Double(count)) }
  }

  /// The stretches that the memory's default divides the stream into, given up or not.
  var ownStretches: [Stretch] { stretches[.strategy(.progressive)] ?? [] }

  func vector(_ second: Int) -> [Float] {
    let frame = stream.frames[second]
    return otherView.contains(second) ? material.cues[frame] : material.vectors[frame]
  }

  // MARK: The memory's own values

  /// The stretches that the memory divides the stream's episodes into.
  private func divided(_ code: BenchArm.Code) -> [Stretch] {
    var configuration = configuration
    if case .strategy(let strategy) = code { configuration.pooling.strategy = strategy }
    // Every link there could be, so that a threshold can be looked for.
    (configuration.retention.reminders, configuration.retention.reminderSimilarity) = (.max, -1)
    var retention = StreamRetention(configuration)
    return episodes.flatMap { episode in
      let vectors = episode.map(vector)
      let starts = episode.map { MediaTime(seconds: Double($0)) }
      let runs: [StreamRetention.Run]
      if code == .farthestPoints {
        let units = vectors.map(EpisodeCode.unit)
        let chosen = FarthestPoints.runs(units, most: configuration.retention.representatives)
        runs = retention.close(units, runs: chosen, starts: starts) { _ in Salience.Company() }
      } else {
        runs = retention.close(vectors, starts: starts) { _ in Salience.Company() }
      }
      return runs.map { run in
        let members = code == .strategy(.keyframe) ? run.frames.prefix(1) : run.frames[...]
        var mean = [Float](repeating: 0, count: centre.count)
        for frame in members { for index in mean.indices { mean[index] += vectors[frame][index] / Float(members.count) } }
        return Stretch(
          range: (episode.lowerBound + run.frames.lowerBound)..<(episode.lowerBound + run.frames.upperBound), vector: mean,
          salience: run.salience, isPinned: run.isLandmark, displaced: run.displaced.map { Int($0.seconds.rounded()) },
          reminder: run.reminders.first.map { (Int($0.earlier.seconds.rounded()), $0.cosine) })
      }
    }
  }

  /// What is left of stretches that come one after the other when there is room for `capacity`.
  private func kept(_ stretches: [Stretch], _ capacity: Int, _ retention: MemoryConfiguration.Retention) -> [Stretch] {
    let policy = RetentionPolicy(retention)
    var items: [RetentionPolicy.Item] = []
    for (index, stretch) in stretches.enumerated() {
      if let gone = stretch.displaced, let place = items.firstIndex(where: { Int($0.start.seconds.rounded()) == gone }) {
        items[place].isPinned = false
      }
      let (start, now) = (MediaTime(seconds: Double(stretch.range.lowerBound)), MediaTime(seconds: Double(stretch.range.upperBound)))
      items.append(RetentionPolicy.Item(id: Int64(index), start: start, salience: stretch.salience, isPinned: stretch.isPinned, now: now))
      guard items.count > capacity else { continue }
      for place in items.indices { items[place].now = now }
      let least = Set(policy.least(items.count - capacity + capacity / 50, of: items))
      items.removeAll { least.contains($0.id) }
    }
    return items.map { stretches[Int($0.id)] }
  }
}
