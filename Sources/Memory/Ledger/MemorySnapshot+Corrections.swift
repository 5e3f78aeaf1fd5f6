import Core
import Foundation
import GRDB

extension MemorySnapshot {
  /// Every correction, undone ones included, in the order in which they were written.
  package func corrections() throws -> [CorrectionRecord] {
    try read("reading the corrections") { connection in
      try Row.fetchAll(connection, sql: "SELECT * FROM correction ORDER BY id").map(correction)
    }
  }

  private func correction(_ row: Row) throws -> CorrectionRecord {
    let id = try row.decode(Int64.self, forColumn: "id")
    let stream = try row.decode(Int64?.self, forColumn: "stream") == nil ? nil : name(of: row)
    let range = try row.decode(Int64?.self, forColumn: "start") == nil ? nil : Self.range(of: row)
    var content = Correction(
      question: try row.decode(forColumn: "question"), answer: try row.decode(forColumn: "answer"),
      author: try row.decode(forColumn: "author"), stream: stream, range: range)
    if let entry = try entry(of: row, column: "space") {
      let key = try row.decode(Data?.self, forColumn: "key") ?? Data()
      try check(key, in: entry, row: "correction \(id)")
      content.key = Embedding(space: entry.space, values: HalfFloat.values(key))
      let probes = try row.decode(Data?.self, forColumn: "probes") ?? Data()
      guard probes.count % HalfFloat.bytes(entry.dimensions) == 0 else {
        throw MemoryError(
          .corruptInput, "the memory \(folder.path): correction \(id) has probes of \(probes.count) bytes; see `memory verify`")
      }
      let values = HalfFloat.values(probes)
      content.probes = stride(from: 0, to: values.count, by: entry.dimensions).map { Array(values[$0..<($0 + entry.dimensions)]) }
    }
    return CorrectionRecord(
      id: id, content: content, writtenAt: Date(timeIntervalSince1970: try row.decode(forColumn: "written_at")),
      undoneAt: try row.decode(Double?.self, forColumn: "undone_at").map(Date.init(timeIntervalSince1970:)))
  }
}
