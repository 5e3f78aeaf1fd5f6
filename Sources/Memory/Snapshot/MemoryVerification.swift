import Core
import Foundation
import GRDB

/// Proves that a memory holds together: what SQLite can check, and what only this program knows.
package struct MemoryVerification: Sendable, Equatable {
  /// What is wrong, one line each, naming the row; empty for a sound memory.
  package private(set) var problems: [String] = []

  /// Checks everything. *Complexity* reads the whole memory, and makes a private temporary copy of its tables.
  package init(_ snapshot: MemorySnapshot) throws {
    var isDamaged = false
    try snapshot.read("verifying") { database in
      let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
      problems += damage.map { "database: \($0)" }
      isDamaged = !damage.isEmpty
      guard !isDamaged else { return }
      problems += try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map {
        "table \($0[0] ?? "?"): row \($0[1] ?? "?") refers to a row of \($0[2] ?? "?") that is not there"
      }
      problems += try Self.broken(database)
      problems += try Self.vectors(database)
      for table in VectorPages.Table.allCases { problems += try VectorPages.problems(database, table) }
      problems += try Self.pictures(database, in: snapshot.place)
    }
    guard !isDamaged else { return }
    problems += try MemoryError.wrapping("verifying the memory \(snapshot.folder.path)") { try Self.texts(snapshot) }
  }

  /// Conditions that no row of a sound memory meets, and what to say of one that does.
  private static let rules: [(sql: String, says: String)] =
    [
      (
        "SELECT id FROM episode WHERE end < start OR level NOT BETWEEN 0 AND 4 OR NOT json_valid(tags)",
        "episode %@: its range, level or tags make no sense"
      ),
      (
        """
        SELECT id FROM (SELECT id, end, open, lead(start) OVER (PARTITION BY stream ORDER BY start) AS next FROM episode)
        WHERE next IS NOT NULL AND (end <> next OR open)
        """, "episode %@: does not end where the next begins"
      ),
      (
        "SELECT id FROM frame WHERE end < start OR level NOT BETWEEN 0 AND 4 OR NOT json_valid(tags)",
        "frame %@: its range, level or tags make no sense"
      ),
      (
        """
        SELECT id FROM frame WHERE NOT EXISTS
          (SELECT 1 FROM episode WHERE episode.stream = frame.stream AND frame.start >= episode.start AND frame.start < max(episode.end, episode.start + 1))
        """, "frame %@: lies in no episode"
      ),
      (
        """
        SELECT frame AS id FROM frame_draft JOIN frame ON frame.id = frame_draft.frame WHERE level > 0
        """, "frame %@: is pooled and still has its draft"
      ),
      (
        "SELECT id FROM (SELECT id, end, lead(start) OVER (PARTITION BY stream ORDER BY start) AS next FROM frame WHERE level > 0) WHERE end > next",
        "frame %@: runs into the next"
      ),
      ("SELECT id FROM frame WHERE pooled IS NULL AND textual_space IS NULL", "frame %@: has no vector"),
      ("SELECT id FROM frame WHERE frames < 1 OR (level >= 3 AND grid IS NOT NULL)", "frame %@: is not of its level"),
      (
        "SELECT id FROM item WHERE end < start OR (detail IS NOT NULL AND NOT json_valid(detail))",
        "item %@: its range or detail makes no sense"
      ),
      ("SELECT id FROM item WHERE modality NOT IN ('text', 'speech', 'sound', 'look', 'gap')", "item %@: is of an unknown kind"),
      (
        "SELECT id FROM stream WHERE finished AND EXISTS (SELECT 1 FROM episode WHERE stream = stream.id AND open)",
        "stream %@: has ended and has an open episode"
      ),
      ("SELECT id FROM stream WHERE NOT json_valid(configuration)", "stream %@: its configuration makes no sense"),
    ] + ledger

  private static func broken(_ database: Database) throws -> [String] {
    try rules.flatMap { rule in
      try Int64.fetchAll(database, sql: rule.sql).map { rule.says.replacingOccurrences(of: "%@", with: "\($0)") }
    }
  }

  /// Vectors that are not as long as their space says.
  private static func vectors(_ database: Database) throws -> [String] {
    let columns = [
      ("frame", "pooled", "pooled_space", "1"), ("correction", "key", "space", "1"),
      ("frame", "grid", "pooled_space", "grid_rows * grid_columns"),
    ]
    return try columns.flatMap { table, column, space, cells in
      try Row.fetchAll(
        database,
        sql: """
          SELECT \(table).id, length(\(column)) AS found, 2 * dimensions * \(cells) AS due FROM \(table) JOIN space ON space.id = \(space)
          WHERE \(column) IS NOT NULL AND found IS NOT due
          """
      ).map { "\(table) \($0["id"] ?? "?"): its \(column) has \($0["found"] ?? "?") bytes and should have \($0["due"] ?? "?")" }
    }
  }

  /// The full-text index against the texts. Its check counts as writing, so it runs on a private copy that is gone afterwards.
  private static func texts(_ snapshot: MemorySnapshot) throws -> [String] {
    let copy = try DatabaseQueue(path: "")
    try snapshot.database.backup(to: copy)
    do {
      try copy.write { try $0.execute(sql: "INSERT INTO item_text (item_text, rank) VALUES ('integrity-check', 1)") }
      return []
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
      return ["item_text: the full-text index does not match the items"]
    }
  }

  private static func pictures(_ database: Database, in place: MemoryFolder) throws -> [String] {
    let rows = try Row.fetchAll(database, sql: "SELECT id, thumbnail FROM episode WHERE thumbnail IS NOT NULL")
    var named: Set<String> = []
    var problems: [String] = []
    var missing: [(episode: Int64, path: String)] = []
    for row in rows {
      let (id, path) = (try row.decode(Int64.self, forColumn: "id"), try row.decode(String.self, forColumn: "thumbnail"))
      named.insert(path)
      guard path.hasPrefix("thumbnails/"), !path.contains(".."), let bytes = try? Data(contentsOf: place.url.appendingPathComponent(path))
      else {
        missing.append((id, path))
        continue
      }
      if !Thumbnail.isJPEG(Array(bytes)) { problems.append("episode \(id): its picture \(path) is no whole JPEG") }
    }
    // A writer may have given one up since the snapshot was taken: it is missing only if it is still named now.
    if !missing.isEmpty {
      let now = try MemorySnapshot.open(place.url).read("verifying") { connection in
        try Set(String.fetchAll(connection, sql: "SELECT thumbnail FROM episode WHERE thumbnail IS NOT NULL"))
      }
      problems += missing.filter { now.contains($0.path) }.map { "episode \($0.episode): its picture \($0.path) is not there" }
    }
    // A picture may be written before the row that names it; only one that no writer is about to name is an orphan.
    let present = (try? FileManager.default.contentsOfDirectory(atPath: place.thumbnails.path)) ?? []
    let isBeingWritten = (try? WriterLock.isHeld(place)) ?? true
    for name in present.sorted() where !isBeingWritten && !named.contains(Thumbnail.path(name)) {
      problems.append("\(Thumbnail.path(name)): belongs to no episode")
    }
    return problems
  }
}
