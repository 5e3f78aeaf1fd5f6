import Core
import Foundation
import GRDB

extension MemorySnapshot {
  /// A digest of everything remembered of a stream, independent of row numbers and wall-clock time: two runs over one source are
  /// alike when it is equal.
  package func fingerprint(of stream: StreamID) throws -> String {
    guard let row = rows[stream] else { throw MemoryError(.misconfigured, "the memory \(folder.path) has no stream \(stream)") }
    return try read("taking the fingerprint") { connection in
      var digest = Digest()
      for query in Self.remembered {
        let cursor = try Row.fetchCursor(connection, sql: query, arguments: [row])
        while let row = try cursor.next() {
          for (column, value) in row {
            if column == "thumbnail", let path = String.fromDatabaseValue(value) {
              // A writer may have given the picture up since the snapshot was taken.
              digest.add((try? Data(contentsOf: folder.appendingPathComponent(path))) ?? Data())
            } else {
              digest.add(value)
            }
          }
        }
      }
      return digest.text
    }
  }

  /// What is remembered of a stream, table by table, in an order that depends only on what it says.
  private static let remembered = [
    "SELECT has_video, has_sound, up_to, finished FROM stream WHERE id = ?",
    "SELECT start, end, open, level, tags, thumbnail FROM episode WHERE stream = ? ORDER BY start",
    """
    SELECT start, end, level, tags, (SELECT name FROM space WHERE id = pooled_space), pooled,
      (SELECT name FROM space WHERE id = textual_space), textual, grid_rows, grid_columns, grid,
      frames, run, salience, pinned, rest_rows, rest_columns, rest, frame_draft.thumbnail AS draft
    FROM frame LEFT JOIN frame_draft ON frame = id WHERE stream = ? ORDER BY start
    """,
    """
    SELECT start, end, modality, text, confidence, detail, (SELECT name FROM space WHERE id = space), embedding
    FROM item WHERE stream = ? ORDER BY start, end, modality, text, detail, confidence, embedding
    """,
    """
    SELECT head, relation, value, start, end, confidence, (SELECT count(*) FROM fact_source WHERE fact = id)
    FROM fact WHERE stream = ? ORDER BY head, relation, start, value, end
    """,
    "SELECT start, earlier, cosine FROM reminder WHERE stream = ? ORDER BY start, earlier",
  ]
}
