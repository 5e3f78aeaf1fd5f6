import Core
import Foundation
import GRDB

/// Gives room on the disk back that the database holds without using it.
struct Compaction {
  let place: MemoryFolder
  let connection: DatabaseQueue

  /// Brings a memory that takes more than its budget within it.
  ///
  /// - Returns: whether anything was given up.
  func fit(_ budget: Int64) throws -> Bool {
    guard place.size("memory.sqlite") + place.pictureBytes > Budget.limit(of: budget) else { return false }
    let relief = try connection.write { database in
      try Keeper(database: database, limit: Budget.limit(of: budget))
        .enforce(pictures: place.pictureBytes, size: place.pictureSize)
    }
    for path in relief.pictures { place.removePicture(path) }
    return true
  }

  /// Writes the database anew without the room it does not use, and empties the log.
  ///
  /// - Returns: whether the log is empty. What readers are still looking at stays in it until they are gone.
  func shrink() throws -> Bool {
    try connection.writeWithoutTransaction { try $0.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; VACUUM") }
    do {
      try connection.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED {
      return false
    }
    return place.size("memory.sqlite-wal") == 0
  }
}
