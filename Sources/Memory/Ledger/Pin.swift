import Core
import Foundation
import GRDB

/// A stretch of a stream that a person wants kept as it is: it is neither kept in less detail nor given up until the pin is taken back.
package struct Pin: Sendable, Equatable, Identifiable {
  package var id: Int64
  package var stream: StreamID
  package var range: TimeRange
  package var writtenAt: Date
}

extension MemorySnapshot {
  /// In the order in which they were set.
  package func pins() throws -> [Pin] {
    try read("reading the pins") { connection in
      try Row.fetchAll(connection, sql: "SELECT * FROM pin ORDER BY id").map { row in
        Pin(
          id: try row.decode(forColumn: "id"), stream: try name(of: row), range: try Self.range(of: row),
          writtenAt: Date(timeIntervalSince1970: try row.decode(forColumn: "written_at")))
      }
    }
  }
}

extension MemoryStore {
  /// Keeps a stretch of a stream, with the episodes it lies in, in the detail it has now.
  ///
  /// *Throws* `misconfigured` when there is no such stream, or when what may not be given up would leave less than a quarter of the budget to
  /// everything else.
  package func pin(_ range: TimeRange, of name: StreamID, at now: Date = Date()) throws -> Pin {
    let action = "pinning \(range) of \(name) in \(folder.path)"
    return try MemoryError.wrapping(action) {
      try writable().write { database in
        guard range.start < range.end,
          let stream = try Int64.fetchOne(database, sql: "SELECT id FROM stream WHERE name = ?", arguments: [name.rawValue])
        else { throw MemoryError(.misconfigured, "\(action): there is no such stretch") }
        try database.execute(
          sql: "INSERT INTO pin (stream, start, end, written_at) VALUES (?, ?, ?, ?)",
          arguments: [stream, range.start.nanoseconds, range.end.nanoseconds, now.timeIntervalSince1970])
        let pin = Pin(id: database.lastInsertedRowID, stream: name, range: range, writtenAt: now)
        let held = try Holdings(database: database).bytes(size: place.pictureSize)
        guard Double(held) <= (1 - Keeper.floor) * Double(limit) else {
          throw MemoryError(
            .misconfigured,
            "\(action): with it \(held / 1_000_000 + 1) MB might not be given up; pin less, or give the memory at least \(Budget.least(for: held) / 1_000_000 + 1) MB"
          )
        }
        return pin
      }
    }
  }

  /// Takes a pin back: the stretch grows old like any other from then on.
  ///
  /// *Throws* `misconfigured` when there is no such pin.
  package func unpin(_ id: Int64) throws {
    let action = "unpinning in the memory \(folder.path)"
    try MemoryError.wrapping(action) {
      try writable().write { database in
        try database.execute(sql: "DELETE FROM pin WHERE id = ?", arguments: [id])
        guard database.changesCount > 0 else { throw MemoryError(.misconfigured, "\(action): there is no pin \(id)") }
      }
    }
  }
}
