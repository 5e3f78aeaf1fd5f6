import Core
import Foundation
import GRDB

extension MemoryStore {
  /// Writes a correction down.
  ///
  /// *Throws* `misconfigured` for an empty or endless text, or a stream that is not in the memory; `corruptInput` for vectors that do not
  /// fit their space.
  @discardableResult
  package func correct(_ correction: Correction, at now: Date = Date()) throws -> CorrectionRecord {
    let action = "correcting the memory \(folder.path)"
    for (name, text) in [("question", correction.question), ("answer", correction.answer), ("author", correction.author)] {
      guard !text.allSatisfy(\.isWhitespace), text.count <= Correction.longest, !text.contains("\0") else {
        throw MemoryError(.misconfigured, "\(action): the \(name) must have between 1 and \(Correction.longest) characters")
      }
    }
    var spaces = spaces
    let id = try MemoryError.wrapping(action) {
      try writable().write { database in
        let stream = try correction.stream.map { name in
          guard let row = try Int64.fetchOne(database, sql: "SELECT id FROM stream WHERE name = ?", arguments: [name.rawValue]) else {
            throw MemoryError(.misconfigured, "\(action): it has no stream \(name)")
          }
          return row
        }
        let space = try correction.key.map { try spaces.row(of: $0, database) }
        guard correction.probes.allSatisfy({ $0.count == correction.key?.values.count }) else {
          throw MemoryError(.corruptInput, "\(action): the vectors of the question and of its other wordings differ in length")
        }
        try database.execute(
          sql: """
            INSERT INTO correction (stream, start, end, question, answer, author, written_at, space, key, probes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            stream, correction.range?.start.nanoseconds, correction.range?.end.nanoseconds, correction.question, correction.answer,
            correction.author, now.timeIntervalSince1970, space, correction.key.map { HalfFloat.blob($0.values) },
            correction.key.map { _ in HalfFloat.blob(correction.probes.joined()) },
          ])
        return database.lastInsertedRowID
      }
    }
    self.spaces = spaces
    return CorrectionRecord(id: id, content: correction, writtenAt: now)
  }

  /// Marks a correction as undone; it stays listed and answers nothing.
  ///
  /// *Throws* `misconfigured` when there is no such correction or it was undone before.
  package func undo(correction id: Int64, at now: Date = Date()) throws {
    let action = "undoing a correction of the memory \(folder.path)"
    try MemoryError.wrapping(action) {
      try writable().write { database in
        guard let row = try Row.fetchOne(database, sql: "SELECT undone_at FROM correction WHERE id = ?", arguments: [id]) else {
          throw MemoryError(.misconfigured, "\(action): there is no correction \(id)")
        }
        guard try row.decode(Double?.self, forColumn: "undone_at") == nil else {
          throw MemoryError(.misconfigured, "\(action): correction \(id) was undone before")
        }
        try database.execute(sql: "UPDATE correction SET undone_at = ? WHERE id = ?", arguments: [now.timeIntervalSince1970, id])
      }
    }
  }
}
