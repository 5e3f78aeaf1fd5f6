import Core
import Foundation
import GRDB

/// What was removed from a memory on request.
package struct ForgetReceipt: Sendable, Equatable, Codable {
  package var stream: StreamID
  /// What was asked for, and what was removed: things that were partly inside are removed whole.
  package var asked: TimeRange
  package var removed: TimeRange
  /// Frames and stretches, at any level of detail.
  package var frames = 0
  package var lines = 0
  package var utterances = 0
  package var sounds = 0
  package var pictures = 0
  /// First appearances.
  package var landmarks = 0
  /// Corrections of the stretch, which went with it.
  package var corrections = 0
  /// Corrections that name no stretch, and therefore stay.
  package var standingCorrections = 0
  /// Whether nothing of it is left in the files. Not so while somebody still reads the memory as it was before.
  package var isErased = true
}

/// Removes a stretch of a stream from every level, index, picture and derived value.
struct Forgetting {
  let database: Database
  let stream: Int64
  let range: TimeRange
  /// From where on first appearances were forgotten too.
  private(set) var landmarksFrom: MediaTime

  init(database: Database, stream: Int64, range: TimeRange) {
    self.database = database
    self.stream = stream
    self.range = range
    landmarksFrom = range.start
  }

  private var bounds: StatementArguments { [stream, range.end.nanoseconds, range.start.nanoseconds, range.start.nanoseconds] }
  /// What shares time with the range, or is an instant inside it.
  private static let inside = "stream = ? AND start < ? AND (end > ? OR start >= ?)"
  /// What an earlier request left in the place of what it removed.
  static let gap = "forgotten on request"
  private static let items = "\(inside) AND NOT (modality = 'gap' AND text = '\(gap)')"

  /// - Returns: the pictures that no episode names any more.
  mutating func run(_ receipt: inout ForgetReceipt) throws -> [String] {
    for (table, condition) in [("frame", Self.inside), ("item", Self.items)] {
      let found = try Row.fetchOne(
        database, sql: "SELECT min(start) AS low, max(end) AS high FROM \(table) WHERE \(condition)", arguments: bounds)
      guard let low = try found?.decode(Int64?.self, forColumn: "low"), let high = try found?.decode(Int64?.self, forColumn: "high") else {
        continue
      }
      receipt.removed = receipt.removed.union(
        TimeRange(start: MediaTime(nanoseconds: low), end: MediaTime(nanoseconds: high)))
    }
    receipt.lines = try count(.text)
    receipt.utterances = try count(.speech)
    receipt.sounds = try count(.sound)
    receipt.frames = Int(
      try Int64.fetchOne(database, sql: "SELECT ifnull(sum(frames), 0) FROM frame WHERE \(Self.inside)", arguments: bounds) ?? 0)
    for (table, condition) in [(VectorPages.Table.frame, Self.inside), (.item, Self.items)] {
      var vectors = VectorPages(database, table)
      try vectors.remove(where: condition, bounds)
      try vectors.save()
      try database.execute(sql: "DELETE FROM \(table) WHERE \(condition)", arguments: bounds)
    }
    try database.execute(
      sql: "DELETE FROM pin WHERE stream = ? AND start >= ? AND end <= ?",
      arguments: [stream, range.start.nanoseconds, range.end.nanoseconds])
    try corrections(&receipt)
    // The vector of a first appearance is the mean of a stretch, which may reach into the range from the beginning of its episode.
    let first =
      try Int64.fetchOne(
        database, sql: "SELECT start FROM episode WHERE stream = ? AND start <= ? ORDER BY start DESC LIMIT 1",
        arguments: [stream, range.start.nanoseconds]) ?? range.start.nanoseconds
    landmarksFrom = MediaTime(nanoseconds: min(first, range.start.nanoseconds))
    try database.execute(
      sql: "DELETE FROM landmark WHERE stream = ? AND start >= ? AND start < ?",
      arguments: [stream, landmarksFrom.nanoseconds, range.end.nanoseconds])
    receipt.landmarks = database.changesCount
    // So is a link from or to such a stretch made of what it showed.
    for end in ["start", "earlier"] {
      try database.execute(
        sql: "DELETE FROM reminder WHERE stream = ? AND \(end) >= ? AND \(end) < ?",
        arguments: [stream, landmarksFrom.nanoseconds, range.end.nanoseconds])
    }
    try Reminder.removeBroken(database)
    let pictures = try episodes()
    receipt.pictures = pictures.count
    // The index keeps the words of rows that are gone until it is made anew.
    try database.execute(sql: "INSERT INTO item_text (item_text) VALUES ('rebuild')")
    // That something is missing here is remembered; what it was is not.
    try database.execute(
      sql: "INSERT INTO item (stream, modality, start, end, text, confidence) VALUES (?, 'gap', ?, ?, '\(Self.gap)', 1)",
      arguments: [stream, range.start.nanoseconds, range.end.nanoseconds])
    return pictures
  }

