import Core
import Foundation
import GRDB

extension MemoryStore {
  /// Remembers a batch: one transaction, so that after a crash it is there whole or not at all.
  ///
  /// - Returns: where episodes begin of which this is now certain; boundaries are decided some frames later.
  /// *Throws* `unavailable` when the disk refuses: nothing of the batch is remembered, and a later commit may succeed.
  @discardableResult
  package func commit(_ batch: Batch) throws -> [MediaTime] {
    let action = "remembering \(batch.stream) up to \(batch.upTo) in \(folder.path)"
    guard var stream = streams[batch.stream] else {
      throw MemoryError(.misconfigured, "\(action): the stream was not opened")
    }
    var spaces = spaces
    var pictures: [String] = []
    var pictureBytes = pictureBytes
    var relief = Keeper.Relief()
    var episodes: [MediaTime] = []
    do {
      let database = try writable()
      let change = try stream.progress.take(
        batch, hasVideo: stream.source.hasVideo, configuration: stream.configuration.segmentation)
      episodes = [change.begins].compactMap { $0 } + change.starts
      try database.write { connection in
        var writer = CommitWriter(database: connection, stream: stream.row, pooling: ProgressivePooling(stream.configuration.pooling))
        try writer.insert(change.observations, &spaces)
        try writer.episodes(change, finished: batch.finished, &stream.retention) { path, bytes in
          pictures.append(path)
          pictureBytes += Int64(bytes.count)
          try Thumbnail.write(bytes, to: path, in: place)
        }
        stream.progress.salience = stream.retention.salience
        try Demotion(database: connection).byAge(stream: stream.row, now: batch.upTo, stream.configuration.retention)
        relief = try Keeper(database: connection, limit: limit)
          .enforce(pictures: pictureBytes, size: place.pictureSize)
        try StoredStream.update(connection, row: stream.row, progress: stream.progress, stageStates: batch.stageStates)
      }
      stream.shortTerm.take(change.observations, upTo: batch.upTo)
    } catch {
      // What could not be removed is removed when the memory is next opened.
      for path in pictures { place.removePicture(path) }
      throw MemoryError(error, while: action)
    }
    // A picture nobody names any more; one that cannot be removed now is removed when the memory is next opened.
    for path in relief.pictures { place.removePicture(path) }
    self.pictureBytes = pictureBytes - relief.pictureBytes
    self.spaces = spaces
    streams[batch.stream] = stream
    return episodes
  }
}
