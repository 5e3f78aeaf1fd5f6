import Core
import GRDB

/// The embedding spaces of a memory: a short number for each, and how long its vectors are.
struct SpaceRegister: Sendable {
  struct Entry: Sendable {
    var row: Int64
    var space: EmbeddingSpace
    var dimensions: Int
  }

  private static let sane = 1...65536

  private(set) var entries: [Int64: Entry] = [:]
  private var rows: [EmbeddingSpace: Int64] = [:]

  init(_ database: Database) throws {
    let rows = try Row.fetchCursor(database, sql: "SELECT id, name, dimensions FROM space")
    while let row = try rows.next() {
      let name = try row.decode(String.self, forColumn: "name")
      let dimensions = try row.decode(Int.self, forColumn: "dimensions")
      guard Self.sane.contains(dimensions) else {
        throw MemoryError(.corruptInput, "space \(name) says its vectors have \(dimensions) values; restore the memory from a copy")
      }
      add(Entry(row: try row.decode(forColumn: "id"), space: EmbeddingSpace(name), dimensions: dimensions))
    }
  }

  subscript(_ space: EmbeddingSpace) -> Entry? { rows[space].flatMap { entries[$0] } }

  /// The number of the space a vector lives in, entering the space when it is new.
  ///
  /// *Throws* `corruptInput` when the space's vectors have another length.
  mutating func row(of embedding: Embedding, _ database: Database) throws -> Int64 {
    if let entry = self[embedding.space] {
      guard entry.dimensions == embedding.values.count else {
        throw MemoryError(
          .corruptInput,
          "a vector of \(embedding.values.count) values was given for \(embedding.space), whose vectors have \(entry.dimensions)")
      }
      return entry.row
    }
    guard Self.sane.contains(embedding.values.count) else {
      throw MemoryError(.corruptInput, "a vector of \(embedding.values.count) values was given for \(embedding.space)")
    }
    try database.execute(
      sql: "INSERT INTO space (name, dimensions) VALUES (?, ?)", arguments: [embedding.space.rawValue, embedding.values.count])
    let row = database.lastInsertedRowID
    add(Entry(row: row, space: embedding.space, dimensions: embedding.values.count))
    return row
  }

  private mutating func add(_ entry: Entry) {
    entries[entry.row] = entry
    rows[entry.space] = entry.row
  }
}
