import Core
import GRDB

/// What of a memory may not be given up, however little room there is: the newest minute of every stream that goes on, what a person pinned,
/// the ledger, and what streams need to go on from.
struct Holdings {
  let database: Database

  /// The newest stretch of a stream that is being watched.
  static let recent = MediaTime(seconds: 60)
  /// What a row takes beside its columns of variable length, its index entries included.
  static let rowBytes = 100
  /// Rows never fill their pages.
  private static let pageShare = 1.2

  /// The condition that a row of a table lies in no pinned stretch.
  static func isFree(_ table: String) -> String {
    "NOT EXISTS (SELECT 1 FROM pin WHERE pin.stream = \(table).stream AND pin.start < \(table).end AND pin.end > \(table).start)"
  }

  /// - Parameter size: how many bytes a picture takes.
  func bytes(size: (String) -> Int64) throws -> Int64 {
    var places = try pins()
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT stream.id, (SELECT min(start) FROM episode WHERE stream = stream.id AND (open OR end >= up_to - ?)) AS start
        FROM stream WHERE NOT finished
        """, arguments: [Self.recent.nanoseconds])
    {
      guard let start = try row.decode(Int64?.self, forColumn: "start") else { continue }
      places.append((try row.decode(forColumn: "id"), start, .max))
    }
    var pictures: [String: Int64] = [:]
    var rows = 0.0
    for place in Self.merged(places) {
      rows += try self.rows(place)
      for path in try String.fetchAll(
        database, sql: "SELECT thumbnail FROM episode WHERE thumbnail IS NOT NULL AND stream = ? AND start < ? AND end > ?",
        arguments: [place.stream, place.end, place.start])
      { pictures[path] = size(path) }
    }
    let ledger = try Double.fetchOne(
      database,
      sql: """
        SELECT (SELECT total(length(head) + length(relation) + length(value) + 2 * \(Self.rowBytes)) FROM fact)
          + (SELECT total(length(question) + length(answer) + ifnull(length(key), 0) + ifnull(length(probes), 0) + \(Self.rowBytes)) FROM correction)
          + (SELECT total(length(state)) FROM stage) + (SELECT total(length(vector) + \(Self.rowBytes)) FROM landmark)
        """)
    return Int64(Self.pageShare * (rows + (ledger ?? 0))) + pictures.values.reduce(0, +)
  }

  /// What the rows of one stretch take.
  private func rows(_ place: (stream: Int64, start: Int64, end: Int64)) throws -> Double {
    let bytes = try Double.fetchOne(
      database,
      sql: """
        SELECT (SELECT total(\(Self.rowBytes) + ifnull(length(pooled), 0) + \(VectorPages.Table.frame.bytes) + ifnull(length(grid), 0) + length(tags)
            + ifnull(length(rest), 0) + ifnull(length(frame_draft.thumbnail), 0))
          FROM frame LEFT JOIN frame_draft ON frame = frame.id WHERE stream = :stream AND start < :end AND end > :start)
        + (SELECT total(\(Self.rowBytes) + 2 * length(text) + ifnull(length(detail), 0) + \(VectorPages.Table.item.bytes))
          FROM item WHERE stream = :stream AND start < :end AND end > :start)
        """, arguments: ["stream": place.stream, "start": place.start, "end": place.end])
    return bytes ?? 0
  }

  private func pins() throws -> [(stream: Int64, start: Int64, end: Int64)] {
    try Row.fetchAll(database, sql: "SELECT stream, start, end FROM pin").map {
      (try $0.decode(forColumn: "stream"), try $0.decode(forColumn: "start"), try $0.decode(forColumn: "end"))
    }
  }

  /// The same stretches without overlaps, so that nothing counts twice.
  private static func merged(_ places: [(stream: Int64, start: Int64, end: Int64)]) -> [(stream: Int64, start: Int64, end: Int64)] {
    var merged: [(stream: Int64, start: Int64, end: Int64)] = []
    for place in places.sorted(by: { ($0.stream, $0.start) < ($1.stream, $1.start) }) {
      if let last = merged.last, last.stream == place.stream, last.end >= place.start {
        merged[merged.count - 1].end = max(last.end, place.end)
      } else {
        merged.append(place)
      }
    }
    return merged
  }
}
