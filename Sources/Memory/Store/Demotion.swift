import Core
import Foundation
import GRDB

/// Takes finished episodes from one level of detail to the next as they grow older, or as room is needed.
///
/// Level 2 keeps one vector per two seconds and one grid per sixteen frames; level 3 one vector per stretch of the episode. Two rows become one
/// only inside a stretch, so a citation never gets coarser than what belongs together.
struct Demotion {
  let database: Database

  /// Rows of recent frames are large and come and go, those of old stretches are small and stay: they are kept apart by their numbers, so that a page
  /// is filled by rows of one kind.
  static let firstRecent: Int64 = 1 << 40

  private static let pairSeconds: Int64 = 2_000_000_000
  private static let framesPerGrid = 16

  /// One stored frame or stretch.
  private struct Held {
    var id: Int64
    var start: Int64
    var end: Int64
    var tags: [FrameFeatures.Tag]
    var pooled: Data?
    var pooledSpace: Int64?
    var textualSpace: Int64?
    var frames: Int
    var run: Int?
    var hasGrid: Bool
  }

  /// Demotes every finished episode of a stream that is old enough.
  ///
  /// - Parameter now: where the stream stands.
  func byAge(stream: Int64, now: MediaTime, _ retention: MemoryConfiguration.Retention) throws {
    let ages = [(DetailLevel.pooled, retention.pooledSeconds), (.anchors, max(retention.pooledSeconds, retention.anchorSeconds))]
    for (level, age) in ages {
      let due = try database.cachedStatement(
        sql: "SELECT id FROM episode WHERE stream = ? AND level = ? AND end < ? AND NOT open AND \(Holdings.isFree("episode")) ORDER BY end"
      )
      let before = (now - MediaTime(seconds: age)).nanoseconds
      for episode in try Int64.fetchAll(due, arguments: [stream, level.rawValue, before]) { try demote(episode, from: level) }
    }
  }

  /// Takes one finished episode one level down.
  func demote(_ episode: Int64, from level: DetailLevel) throws {
    let place = try database.cachedStatement(sql: "SELECT stream, start, end FROM episode WHERE id = ?")
    guard let row = try Row.fetchOne(place, arguments: [episode]) else { return }
    let (stream, start, end): (Int64, Int64, Int64) = (
      try row.decode(forColumn: "stream"), try row.decode(forColumn: "start"), try row.decode(forColumn: "end")
    )
    let rows = try held(stream, from: start, to: end)
    let next: DetailLevel = level == .pooled ? .anchors : .episode
    var vectors = VectorPages(database, .frame)
    for group in Self.groups(rows, next) { try merge(group, to: next, in: stream, &vectors) }
    try vectors.save()
    if next == .anchors { try thinGrids(rows) }
    try database.cachedStatement(sql: "UPDATE episode SET level = ? WHERE id = ?").execute(arguments: [next.rawValue, episode])
  }

