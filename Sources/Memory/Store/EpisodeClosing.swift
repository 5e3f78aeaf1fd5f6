import Core
import Foundation
import GRDB

/// What happens when an episode is over: its frames pass from short-term detail to long-term detail, it gets its tags and its picture.
struct EpisodeClosing {
  let database: Database
  let stream: Int64
  let pooling: ProgressivePooling

  /// One frame of the episode, as far as closing looks at it.
  private struct Frame {
    var row: Int64
    var vector: [Float]
    var tags: [FrameFeatures.Tag]
  }

  func close(at end: MediaTime, save: (String, Data) throws -> Void) throws {
    let episode = try database.cachedStatement(sql: "SELECT id, start FROM episode WHERE stream = ? AND open")
    guard let row = try Row.fetchOne(episode, arguments: [stream]) else { return }
    let start = MediaTime(nanoseconds: try row.decode(forColumn: "start"))
    let frames = try frames(from: start, to: end)
    try pool(frames.map(\.row))
    var path: String?
    if let typical = Self.mostTypical(frames.map(\.vector)),
      let picture = try Data.fetchOne(
        database.cachedStatement(sql: "SELECT thumbnail FROM frame_draft WHERE frame = ? AND thumbnail IS NOT NULL"),
        arguments: [frames[typical].row])
    {
      let name = Thumbnail.path(stream: stream, start: start)
      try save(name, picture)
      path = name
    }
    try discardDrafts(frames.map(\.row))
    let close = try database.cachedStatement(sql: "UPDATE episode SET end = ?, open = 0, level = ?, tags = ?, thumbnail = ? WHERE id = ?")
    try close.execute(arguments: [
      end.nanoseconds, DetailLevel.pooled.rawValue, try JSON.encode(Self.tags(of: frames.map(\.tags))), path,
      try row.decode(Int64.self, forColumn: "id"),
    ])
  }

  private func frames(from start: MediaTime, to end: MediaTime) throws -> [Frame] {
    let statement = try database.cachedStatement(
      sql: "SELECT id, pooled, tags FROM frame WHERE stream = ? AND start >= ? AND start < ? ORDER BY start")
    return try Row.fetchAll(statement, arguments: [stream, start.nanoseconds, end.nanoseconds]).map { row in
      Frame(
        row: try row.decode(forColumn: "id"), vector: HalfFloat.values(try row.decode(forColumn: "pooled")),
        tags: try JSON.decode([FrameFeatures.Tag].self, row.decode(forColumn: "tags")))
    }
  }

  /// Anchors keep the grid they were stored with; the others get their coarse one, or none.
  private func pool(_ rows: [Int64]) throws {
    let anchor = try database.cachedStatement(sql: "UPDATE frame SET level = \(DetailLevel.pooled.rawValue) WHERE id = ?")
    let rest = try database.cachedStatement(
      sql: """
        UPDATE frame SET level = \(DetailLevel.pooled.rawValue),
          (grid_rows, grid_columns, grid) = (SELECT rest_rows, rest_columns, rest FROM frame_draft WHERE frame = frame.id)
        WHERE id = ?
        """)
    for (index, row) in rows.enumerated() {
      try (pooling.isAnchor(index) ? anchor : rest).execute(arguments: [row])
    }
  }

  private func discardDrafts(_ rows: [Int64]) throws {
    let statement = try database.cachedStatement(sql: "DELETE FROM frame_draft WHERE frame = ?")
    for row in rows { try statement.execute(arguments: [row]) }
  }

  /// The frame most like the mean of all, the earliest of equals.
  private static func mostTypical(_ vectors: [[Float]]) -> Int? {
    guard let first = vectors.first else { return nil }
    var mean = [Float](repeating: 0, count: first.count)
    for vector in vectors where vector.count == mean.count { for index in mean.indices { mean[index] += vector[index] } }
    let cosines = vectors.map { $0.count == mean.count ? VectorScan.cosine($0, mean) : -1 }
    return cosines.indices.max { cosines[$0] < cosines[$1] || (cosines[$0] == cosines[$1] && $0 > $1) }
  }

  /// The labels likeliest on average, at most five.
  private static func tags(of frames: [[FrameFeatures.Tag]]) -> [FrameFeatures.Tag] {
    var sums: [String: Float] = [:]
    for tag in frames.joined() { sums[tag.label, default: 0] += tag.probability }
    return sums.map { FrameFeatures.Tag(label: $0.key, probability: $0.value / Float(frames.count)) }
      .sorted { ($0.probability, $1.label) > ($1.probability, $0.label) }.prefix(5).map { $0 }
  }
}
