import Core
import Testing

@testable import Memory

@Suite struct PoolingTests {
  /// Every cell of the result as the mean of a picture blown up until all edges fall on whole pixels.
  private func naive(_ grid: FeatureGrid, stride: Int) -> FeatureGrid {
    let (rows, columns) = ((grid.rows + stride - 1) / stride, (grid.columns + stride - 1) / stride)
    var result = FeatureGrid(
      rows: rows, columns: columns, channels: grid.channels, values: .init(repeating: 0, count: rows * columns * grid.channels))
    for channel in 0..<grid.channels {
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = 0.0
          for y in (row * grid.rows)..<((row + 1) * grid.rows) {
            for x in (column * grid.columns)..<((column + 1) * grid.columns) {
              sum += Double(grid.values[((y / rows) * grid.columns + x / columns) * grid.channels + channel])
            }
          }
          result.values[(row * columns + column) * grid.channels + channel] = Float(sum / Double(grid.rows * grid.columns))
        }
      }
    }
    return result
  }

  @Test(
    "a pooled grid is the mean over equal shares of the original, also where the sides do not divide", arguments: [1, 2, 3, 5, 7, 8, 12])
  func pooled(side: Int) {
    var random = Seeded(state: UInt64(side))
    for columns in [side, side + 1, 2 * side] {
      let grid = FeatureGrid(rows: side, columns: columns, channels: 5, values: random.vector(side * columns * 5))
      for stride in [1, 2, 3, 8] {
        let (found, expected) = (ProgressivePooling.pool(grid, stride: stride), naive(grid, stride: stride))
        #expect((found.rows, found.columns) == (expected.rows, expected.columns))
        let worst = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
        #expect(worst < 1e-5, "\(side)x\(columns) by \(stride): off by \(worst)")
      }
    }
  }

  @Test("a grid of 7 by 7 is kept as 4 by 4 for the first frame of every group of four and not at all for the others")
  func defaults() {
    let pooling = ProgressivePooling(.init())
    let grid = FeatureGrid(rows: 7, columns: 7, channels: 2, values: .init(repeating: 1, count: 98))
    #expect(pooling.anchorGrid(grid)?.rows == 4)
    #expect(pooling.anchorGrid(grid)?.columns == 4)
    #expect(pooling.restGrid(grid) == nil)
    #expect(pooling.anchors(of: 9) { _ in nil } == [0, 4, 8])
  }

  @Test("the novel anchor is the frame in which one place of the picture changed, unless only one frame shows it")
  func novel() {
    var configuration = MemoryConfiguration.Pooling()
    configuration.anchor = .novel
    let pooling = ProgressivePooling(configuration)
    func grid(_ changed: Bool) -> FeatureGrid {
      FeatureGrid(rows: 2, columns: 2, channels: 1, values: [0, 0, 0, changed ? 5 : 0])
    }
    #expect(pooling.anchors(of: 8) { grid($0 == 6 || $0 == 7) } == [0, 6])
    #expect(pooling.anchors(of: 8) { grid($0 == 6) } == [0, 4])
  }

  @Test("a larger grid keeps a coarse one for the frames between the anchors")
  func larger() {
    let pooling = ProgressivePooling(.init())
    let grid = FeatureGrid(rows: 27, columns: 27, channels: 1, values: .init(repeating: 1, count: 729))
    #expect(pooling.anchorGrid(grid)?.rows == 14)
    #expect(pooling.restGrid(grid)?.rows == 4)
  }

  @Test("frames pass from short-term to long-term detail when their episode ends, in groups that restart at every episode")
  func inTheStore() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 100, seed: 21, side: 9)
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    for batch in scene.batches.prefix(95) { try await store.commit(batch) }
    let snapshot = try MemorySnapshot.open(scratch.memory)
    let pooling = ProgressivePooling(.init())
    for episode in try snapshot.episodes() {
      let frames = try snapshot.frames(of: "film", within: episode.range)
      #expect(frames.count == episode.frames)
      for (index, frame) in frames.enumerated() {
        let kept = try #require(try snapshot.grid(ofFrame: frame.id))
        let second = Int(frame.range.start.seconds)
        guard case .frame(let features) = scene.batches[second].observations[0].content, let grid = features.grid else { continue }
        let expected = index % 4 == 0 || episode.isOpen ? pooling.anchorGrid(grid) : pooling.restGrid(grid)
        #expect(
          kept
            == expected.map { FeatureGrid(rows: $0.rows, columns: $0.columns, channels: $0.channels, values: HalfFloat.rounded($0.values)) }
        )
        #expect(frame.level == (episode.isOpen ? .full : .pooled))
        #expect(frame.episode == episode.id)
      }
    }
  }

  @Test("short-term memory holds the newest stretch, within its time and its bytes")
  func ring() {
    var configuration = MemoryConfiguration.ShortTerm()
    (configuration.seconds, configuration.bytes) = (10, 1_000_000)
    var ring = ShortTermMemory(configuration)
    let scene = Scene(seconds: 40, seed: 22)
    for batch in scene.batches { ring.take(batch.observations, upTo: batch.upTo) }
    #expect(ring.observations.first?.range.end == MediaTime(seconds: 30))
    #expect(ring.observations.last?.range.end == MediaTime(seconds: 40))
    #expect(ring.observations.contains { if case .frame(let features) = $0.content { features.grid != nil } else { false } })
    configuration.bytes = 4000
    var small = ShortTermMemory(configuration)
    for batch in scene.batches { small.take(batch.observations, upTo: batch.upTo) }
    #expect(small.bytes <= 4000)
    #expect(!small.observations.isEmpty)
  }
}
