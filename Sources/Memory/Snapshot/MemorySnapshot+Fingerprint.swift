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
              digest.add(try Data(contentsOf: folder.appendingPathComponent(path)))
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
      rest_rows, rest_columns, rest, frame_draft.thumbnail AS draft
    FROM frame LEFT JOIN frame_draft ON frame = id WHERE stream = ? ORDER BY start
    """,
    """
    SELECT start, end, modality, text, confidence, detail, (SELECT name FROM space WHERE id = space), embedding
    FROM item WHERE stream = ? ORDER BY start, end, modality, text, detail, confidence, embedding
    """,
  ]
}

/// FNV-1a with 64 bits (Fowler, Noll, Vo) over typed values. Tells runs apart; no protection against someone who wants them to collide.
private struct Digest {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  mutating func add(_ value: DatabaseValue) {
    switch value.storage {
    case .null: add([0], kind: 0)
    case .int64(let number): withUnsafeBytes(of: number.littleEndian) { add($0, kind: 1) }
    case .double(let number): withUnsafeBytes(of: number.bitPattern.littleEndian) { add($0, kind: 2) }
    case .string(let text): add(text.utf8, kind: 3)
    case .blob(let data): add(data, kind: 4)
    }
  }

  mutating func add(_ data: Data) { add(data, kind: 4) }

  private mutating func add(_ bytes: some Collection<UInt8>, kind: UInt8) {
    mix(kind)
    withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { for byte in $0 { mix(byte) } }
    for byte in bytes { mix(byte) }
  }

  private mutating func mix(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
}
