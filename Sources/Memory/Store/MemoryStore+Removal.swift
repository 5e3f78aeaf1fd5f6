import Core
import Foundation
import GRDB

extension MemoryStore {
  /// Removes a stream altogether, as if it had never been watched: its rows at every level, its words in the index, its pictures, and the
  /// bytes of all of them. The same source can be watched again afterwards.
  ///
  /// - Returns: whether nothing of it is left in the files; not so while somebody still reads the memory as it was before.
  /// *Throws* `misconfigured` when there is no such stream. Nothing is removed when it throws.
  package func remove(_ name: StreamID) throws -> Bool {
    try MemoryError.wrapping("removing \(name) from \(folder.path)") {
      let connection = try writable()
      guard let known = try connection.read({ try StoredStream.fetch($0, name: name) }) else {
        throw MemoryError(.misconfigured, "the memory \(folder.path) has no stream \(name)")
      }
      let pictures = try connection.write { database in
        let pictures = try String.fetchAll(
          database, sql: "SELECT thumbnail FROM episode WHERE stream = ? AND thumbnail IS NOT NULL", arguments: [known.row])
        try database.execute(sql: "DELETE FROM stream WHERE id = ?", arguments: [known.row])
        // The index keeps the words of rows that are gone until it is made anew.
        try database.execute(sql: "INSERT INTO item_text (item_text) VALUES ('rebuild')")
        return pictures
      }
      streams[name] = nil
      var isErased = true
      for path in pictures where !place.removePicture(path, erasing: true) { isErased = false }
      pictureBytes = place.pictureBytes
      return try Compaction(place: place, connection: connection).shrink() && isErased
    }
  }
}
