import Core

/// One sampled frame as it is remembered, without its vectors (`MemorySnapshot.frameTrack` gives those in bulk).
package struct FrameRecord: Sendable, Equatable, Identifiable {
  package var id: Int64
  package var stream: StreamID
  package var range: TimeRange
  package var level: DetailLevel
  /// The likeliest labels, best first; at most five.
  package var tags: [FrameFeatures.Tag]
  package var episode: Int64?

  package init(id: Int64, stream: StreamID, range: TimeRange, level: DetailLevel, tags: [FrameFeatures.Tag], episode: Int64?) {
    self.id = id
    self.stream = stream
    self.range = range
    self.level = level
    self.tags = tags
    self.episode = episode
  }
}