  private func held(_ stream: Int64, from start: Int64, to end: Int64) throws -> [Held] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id, start, end, tags, pooled, pooled_space, textual_space, frames, run, grid IS NOT NULL AS has_grid
        FROM frame WHERE stream = ? AND start >= ? AND start < ? ORDER BY start
        """)
    return try Row.fetchAll(statement, arguments: [stream, start, end]).map { row in
      Held(
        id: try row.decode(forColumn: "id"), start: try row.decode(forColumn: "start"), end: try row.decode(forColumn: "end"),
        tags: try JSON.decode([FrameFeatures.Tag].self, row.decode(forColumn: "tags")), pooled: try row.decode(forColumn: "pooled"),
        pooledSpace: try row.decode(forColumn: "pooled_space"), textualSpace: try row.decode(forColumn: "textual_space"),
        frames: try row.decode(forColumn: "frames"),
        run: try row.decode(forColumn: "run"),
        hasGrid: try row.decode(forColumn: "has_grid"))
    }
  }

  /// Rows that become one, in order: of one stretch, and at level 2 of the same two seconds of it.
  private static func groups(_ rows: [Held], _ next: DetailLevel) -> [[Held]] {
    var groups: [[Held]] = []
    var begin: Int64 = 0
    for row in rows {
      if let first = groups.last?.first, first.run == row.run, first.pooledSpace == row.pooledSpace,
        first.textualSpace == row.textualSpace, next == .episode || row.end &- begin <= pairSeconds
      {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
        begin = row.start
      }
    }
    return groups
  }

  private func merge(_ rows: [Held], to level: DetailLevel, in stream: Int64, _ vectors: inout VectorPages) throws {
    guard let first = rows.first, let last = rows.last else { return }
    let place = first.textualSpace.map { VectorPages.Place(stream: stream, space: $0) }
    let weights = rows.map(\.frames)
    func mean(_ vectors: [Data?]) -> Data? {
      let present = vectors.compactMap { $0 }
      guard present.count == rows.count else { return nil }
      if present.count == 1 { return present[0] }
      // Lengths carry meaning in pooled features, so the plain mean is kept, not the unit one.
      var sum = [Float](repeating: 0, count: present[0].count / 2)
      let total = weights.reduce(Float(0)) { $0 + Float($1) }
      for (blob, weight) in zip(present, weights) {
        for (index, value) in HalfFloat.values(blob).enumerated() where index < sum.count { sum[index] += Float(weight) / total * value }
      }
      return HalfFloat.blob(sum)
    }
    let textual = try place.flatMap { place in mean(try rows.map { try vectors.vector(of: $0.id, in: place) }) }
    // What a stretch is searched by is its vector among sentences; the pooled one stays only where there is no other.
    let pooled = level == .episode && textual != nil ? nil : mean(rows.map(\.pooled))
    let drop = try database.cachedStatement(sql: "DELETE FROM frame WHERE id = ?")
    let keeper = rows.first(where: \.hasGrid) ?? first
    for row in rows where row.id != keeper.id { try drop.execute(arguments: [row.id]) }
    if let place { for row in rows { try vectors.remove(row.id, in: place) } }
    let update = try database.cachedStatement(
      sql: """
        UPDATE frame SET start = ?, end = ?, level = ?, tags = ?, pooled = ?, pooled_space = iif(?, pooled_space, NULL),
          textual_space = iif(?, textual_space, NULL), frames = ? WHERE id = ?
        """)
    let tags = rows.count == 1 ? first.tags : FrameFeatures.Tag.mean(of: rows.map { ($0.tags, $0.frames) })
    try update.execute(arguments: [
      first.start, last.end, level.rawValue, try JSON.encode(tags), pooled, pooled != nil, textual != nil, weights.reduce(0, &+), keeper.id,
    ])
    var id = keeper.id
    if level == .episode {
      id =
        try Int64.fetchOne(
          database.cachedStatement(sql: "SELECT ifnull(max(id), 0) + 1 FROM frame WHERE id < \(Self.firstRecent)")) ?? id
      try database.cachedStatement(sql: "UPDATE frame SET grid = NULL, grid_rows = NULL, grid_columns = NULL, id = ? WHERE id = ?")
        .execute(arguments: [id, keeper.id])
    }
    if let place, let textual { try vectors.insert(textual, for: id, in: place) }
  }

  /// Keeps one grid per sixteen frames of an episode.
  private func thinGrids(_ rows: [Held]) throws {
    let drop = try database.cachedStatement(sql: "UPDATE frame SET grid = NULL, grid_rows = NULL, grid_columns = NULL WHERE id = ?")
    var next = 0
    var seen = 0
    for row in rows {
      if row.hasGrid {
        if seen >= next { next = seen &+ Self.framesPerGrid } else { try drop.execute(arguments: [row.id]) }
      }
      seen &+= row.frames
    }
  }
}
