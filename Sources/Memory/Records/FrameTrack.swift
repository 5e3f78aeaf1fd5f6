import Core

/// The vectors of a stream's frames in one space, in time order, as one block: what a scan runs over.
package struct FrameTrack: Sendable, Equatable {
  package var space: EmbeddingSpace
  package var dimensions: Int
  /// One per frame.
  package var ranges: [TimeRange]
  /// *Shape* `[frames, dimensions]`, row-major.
  package var vectors: [Float]
  /// The episode each frame belongs to; one per frame.
  package var episodes: [Int64]

  package init(space: EmbeddingSpace, dimensions: Int, ranges: [TimeRange], vectors: [Float], episodes: [Int64]) {
    self.space = space
    self.dimensions = dimensions
    self.ranges = ranges
    self.vectors = vectors
    self.episodes = episodes
  }

  package var count: Int { ranges.count }

  /// The vector of one frame. *Shape* `[dimensions]`.
  package func vector(_ index: Int) -> ArraySlice<Float> { vectors[(index * dimensions)..<((index + 1) * dimensions)] }
}
