import Core
import Foundation
import GRDB

/// The vectors of the rows of one table, which lie in pages beside it: what questions are compared with is read without reading the rows.
///
/// Pages are read when they are needed. Changes are written by `save`, which belongs into the transaction that changes the rows; two of these must not
/// change one table at the same time.
struct VectorPages {
  enum Table: String, CaseIterable {
    /// The vectors of frames and stretches among sentences.
    case frame
    case item

    /// The column of a row that says in which space its vector lies; NULL for a row that has none.
    var space: String { self == .frame ? "textual_space" : "space" }
    var pages: String { "\(self)_page" }
    /// SQL for the bytes of a row's vector.
    var bytes: String { "ifnull((SELECT 2 * dimensions FROM space WHERE space.id = \(self).\(space)), 0)" }
  }

  /// Vectors that are compared with one another.
  struct Place: Hashable {
    var stream: Int64
    var space: Int64
  }

  private struct Key: Hashable {
    var place: Place
    var number: Int64
  }

  private let database: Database
  private let table: Table
  private var pages: [Key: VectorPage] = [:]
  private var changed: Set<Key> = []

  /// Most pages that are held; beyond it they are written and read again.
  private static let mostHeld = 1024

  init(_ database: Database, _ table: Table) {
    self.database = database
    self.table = table
  }

  /// The vector of a row; nil when it has none.
  ///
  /// *Throws* `corruptInput` for a page that is damaged.
  mutating func vector(of row: Int64, in place: Place) throws -> Data? { try pages[load(row, place)]?.vector(of: row) }

  mutating func insert(_ vector: Data, for row: Int64, in place: Place) throws {
    let key = try load(row, place)
    guard pages[key]?.insert(vector, for: row) == true else {
      throw MemoryError(.corruptInput, "\(table) \(row) has a vector of \(vector.count) bytes, those beside it have others")
    }
    changed.insert(key)
  }

  mutating func remove(_ row: Int64, in place: Place) throws {
    let key = try load(row, place)
    pages[key]?.remove(row)
    changed.insert(key)
  }

  /// Gives a vector to another row.
  mutating func move(_ row: Int64, to other: Int64, in place: Place) throws {
    guard let vector = try vector(of: row, in: place) else { return }
    try remove(row, in: place)
    try insert(vector, for: other, in: place)
  }

  /// Takes out the vectors of rows that are about to be deleted.
  mutating func remove(where condition: String, _ arguments: StatementArguments = []) throws {
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT id, stream, \(table.space) FROM \(table) WHERE \(table.space) IS NOT NULL AND (\(condition))", arguments: arguments)
    for row in rows {
      try remove(row.decode(atIndex: 0), in: Place(stream: row.decode(atIndex: 1), space: row.decode(atIndex: 2)))
    }
  }

  /// Writes what was changed.
  mutating func save() throws {
    let write = try database.cachedStatement(
      sql: """
        INSERT INTO \(table.pages) (stream, space, number, places, vectors) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET places = excluded.places, vectors = excluded.vectors
        """)
    let drop = try database.cachedStatement(sql: "DELETE FROM \(table.pages) WHERE stream = ? AND space = ? AND number = ?")
    let order = changed.sorted { ($0.place.stream, $0.place.space, $0.number) < ($1.place.stream, $1.place.space, $1.number) }
    for key in order {
      guard let page = pages[key] else { continue }
      if page.isEmpty {
        try drop.execute(arguments: [key.place.stream, key.place.space, key.number])
      } else {
        try write.execute(arguments: [key.place.stream, key.place.space, key.number, Int64(page.places), page.bytes])
      }
    }
    pages = [:]
    changed = []
  }

