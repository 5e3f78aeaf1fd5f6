import Core
import Foundation
import GRDB

/// Gives room on the disk back that the database holds without using it.
struct Compaction {
  let place: MemoryFolder
  let connection: DatabaseQueue

  /// Brings a memory that takes more than its budget within it.
  ///
  /// - Returns: the bytes of the pictures that are left.
  func fit(_ configuration: MemoryConfiguration, _ budget: Int64) throws -> Int64 {
    guard place.size("memory.sqlite") + place.pictureBytes > budget else { return place.pictureBytes }
    let relief = try connection.write { database in
      try Keeper(database: database, retention: configuration.retention, limit: Budget.limit(of: budget))
        .enforce(pictures: place.pictureBytes, size: place.size)
    }
    for path in relief.pictures { try? FileManager.default.removeItem(at: place.url.appendingPathComponent(path)) }
    try shrink()
    return place.pictureBytes
  }

  /// Writes the database anew without the room it does not use, and empties the log. What readers are still looking at stays in the log
  /// until they are gone.
  func shrink() throws {
    try connection.vacuum()
    try connection.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
  }
}
