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
      for (table, query) in Self.remembered {
        let cursor = try Row.fetchCursor(connection, sql: query, arguments: [row])
        var vectors = table.map { VectorPages(connection, $0) }
        var lines: [String] = []
        while let found = try cursor.next() {
          var line = Digest()
          for (column, value) in found where column != "id" && column != "space_id" {
            if column == "thumbnail", let path = String.fromDatabaseValue(value) {
              // A writer may have given the picture up since the snapshot was taken.
              line.add((try? Data(contentsOf: folder.appendingPathComponent(path))) ?? Data())
            } else {
              line.add(value)
            }
          }
          if table != nil, let space = try found.decode(Int64?.self, forColumn: "space_id") {
            let place = VectorPages.Place(stream: row, space: space)
            line.add(try vectors?.vector(of: found.decode(forColumn: "id"), in: place) ?? Data())
          }
          lines.append(line.text)
        }
        digest.add(Data(lines.sorted().joined(separator: " ").utf8))
      }
      return digest.text
    }
  }

  /// What is remembered of a stream, table by table. The order of the rows means nothing; `id` and `space_id` only lead to vectors in pages.
  private static let remembered: [(VectorPages.Table?, sql: String)] = [
    (nil, "SELECT has_video, has_sound, up_to, finished FROM stream WHERE id = ?"),
    (nil, "SELECT start, end, open, level, tags, thumbnail FROM episode WHERE stream = ?"),
    (
      .frame,
      """
      SELECT id, textual_space AS space_id, start, end, level, tags, (SELECT name FROM space WHERE id = pooled_space), pooled,
        (SELECT name FROM space WHERE id = textual_space), grid_rows, grid_columns, grid,
        frames, run, salience, pinned, rest_rows, rest_columns, rest, frame_draft.thumbnail AS draft
      FROM frame LEFT JOIN frame_draft ON frame = id WHERE stream = ?
      """
    ),
    (
      .item,
      """
      SELECT id, space AS space_id, start, end, modality, text, confidence, detail, (SELECT name FROM space WHERE id = item.space)
      FROM item WHERE stream = ?
      """
    ),
    (
      nil,
      """
      SELECT head, relation, value, start, end, confidence, (SELECT count(*) FROM fact_source WHERE fact = fact.id)
      FROM fact WHERE stream = ?
      """
    ),
    (nil, "SELECT start, earlier, cosine FROM reminder WHERE stream = ?"),
  ]
}
