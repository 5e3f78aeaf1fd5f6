import Core
import Foundation
import GRDB

/// The writing side of a memory folder. At most one per folder, over all processes.
///
/// *Isolation* its own queue: everything here waits for the disk.
package actor MemoryStore {
  package nonisolated let folder: URL
  package nonisolated let configuration: MemoryConfiguration
  private let executor = QueueExecutor("afterimage.memory")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  let place: MemoryFolder
  var streams: [StreamID: OpenStream] = [:]
  var spaces: SpaceRegister
  /// Bytes of the pictures there are.
  var pictureBytes: Int64
  /// Most bytes the folder may take.
  package private(set) var budget: Int64
  private var connection: DatabaseQueue?
  private var lock: WriterLock?

  /// A stream this store writes.
  struct OpenStream {
    let row: Int64
    let source: SourceDescription
    /// The configuration the stream was begun with; it is cut by one rule from beginning to end.
    let configuration: MemoryConfiguration
    var progress: StreamProgress
    var shortTerm: ShortTermMemory
    var retention: StreamRetention
  }

  /// Opens the memory, migrating an older one, or makes a new one where there is nothing or an empty folder.
  ///
  /// *Throws* `MemoryError`: `unavailable` when another writer has it or the disk refuses, `misconfigured` when the folder is
  /// something else or from a newer version, `corruptInput` when the memory is damaged. Nothing is modified in any of these cases.
  package init(writing folder: URL, configuration: MemoryConfiguration = MemoryConfiguration()) throws {
    let place = MemoryFolder(url: folder)
    let action = "cannot open the memory \(folder.path)"
    let (lock, connection) = try MemoryError.wrapping(action) { try place.prepareForWriting() }
    let (spaces, budget) = try MemoryError.wrapping(action) {
      try connection.write { database in
        try place.removeOrphans(database)
        return (try SpaceRegister(database), try Budget.settle(configuration.budgetBytes, database, size: place.pictureSize))
      }
    }
    self.folder = folder
    self.configuration = configuration
    self.place = place
    self.lock = lock
    self.connection = connection
    self.spaces = spaces
    self.budget = budget
    // A budget that is asked for holds from now on, not from the next time on that something is given up.
    if configuration.budgetBytes != nil {
      try MemoryError.wrapping(action) {
        let compaction = Compaction(place: place, connection: connection)
        if try compaction.fit(budget) { _ = try compaction.shrink() }
      }
    }
    pictureBytes = place.pictureBytes
  }

  /// What the database and the pictures may take: the budget, less room for the log.
  var limit: Int64 { Budget.limit(of: budget) }

  /// Begins a stream, or finds where it stands.
  ///
  /// - Returns: nil for a new stream.
  /// *Throws* `misconfigured` when the memory has a stream of this name from another source.
  package func open(stream: StreamID, source: SourceDescription) throws -> StreamCheckpoint? {
    let action = "opening stream \(stream) in \(folder.path)"
    return try MemoryError.wrapping(action) {
      let database = try writable()
      if let known = try database.read({ try StoredStream.fetch($0, name: stream) }) {
        guard known.source.fingerprint == source.fingerprint else {
          throw MemoryError(
            .misconfigured,
            "the memory \(folder.path) already has a stream \(stream), made from other content (\(known.source.path)); name this one differently"
          )
        }
        streams[stream] = OpenStream(
          row: known.row, source: known.source, configuration: known.configuration, progress: known.progress,
          shortTerm: ShortTermMemory(known.configuration.shortTerm), retention: try database.read { try known.retention($0) })
        return StreamCheckpoint(upTo: known.progress.upTo, stageStates: known.stageStates, finished: known.progress.finished)
      }
      let row = try database.write { try StoredStream.insert($0, name: stream, source: source, configuration: configuration) }
      streams[stream] = OpenStream(
        row: row, source: source, configuration: configuration, progress: StreamProgress(),
        shortTerm: ShortTermMemory(configuration.shortTerm), retention: StreamRetention(configuration))
      return nil
    }
  }

  /// Gives up a stream of which nothing is remembered, as if it had never been begun; one of which anything is stays as it is.
  package func withdraw(_ stream: StreamID) throws {
    guard let open = streams[stream] else { return }
    try MemoryError.wrapping("giving up stream \(stream) in \(folder.path)") {
      let gone = try writable().write { database in
        try database.execute(
          sql: """
            DELETE FROM stream WHERE id = :row AND NOT EXISTS (SELECT 1 FROM frame WHERE stream = :row)
              AND NOT EXISTS (SELECT 1 FROM item WHERE stream = :row)
            """, arguments: ["row": open.row])
        return database.changesCount > 0
      }
      if gone { streams[stream] = nil }
    }
  }

  /// The newest stretch of a stream at full resolution; empty for a stream that is not open.
  package func shortTerm(of stream: StreamID) -> ShortTermMemory {
    streams[stream]?.shortTerm ?? ShortTermMemory(configuration.shortTerm)
  }

  /// Folds the log into the database, so that the folder takes what it will take once the store is closed; not while somebody reads.
  package func fold() throws {
    try MemoryError.wrapping("folding the log of \(folder.path)") {
      do {
        try writable().writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED {}
    }
  }

  /// Gives the folder back. The store refuses everything afterwards.
  package func close() {
    // A failure to close loses nothing: what was committed is in the log, and the next to open finds it there.
    try? connection?.close()
    connection = nil
    streams = [:]
    lock = nil
  }

  func settle(_ budget: Int64) { self.budget = budget }

  func writable() throws -> DatabaseQueue {
    guard let connection else { throw MemoryError(.unavailable, "the memory \(folder.path) was closed") }
    return connection
  }
}
