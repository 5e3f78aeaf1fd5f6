import Core
import Foundation
import GRDB

/// What a memory holds and what it takes up: counts and bytes, by stream, by kind and by level of detail.
package struct MemoryInventory: Sendable, Equatable, Codable {
  package var streams: [Stream] = []
  /// Bytes of what is remembered, by what it is: `vectors`, `grids`, `texts`, `tags`, `pictures`, `ledger`.
  package var bytesByKind: [String: Int64] = [:]
  /// Bytes of frames by level of detail, 0 to 4.
  package var bytesByLevel: [Int: Int64] = [:]
  /// Size of `memory.sqlite`, and of its write-ahead log while there is one.
  package var databaseBytes: Int64 = 0
  package var logBytes: Int64 = 0
  package var pictureBytes: Int64 = 0
  /// Most bytes the folder may take.
  package var budget: Int64 = 0
  /// What of it may not be given up: the newest minute of streams that go on, pinned stretches, the ledger.
  package var heldBytes: Int64 = 0
  /// The budget would have to be this large for what is held.
  package var leastBudget: Int64 = 0
  package var pins: Int = 0
  package var version: Int = Schema.version

  package var totalBytes: Int64 { databaseBytes + logBytes + pictureBytes }
  /// Over all streams; nil when nothing has any length.
  package var bytesPerHour: Double? {
    let seconds = streams.map(\.seconds).reduce(0, +)
    return seconds > 0 ? Double(totalBytes) / seconds * 3600 : nil
  }

  package struct Stream: Sendable, Equatable, Codable {
    package var name: StreamID
    package var path: String
    package var seconds: Double
    package var finished: Bool
    package var episodes: Int
    package var frames: Int
    /// Lines read on screen.
    package var lines: Int
    package var utterances: Int
    package var words: Int
    package var sounds: Int
    /// Facts about the picture: light, colours, camera.
    package var looks: Int
    package var gaps: Int
    package var facts: Int
    /// Of what is remembered of this stream, pictures left out.
    package var bytes: Int64
  }

  package init(_ snapshot: MemorySnapshot) throws {
    let records = try snapshot.streams
    try snapshot.read("counting") { database in
      for record in records { streams.append(try Self.stream(record, row: snapshot.rows[record.id] ?? -1, database)) }
      let sizes = try Row.fetchAll(
        database,
        sql: """
          SELECT level, total(length(pooled)) + total(\(VectorPages.Table.frame.bytes)) AS vectors, total(length(grid)) + total(length(rest)) AS grids,
            total(length(tags)) AS tags, total(length(frame_draft.thumbnail)) AS pictures
          FROM frame LEFT JOIN frame_draft ON frame = id GROUP BY level
          """)
      for row in sizes {
        for kind in ["vectors", "grids", "tags", "pictures"] {
          let bytes = Int64(try row.decode(Double.self, forColumn: kind))
          bytesByKind[kind, default: 0] += bytes
          bytesByLevel[try row.decode(Int.self, forColumn: "level"), default: 0] += bytes
        }
      }
      budget = try Budget.stored(database)
      heldBytes = try Holdings(database: database).bytes(size: snapshot.place.pictureSize)
      leastBudget = Budget.least(for: heldBytes)
      pins = try Int.fetchOne(database, sql: "SELECT count(*) FROM pin") ?? 0
      let texts = try Row.fetchOne(
        database,
        sql: "SELECT total(length(text)) + total(length(detail)) AS texts, total(\(VectorPages.Table.item.bytes)) AS vectors FROM item")
      bytesByKind["texts"] = Int64(try texts?.decode(Double.self, forColumn: "texts") ?? 0)
      bytesByKind["ledger"] = try Self.ledger(database)
      bytesByKind["vectors", default: 0] += Int64(try texts?.decode(Double.self, forColumn: "vectors") ?? 0)
    }
    databaseBytes = Self.size(snapshot.place.database.path)
    logBytes = Self.size(snapshot.place.database.path + "-wal")
    let pictures = (try? FileManager.default.contentsOfDirectory(atPath: snapshot.place.thumbnails.path)) ?? []
    pictureBytes = pictures.reduce(0) { $0 + Self.size(snapshot.place.thumbnails.appendingPathComponent($1).path) }
    bytesByKind["pictures", default: 0] += pictureBytes
  }

  private static func stream(_ record: StreamRecord, row: Int64, _ database: Database) throws -> Stream {
    func count(_ sql: String) throws -> Int { Int(try Double.fetchOne(database, sql: sql, arguments: [row]) ?? 0) }
    func items(_ modality: Modality) throws -> Int {
      try count("SELECT count(*) FROM item WHERE modality = '\(modality.rawValue)' AND NOT \(Schema.isGuess) AND stream = ?")
    }
    return Stream(
      name: record.id, path: record.source.path, seconds: record.extent.duration.seconds, finished: record.finished,
      episodes: try count("SELECT count(*) FROM episode WHERE stream = ?"),
      frames: try count("SELECT total(frames) FROM frame WHERE stream = ?"),
      lines: try items(.text), utterances: try items(.speech),
      words: try count("SELECT total(json_array_length(detail, '$.words')) FROM item WHERE modality = 'speech' AND stream = ?"),
      sounds: try items(.sound), looks: try items(.look), gaps: try items(.gap),
      facts: try count("SELECT count(*) FROM fact WHERE stream = ?"),
      bytes: Int64(
        try count(
          "SELECT total(length(pooled)) + total(\(VectorPages.Table.frame.bytes)) + total(length(grid)) + total(length(tags)) FROM frame WHERE stream = ?"
        )
          + count("SELECT total(length(text)) + total(length(detail)) + total(\(VectorPages.Table.item.bytes)) FROM item WHERE stream = ?"))
    )
  }

  /// Facts with their sources, and corrections.
  private static func ledger(_ database: Database) throws -> Int64 {
    let bytes = try Double.fetchOne(
      database,
      sql: """
        SELECT (SELECT total(length(head) + length(relation) + length(value) + 32) FROM fact) + (SELECT 24.0 * count(*) FROM fact_source)
          + (SELECT total(length(question) + length(answer) + length(author) + 24) + total(length(key)) + total(length(probes)) FROM correction)
        """)
    return Int64(bytes ?? 0)
  }

  private static func size(_ path: String) -> Int64 {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
  }
}
