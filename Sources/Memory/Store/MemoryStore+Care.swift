import Core
import Foundation
import GRDB

extension MemoryStore {
  /// Brings a memory of an older version up to date; leaves one that is, and what is no memory, alone.
  package static func update(_ folder: URL) throws {
    let place = MemoryFolder(url: folder)
    try MemoryError.wrapping("bringing the memory \(folder.path) up to date") {
      guard case .memory = try place.content(), try MemorySnapshot.check(place) < Schema.version else { return }
      let (lock, connection) = try place.prepareForWriting()
      try withExtendedLifetime(lock) { try connection.close() }
    }
  }

  /// Removes a stretch of a stream for good: from every level of detail, the indexes, the pictures and everything derived from it, and from
  /// the bytes of the files.
  ///
  /// *Throws* `misconfigured` when there is no such stream. Nothing is removed when it throws.
  package func forget(_ range: TimeRange, of name: StreamID) throws -> ForgetReceipt {
    let action = "forgetting \(range) of \(name) in \(folder.path)"
    return try MemoryError.wrapping(action) {
      let connection = try writable()
      guard let known = try connection.read({ try StoredStream.fetch($0, name: name) }) else {
        throw MemoryError(.misconfigured, "the memory \(folder.path) has no stream \(name)")
      }
      var receipt = ForgetReceipt(stream: name, asked: range, removed: range)
      var progress = known.progress
      let (pictures, retention) = try connection.write { database in
        var forgetting = Forgetting(database: database, stream: known.row, range: range)
        let pictures = try forgetting.run(&receipt)
        var retention = try streams[name]?.retention ?? known.retention(database)
        retention.forget(from: forgetting.landmarksFrom, to: range.end)
        try restart(known, &progress, &retention, database)
        return (pictures, retention)
      }
      for path in pictures where !place.removePicture(path, erasing: true) { receipt.isErased = false }
      pictureBytes = place.pictureBytes
      if var open = streams[name] {
        open.progress = progress
        open.retention = retention
        open.shortTerm.forget(receipt.removed)
        streams[name] = open
      }
      if try !Compaction(place: place, connection: connection).shrink() { receipt.isErased = false }
      return receipt
    }
  }

  /// What the stages and the segmenter of a stream that goes on still hold of what they perceived (a line that has stood since the beginning, the newest
  /// frames): they begin afresh where the stream stands.
  private func restart(
    _ known: StoredStream, _ progress: inout StreamProgress, _ retention: inout StreamRetention, _ database: Database
  ) throws {
    guard !progress.finished, progress.segmenter != nil else { return }
    progress.restart(hasVideo: known.source.hasVideo, configuration: known.configuration.segmentation)
    try database.execute(sql: "DELETE FROM stage WHERE stream = ?", arguments: [known.row])
    try database.execute(
      sql: "DELETE FROM frame_draft WHERE frame IN (SELECT id FROM frame WHERE stream = ?)", arguments: [known.row])
    let upTo = progress.upTo.nanoseconds
    let open = try Int64.fetchOne(
      database, sql: "SELECT max(start) FROM episode WHERE stream = ? AND level = 0 AND open", arguments: [known.row])
    // An episode that begins just where the stream stands has nothing in it yet and stays the open one.
    if open.map({ $0 < upTo }) ?? true {
      try EpisodeClosing(database: database, stream: known.row, pooling: ProgressivePooling(known.configuration.pooling))
        .close(at: progress.upTo, &retention) { _, _ in }
      try database.execute(
        sql: "INSERT INTO episode (stream, start, end, open, level, tags) VALUES (?, ?, ?, 1, \(DetailLevel.full.rawValue), '[]')",
        arguments: [known.row, upTo, upTo])
    }
    progress.salience = retention.salience
    try StoredStream.update(database, row: known.row, progress: progress, stageStates: [:])
  }

  /// Brings the memory within its budget, or within a new one, and gives unused room back to the disk.
  ///
  /// - Parameter budget: a new budget in bytes; nil keeps the one there is.
  /// - Returns: the bytes the folder took before and takes now.
  package func compact(budget wanted: Int? = nil) throws -> (before: Int64, after: Int64) {
    try MemoryError.wrapping("compacting the memory \(folder.path)") {
      let connection = try writable()
      let before = place.size("memory.sqlite") + place.size("memory.sqlite-wal") + place.pictureBytes
      if let wanted { settle(try connection.write { try Budget.settle(wanted, $0, size: place.pictureSize) }) }
      let compaction = Compaction(place: place, connection: connection)
      _ = try compaction.fit(budget)
      _ = try compaction.shrink()
      pictureBytes = place.pictureBytes
      return (before, place.size("memory.sqlite") + place.size("memory.sqlite-wal") + place.pictureBytes)
    }
  }
}
