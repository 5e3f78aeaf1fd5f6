import Core
import Foundation
import GRDB

/// Level 4: neighbouring episodes of which only their code is left become one chapter, with the labels likeliest over both. The time ranges of the
/// stretches that are kept stay what they are.
struct Chapters {
  let database: Database

  /// Longest chapter, so that it still says when.
  private static let longest = MediaTime(seconds: 3600)

  /// Merges pairs of neighbours, oldest first.
  ///
  /// - Returns: whether any was.
  func merge(upTo count: Int) throws -> Bool {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, stream, start, end, tags, thumbnail, level FROM episode WHERE level >= \(DetailLevel.episode.rawValue) AND NOT open
          AND \(Holdings.isFree("episode"))
        ORDER BY stream, start
        """)
    var merged = 0
    var index = 0
    let drop = try database.cachedStatement(sql: "DELETE FROM episode WHERE id = ?")
    let widen = try database.cachedStatement(sql: "UPDATE episode SET end = ?, level = ?, tags = ? WHERE id = ?")
    let mark = try database.cachedStatement(sql: "UPDATE frame SET level = ? WHERE stream = ? AND start >= ? AND start < ?")
    while index + 1 < rows.count, merged < count {
      let (a, b) = (rows[index], rows[index + 1])
      let (start, middle, end): (Int64, Int64, Int64) = (
        try a.decode(forColumn: "start"), try a.decode(forColumn: "end"), try b.decode(forColumn: "end")
      )
      let stream = try a.decode(Int64.self, forColumn: "stream")
      // A picture belongs to one episode; an episode that still has its own is merged only into one before it that has none left to lose.
      let isPair =
        try stream == b.decode(Int64.self, forColumn: "stream") && middle == b.decode(Int64.self, forColumn: "start")
        && end &- start <= Self.longest.nanoseconds && b.decode(String?.self, forColumn: "thumbnail") == nil
      guard isPair else {
        index += 1
        continue
      }
      let tags = try [a, b].map { row in
        (
          tags: try JSON.decode([FrameFeatures.Tag].self, row.decode(forColumn: "tags")),
          weight: max(
            1,
            Int(try row.decode(Int64.self, forColumn: "end") / 1_000_000_000 - row.decode(Int64.self, forColumn: "start") / 1_000_000_000))
        )
      }
      try drop.execute(arguments: [try b.decode(Int64.self, forColumn: "id")])
      try widen.execute(arguments: [
        end, DetailLevel.chapter.rawValue, try JSON.encode(FrameFeatures.Tag.mean(of: tags)), try a.decode(Int64.self, forColumn: "id"),
      ])
      try mark.execute(arguments: [DetailLevel.chapter.rawValue, stream, start, end])
      merged += 1
      index += 2
    }
    return merged > 0
  }
}
