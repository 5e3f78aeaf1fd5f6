import Core
import GRDB

/// A stretch of a stream that reminded of an earlier one when its episode ended: both are named by their starts.
///
/// *Source* HMT, section 3.2 (memory recall): a segment is a query into what came before. Its projections are trained; here plain similarity
/// with the first appearances decides, so a link costs nothing that salience had not computed.
package struct Reminder: Sendable, Equatable {
  package var stream: StreamID
  package var start: MediaTime
  package var earlier: MediaTime
  /// On vectors less the stream's mean.
  package var cosine: Float

  /// Removes the links of which either end is no longer remembered.
  static func removeBroken(_ database: Database) throws { try database.execute(sql: "DELETE FROM reminder WHERE \(isBroken)") }

  static let isBroken = """
    NOT EXISTS (SELECT 1 FROM frame WHERE frame.stream = reminder.stream AND frame.start = reminder.start)
    OR NOT EXISTS (SELECT 1 FROM frame WHERE frame.stream = reminder.stream AND frame.start = reminder.earlier)
    """
}

extension MemorySnapshot {
  /// The links of a stream, or of all, in order of stream and time; the most alike first.
  package func reminders(of stream: StreamID? = nil) throws -> [Reminder] {
    try read("reading the links") { connection in
      let chosen = stream.map { " WHERE stream = \(rows[$0] ?? -1)" } ?? ""
      return try Row.fetchAll(connection, sql: "SELECT * FROM reminder\(chosen) ORDER BY stream, start, cosine DESC, earlier").map { row in
        Reminder(
          stream: try name(of: row), start: MediaTime(nanoseconds: try row.decode(forColumn: "start")),
          earlier: MediaTime(nanoseconds: try row.decode(forColumn: "earlier")),
          cosine: Float(try row.decode(Double.self, forColumn: "cosine")))
      }
    }
  }
}
