import Core

/// Keeps one frame of every group in detail and the others coarsely, so that an episode keeps both what it looked like and when it
/// changed.
///
/// *Source* Visual Context Window Extension, equations 6 to 9: groups of `K` consecutive frames, `Pool(F, stride = s_h)` for the
/// first frame of a group and `Pool(F, stride = s_l)` for the rest, with K = 4, s_h = 2, s_l = 8 (its section 4.2). Groups restart
/// at every episode, because a group across a cut would mix two scenes.
package struct ProgressivePooling: Sendable, Equatable {
  package var group: Int
  package var highResolutionStride: Int
  package var lowResolutionStride: Int
  package var anchor: MemoryConfiguration.Pooling.Anchor

  package init(_ configuration: MemoryConfiguration.Pooling) {
    group = max(1, configuration.group)
    highResolutionStride = max(1, configuration.highResolutionStride)
    lowResolutionStride = max(1, configuration.lowResolutionStride)
    anchor = configuration.anchor
  }

  /// Which frames of an episode are kept at the high-resolution stride: one of every group.
  ///
  /// - Parameters:
  ///   - count: frames in the episode.
  ///   - grid: the grid of a frame, as an anchor would keep it; asked for only by `novel`.
  package func anchors(of count: Int, grid: (Int) throws -> FeatureGrid?) rethrows -> [Int] {
    let starts = stride(from: 0, to: count, by: group)
    guard anchor == .novel else { return Array(starts) }
    var previous: FeatureGrid?
    return try starts.map { start in
      let members = start..<min(count, start + group)
      let grids = try members.map(grid)
      let residuals = grids.map { grid in grid.flatMap { grid in previous.map { Self.residual(grid, $0) } } ?? 0 }
      // A change that only one frame shows is a flash, so a frame counts no more than its better neighbour.
      let supported = residuals.indices.map { index in
        let near = [index - 1, index + 1].filter(residuals.indices.contains).map { residuals[$0] }.max() ?? residuals[index]
        return min(residuals[index], near)
      }
      let chosen = supported.indices.max { (supported[$0], $1) < (supported[$1], $0) } ?? 0
      previous = grids[chosen] ?? previous
      return start + chosen
    }
  }

  /// How much two grids differ where they differ most: the greatest squared distance of two cells.
  private static func residual(_ a: FeatureGrid, _ b: FeatureGrid) -> Float {
    guard (a.rows, a.columns, a.channels) == (b.rows, b.columns, b.channels) else { return 0 }
    var most: Float = 0
    for cell in 0..<a.rows * a.columns {
      var squares: Float = 0
      for index in cell * a.channels..<(cell + 1) * a.channels {
        squares += (a.values[index] - b.values[index]) * (a.values[index] - b.values[index])
      }
      most = max(most, squares)
    }
    return most
  }

  /// The grid kept of a frame; nil where a single cell is left, which says no more than the pooled vector.
  package func anchorGrid(_ grid: FeatureGrid) -> FeatureGrid? { reduced(grid, highResolutionStride) }
  package func restGrid(_ grid: FeatureGrid) -> FeatureGrid? { reduced(grid, lowResolutionStride) }

  private func reduced(_ grid: FeatureGrid, _ stride: Int) -> FeatureGrid? {
    let pooled = Self.pool(grid, stride: stride)
    return pooled.rows * pooled.columns > 1 ? pooled : nil
  }

  /// Down-samples a grid to `ceil(side / stride)` on both sides. Every cell of the result is the mean over an equal share of the
  /// original, whose cells count by how much of them lies inside; so the mean over all cells stays what it was.
  package static func pool(_ grid: FeatureGrid, stride: Int) -> FeatureGrid {
    let rows = (grid.rows + stride - 1) / stride
    let columns = (grid.columns + stride - 1) / stride
    guard grid.rows > 0, grid.columns > 0, grid.channels > 0, (rows, columns) != (grid.rows, grid.columns) else { return grid }
    let (down, across) = (shares(of: grid.rows, in: rows), shares(of: grid.columns, in: columns))
    var values = [Float](repeating: 0, count: rows * columns * grid.channels)
    for (row, rowShares) in down.enumerated() {
      for (column, columnShares) in across.enumerated() {
        let target = (row * columns + column) * grid.channels
        for (sourceRow, rowWeight) in rowShares {
          for (sourceColumn, columnWeight) in columnShares {
            let source = (sourceRow * grid.columns + sourceColumn) * grid.channels
            let weight = rowWeight * columnWeight
            for channel in 0..<grid.channels { values[target + channel] += weight * grid.values[source + channel] }
          }
        }
      }
    }
    return FeatureGrid(rows: rows, columns: columns, channels: grid.channels, values: values)
  }

  /// For each of `count` equal parts of `side` cells: which cells lie in it and with what weight. Weights of a part add up to one.
  private static func shares(of side: Int, in count: Int) -> [[(Int, Float)]] {
    (0..<count).map { part in
      // In units of 1/count of a cell, so that every edge is a whole number.
      let (start, end) = (part * side, (part + 1) * side)
      return (start / count..<(end + count - 1) / count).map { cell in
        let overlap = min(end, (cell + 1) * count) - max(start, cell * count)
        return (cell, Float(overlap) / Float(side))
      }
    }
  }
}
