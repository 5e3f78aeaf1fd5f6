import Core
import Foundation
import GRDB

extension MemorySnapshot {
  /// Items that overlap `within`, in order of stream and time.
  package func items(of stream: StreamID? = nil, modality: Modality? = nil, within: TimeRange? = nil) throws -> [ItemRecord] {
    try read("reading the items") { connection in
      let filter = Filter(self, stream: stream, modality: modality, within: within)
      return try Row.fetchAll(
        connection,
        sql: """
          SELECT item.*, \(Self.episode(of: "item")) FROM item JOIN stream ON stream.id = item.stream
          WHERE \(filter.sql(table: "item")) ORDER BY stream.name, item.start, item.end, item.id
          """, arguments: filter.arguments
      ).map(item)
    }
  }

  func item(_ row: Row) throws -> ItemRecord {
    let id = try row.decode(Int64.self, forColumn: "id")
    let kind = try row.decode(String.self, forColumn: "modality")
    guard let modality = Modality(rawValue: kind), modality != .vision else {
      throw MemoryError(.corruptInput, "the memory \(folder.path): item \(id) is of the unknown kind \(kind)")
    }
    let range = try Self.range(of: row)
    let detail = try row.decode(String?.self, forColumn: "detail").map { try JSON.decode(ItemDetail.self, $0) }
    return ItemRecord(
      id: id, stream: try name(of: row), modality: modality, range: range, text: try row.decode(forColumn: "text"),
      confidence: Float(try row.decode(Double.self, forColumn: "confidence")),
      words: detail?.words?.map { $0.word(after: range.start) } ?? [], box: detail?.box, language: detail?.language,
      embedding: try embedding(row, item: id), episode: try row.decode(forColumn: "episode"))
  }

  private func embedding(_ row: Row, item: Int64) throws -> Embedding? {
    guard let entry = try entry(of: row, column: "space") else { return nil }
    let blob = try row.decode(Data?.self, forColumn: "embedding") ?? Data()
    try check(blob, in: entry, row: "item \(item)")
    return Embedding(space: entry.space, values: HalfFloat.values(blob))
  }
}
