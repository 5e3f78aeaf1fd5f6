import Core
import Foundation
import GRDB

extension MemoryFolder {
  /// Takes the right to write and opens the database, made anew where there is none. Nothing is touched before it is known that the
  /// folder is a memory of ours or empty.
  func prepareForWriting() throws -> (WriterLock, DatabaseQueue) {
    switch try content() {
    case .other(let what): throw MemoryError(.misconfigured, "\(path) \(what); name another path for the memory")
    case .memory: try MemorySnapshot.check(self)
    case .nothing: try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    let lock = try WriterLock(self)
    if case .nothing = try content() { try create() }
    return (lock, try openForWriting())
  }

  /// Makes the database of a new memory. It gets its name when it is complete.
  private func create() throws {
    for suffix in ["", "-journal", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: unfinished.path + suffix) }
    // In its final mode from the start: changing it later would need every reader to be away.
    var configuration = Configuration()
    configuration.journalMode = .wal
    let database = try DatabaseQueue(path: unfinished.path, configuration: configuration)
    // Pages that become free can be given back piece by piece; this too can only be said before there is any.
    try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; VACUUM") }
    try database.write { try Schema.migrate($0, from: 0) }
    try database.close()
    try FileManager.default.moveItem(at: unfinished, to: self.database)
  }

  /// *Throws* errors of the database and of ours.
  private func openForWriting() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "afterimage.memory.writer"
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(10)
    let database = try DatabaseQueue(path: self.database.path, configuration: configuration)
    try database.writeWithoutTransaction { connection in
      // A log that once grew long (a reader kept it from being folded in) is cut back; what was removed is overwritten.
      try connection.execute(sql: "PRAGMA journal_size_limit = 1048576; PRAGMA wal_autocheckpoint = 512; PRAGMA secure_delete = ON")
    }
    try database.write { connection in
      let version = try Schema.check(connection, of: self)
      if version < Schema.version { try Schema.migrate(connection, from: version) }
      // A memory from before there were budgets is not cut down because it is opened.
      if version < 2 { try Budget.admit(size(self.database.lastPathComponent) + pictureBytes, connection) }
    }
    try FileManager.default.createDirectory(at: thumbnails, withIntermediateDirectories: true)
    return database
  }

  /// Removes thumbnails no episode names: what was written for a commit that did not happen.
  func removeOrphans(_ database: Database) throws {
    let named = try Set(String.fetchAll(database, sql: "SELECT thumbnail FROM episode WHERE thumbnail IS NOT NULL"))
    for name in try FileManager.default.contentsOfDirectory(atPath: thumbnails.path)
    where Thumbnail.isOurs(name) && !named.contains(Thumbnail.path(name)) {
      try FileManager.default.removeItem(at: thumbnails.appendingPathComponent(name))
    }
  }
}
