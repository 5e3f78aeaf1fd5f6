import Core

/// A stretch of stream that belongs together. The episodes of a stream follow one another without gaps.
package struct EpisodeRecord: Sendable, Equatable, Identifiable {
  package var id: Int64
  package var stream: StreamID
  package var range: TimeRange
  /// Whether the episode is still going on. At most one per stream, its last.
  package var isOpen: Bool
  package var level: DetailLevel
  /// How many sampled frames lie in it.
  package var frames: Int
  /// The labels that were likeliest over the whole episode, best first.
  package var tags: [FrameFeatures.Tag]
  /// Path of a JPEG, relative to the memory's folder; nil while the episode is open and where there was no picture.
  package var thumbnail: String?

  package init(
    id: Int64, stream: StreamID, range: TimeRange, isOpen: Bool, level: DetailLevel, frames: Int, tags: [FrameFeatures.Tag],
    thumbnail: String?
  ) {
    self.id = id
    self.stream = stream
    self.range = range
    self.isOpen = isOpen
    self.level = level
    self.frames = frames
    self.tags = tags
    self.thumbnail = thumbnail
  }
}