  /// Corrections of a stretch go with it. One that names none is not about what was perceived there and then, so it stays, unless nothing of its
  /// stream is left; the receipt counts those that stay.
  private func corrections(_ receipt: inout ForgetReceipt) throws {
    try database.execute(sql: "DELETE FROM correction WHERE \(Self.inside)", arguments: bounds)
    receipt.corrections = database.changesCount
    let isEmpty = try Bool.fetchOne(
      database,
      sql:
        "SELECT NOT EXISTS (SELECT 1 FROM frame WHERE stream = :id) AND NOT EXISTS (SELECT 1 FROM item WHERE stream = :id AND modality <> 'gap')",
      arguments: ["id": stream])
    if isEmpty == true {
      try database.execute(sql: "DELETE FROM correction WHERE stream = ?", arguments: [stream])
      receipt.corrections += database.changesCount
    }
    receipt.standingCorrections =
      try Int.fetchOne(
        database, sql: "SELECT count(*) FROM correction WHERE start IS NULL AND (stream IS NULL OR stream = ?)", arguments: [stream]) ?? 0
  }

  private func count(_ modality: Modality) throws -> Int {
    try Int.fetchOne(
      database, sql: "SELECT count(*) FROM item WHERE \(Self.inside) AND modality = '\(modality.rawValue)'", arguments: bounds) ?? 0
  }

  /// Episodes lose their pictures and take their labels from what is left; those that lost everything become one.
  private func episodes() throws -> [String] {
    let rows = try Row.fetchAll(
      database, sql: "SELECT id, start, end, open, thumbnail FROM episode WHERE \(Self.inside) ORDER BY start", arguments: bounds)
    var pictures: [String] = []
    var emptied: (id: Int64, end: Int64)?
    for row in rows {
      let (id, start, end): (Int64, Int64, Int64) = (
        try row.decode(forColumn: "id"), try row.decode(forColumn: "start"), try row.decode(forColumn: "end")
      )
      if let path = try row.decode(String?.self, forColumn: "thumbnail") { pictures.append(path) }
      let isOpen = try row.decode(Bool.self, forColumn: "open")
      let isInside = start >= range.start.nanoseconds && end <= range.end.nanoseconds && !isOpen
      if isInside, let first = emptied, first.end == start {
        try database.execute(sql: "DELETE FROM episode WHERE id = ?", arguments: [id])
        try database.execute(sql: "UPDATE episode SET end = ? WHERE id = ?", arguments: [end, first.id])
        emptied = (first.id, end)
        continue
      }
      let left = try Row.fetchAll(
        database, sql: "SELECT tags, frames FROM frame WHERE stream = ? AND start >= ? AND start < ?", arguments: [stream, start, end])
      let tags = try left.map {
        (
          tags: try JSON.decode([FrameFeatures.Tag].self, $0.decode(forColumn: "tags")),
          weight: try $0.decode(Int.self, forColumn: "frames")
        )
      }
      try database.execute(
        sql: "UPDATE episode SET tags = ?, thumbnail = NULL WHERE id = ?",
        arguments: [isOpen ? "[]" : try JSON.encode(FrameFeatures.Tag.mean(of: tags)), id])
      emptied = isInside ? (id, end) : nil
    }
    return pictures
  }
}
