/// What vision makes of one sampled frame.
package struct FrameFeatures: Sendable, Equatable {
  /// The feature grid, before pooling over the picture; nil once memory has pooled it away.
  package var grid: FeatureGrid?
  /// The pooled vector: for picture-to-picture similarity, novelty and episode boundaries.
  package var pooled: Embedding
  /// The picture in the space of sentences (ConSE: probability-weighted sum of label vectors), or in the model's own joint space.
  package var textual: Embedding?
  /// The likeliest labels, best first.
  package var tags: [Tag]
  /// A small JPEG of the upright frame; empty when none was asked for.
  package var thumbnail: [UInt8]

  package init(grid: FeatureGrid?, pooled: Embedding, textual: Embedding?, tags: [Tag], thumbnail: [UInt8] = []) {
    self.grid = grid
    self.pooled = pooled
    self.textual = textual
    self.tags = tags
    self.thumbnail = thumbnail
  }

  package struct Tag: Sendable, Equatable, Codable {
    package var label: String
    /// 0...1.
    package var probability: Float
    package init(label: String, probability: Float) {
      self.label = label
      self.probability = probability
    }
  }
}

/// A grid of feature vectors over a picture.
///
/// *Shape* `values`: `[rows, columns, channels]`, row-major, origin top left.
package struct FeatureGrid: Sendable, Equatable {
  package var rows: Int
  package var columns: Int
  package var channels: Int
  package var values: [Float]

  /// - Precondition: `values.count == rows * columns * channels`.
  package init(rows: Int, columns: Int, channels: Int, values: [Float]) {
    precondition(values.count == rows * columns * channels, "a grid of \(rows)x\(columns)x\(channels) got \(values.count) values")
    self.rows = rows
    self.columns = columns
    self.channels = channels
    self.values = values
  }
}