  private mutating func load(_ row: Int64, _ place: Place) throws -> Key {
    let key = Key(place: place, number: VectorPage.number(of: row))
    guard pages[key] == nil else { return key }
    if pages.count >= Self.mostHeld {
      if changed.isEmpty { pages = [:] } else { try save() }
    }
    let one = try database.cachedStatement(sql: "SELECT places, vectors FROM \(table.pages) WHERE stream = ? AND space = ? AND number = ?")
    guard let found = try Row.fetchOne(one, arguments: [place.stream, place.space, key.number]) else {
      pages[key] = VectorPage()
      return key
    }
    guard let page = VectorPage(places: try found.decode(atIndex: 0), bytes: try found.decode(atIndex: 1)) else {
      throw Self.damage(table, key.number)
    }
    pages[key] = page
    return key
  }

  private static func damage(_ table: Table, _ number: Int64) -> MemoryError {
    MemoryError(
      .corruptInput,
      "the vectors of \(table) \(number << 5) to \(table) \((number << 5) | (VectorPage.size - 1)) are damaged; see `memory verify`")
  }

  /// Every vector in a space, of one stream or of all, read where it lies.
  ///
  /// *Throws* `corruptInput` for a page that is damaged.
  static func scan(
    _ database: Database, _ table: Table, of stream: Int64?, in entry: SpaceRegister.Entry,
    _ body: (_ row: Int64, _ halves: UnsafeRawBufferPointer) -> Void
  ) throws {
    let pages = try Row.fetchCursor(
      database.cachedStatement(
        sql: "SELECT number, places, vectors FROM \(table.pages) WHERE \(stream == nil ? "" : "stream = ? AND ")space = ?"),
      arguments: stream.map { [$0, entry.row] } ?? [entry.row])
    let length = HalfFloat.bytes(entry.dimensions)
    while let page = try pages.next() {
      let number = try page.decode(Int64.self, atIndex: 0)
      let places = try page.decode(Int64.self, atIndex: 1)
      try page.withUnsafeData(atIndex: 2) { vectors in
        guard let vectors, let found = VectorPage(places: places, bytes: vectors), found.length == length else {
          throw damage(table, number)
        }
        vectors.withUnsafeBytes { bytes in
          for (index, row) in found.rows(number).enumerated() {
            body(row, UnsafeRawBufferPointer(rebasing: bytes[index * length..<(index + 1) * length]))
          }
        }
      }
    }
  }

  /// Rows and pages that do not agree, one line each.
  static func problems(_ database: Database, _ table: Table) throws -> [String] {
    var problems = try Row.fetchAll(
      database,
      sql: """
        SELECT id, stream FROM \(table) WHERE \(table.space) IS NOT NULL AND NOT EXISTS
          (SELECT 1 FROM \(table.pages) AS page WHERE page.stream = \(table).stream AND page.space = \(table.space) AND number = id >> 5)
        """
    ).map { "\(table) \($0["id"] ?? "?"): its vector is in no page" }
    let rows = try database.cachedStatement(
      sql: "SELECT id FROM \(table) WHERE id BETWEEN ? AND ? AND stream = ? AND \(table.space) = ? ORDER BY id")
    let pages = try Row.fetchCursor(
      database,
      sql: """
        SELECT number, places, vectors, stream, space.id AS space, 2 * dimensions AS length FROM \(table.pages) AS page
          LEFT JOIN space ON space.id = page.space
        """)
    while let row = try pages.next() {
      let number = try row.decode(Int64.self, atIndex: 0)
      guard let page = VectorPage(places: try row.decode(atIndex: 1), bytes: try row.decode(atIndex: 2)),
        page.length == (try row.decode(Int?.self, atIndex: 5))
      else {
        problems.append(damage(table, number).message)
        continue
      }
      let held = page.rows(number)
      let due = try Int64.fetchAll(
        rows,
        arguments: [
          number << 5, (number << 5) | (VectorPage.size - 1), row.decode(Int64.self, atIndex: 3), row.decode(Int64.self, atIndex: 4),
        ])
      problems += Set(due).subtracting(held).sorted().map { "\(table) \($0): its vector is not in its page" }
      problems += Set(held).subtracting(due).sorted().map { "\(table) \($0): a page holds its vector, and there is no such row" }
    }
    return problems
  }
}
