import Core
import Memory

/// The frames that streams of the benchmark are spliced from: what was seen, a second view of each, and the episodes they fall into.
struct BenchMaterial: Sendable {
  /// What a memory is searched by: the vector among sentences, or the pooled one where there is no sentence model.
  /// *Shape* one per frame, each `[dimensions]`, as it is stored.
  let vectors: [[Float]]
  /// The same of the second view.
  let cues: [[Float]]
  /// For episode boundaries.
  let pooled: [[Float]]
  /// Frames of each recording.
  let recordings: [Range<Int>]
  let episodes: [Range<Int>]
  /// The episode that each frame belongs to.
  let scenes: [Int]
  /// Bytes of the vectors of one frame that is kept as it is, and of one vector that is searched.
  let frameBytes: Int
  let vectorBytes: Int

  init(_ recordings: [FeatureRecording], _ configuration: PipelineConfiguration) {
    var (vectors, cues, pooled): ([[Float]], [[Float]], [[Float]]) = ([], [], [])
    var (ranges, episodes): ([Range<Int>], [Range<Int>]) = ([], [])
    let hasSentences = recordings.allSatisfy { $0.seen.textual.count == $0.count && $0.cue.textual.count == $0.count }
    for recording in recordings {
      let first = vectors.count
      for index in 0..<recording.count {
        pooled.append(recording.seen.pooled[index])
        vectors.append(hasSentences ? recording.seen.textual[index] : pooled[first + index])
        cues.append(hasSentences ? recording.cue.textual[index] : recording.cue.pooled[index])
      }
      ranges.append(first..<vectors.count)
      let starts = [first] + Self.starts(pooled[first...], configuration.memory.segmentation).map { first + $0 } + [vectors.count]
      episodes += zip(starts, starts.dropFirst()).filter { $0 < $1 }.map { $0..<$1 }
    }
    (self.vectors, self.cues, self.pooled) = (vectors, cues, pooled)
    (self.recordings, self.episodes) = (ranges, episodes)
    scenes = episodes.enumerated().flatMap { scene, frames in frames.map { _ in scene } }
    let width = vectors.first?.count ?? 0
    vectorBytes = 2 * width
    frameBytes = 2 * (hasSentences ? (pooled.first?.count ?? 0) + width : width)
  }

  /// Where episodes begin in a run of frames, one a second; the first excepted.
  static func starts(_ frames: some Collection<[Float]>, _ configuration: MemoryConfiguration.Segmentation) -> [Int] {
    var segmenter = Segmenter(configuration, hasVideo: true, from: .zero)
    var starts: [MediaTime] = []
    for (index, vector) in frames.enumerated() {
      let range = TimeRange(start: MediaTime(seconds: Double(index)), end: MediaTime(seconds: Double(index + 1)))
      starts += segmenter.take(frame: vector, over: range) + segmenter.advance(to: range.end)
    }
    return (starts + segmenter.finish(at: MediaTime(seconds: Double(frames.count)))).map { Int($0.seconds.rounded()) }
  }
}
