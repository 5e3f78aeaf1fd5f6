import Core
import Foundation
import GRDB

extension MemoryStore {
  /// Remembers a batch: one transaction, so that after a crash it is there whole or not at all.
  ///
  /// *Throws* `unavailable` when the disk refuses: nothing of the batch is remembered, and a later commit may succeed.
  package func commit(_ batch: Batch) throws {
    let action = "remembering \(batch.stream) up to \(batch.upTo) in \(folder.path)"
    guard var stream = streams[batch.stream] else {
      throw MemoryError(.misconfigured, "\(action): the stream was not opened")
    }
    var spaces = spaces
    var pictures: [String] = []
    do {
      let database = try writable()
      let change = try stream.progress.take(
        batch, hasVideo: stream.source.hasVideo, configuration: stream.configuration.segmentation)
      try database.write { connection in
        let writer = CommitWriter(database: connection, stream: stream.row, pooling: ProgressivePooling(stream.configuration.pooling))
        for observation in change.observations { try writer.insert(observation, &spaces) }
        try writer.episodes(change, finished: batch.finished) { path, bytes in
          pictures.append(path)
          try Thumbnail.write(bytes, to: path, in: place)
        }
        try StoredStream.update(connection, row: stream.row, progress: stream.progress, stageStates: batch.stageStates)
      }
      stream.shortTerm.take(change.observations, upTo: batch.upTo)
    } catch {
      // What could not be removed is removed when the memory is next opened.
      for path in pictures { try? FileManager.default.removeItem(at: folder.appendingPathComponent(path)) }
      throw MemoryError(error, while: action)
    }
    self.spaces = spaces
    streams[batch.stream] = stream
  }
}
