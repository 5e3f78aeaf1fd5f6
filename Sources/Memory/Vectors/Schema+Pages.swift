import Foundation
import GRDB

extension Schema {
  /// Vectors in pages of their own, and no longer in the rows of frames and items.
  static let pages = VectorPages.Table.allCases.map { table in
    """
    CREATE TABLE \(table.pages) (
      stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      space INTEGER NOT NULL REFERENCES space(id),
      number INTEGER NOT NULL,
      places INTEGER NOT NULL,
      vectors BLOB NOT NULL,
      PRIMARY KEY (stream, space, number)
    ) STRICT, WITHOUT ROWID;
    """
  }.joined(separator: "\n")

  /// Moves the vectors of a memory from before there were pages.
  static func movePages(_ database: Database) throws {
    for (table, column) in [(VectorPages.Table.frame, "textual"), (.item, "embedding")] {
      var pages = VectorPages(database, table)
      let rows = try Row.fetchCursor(
        database,
        sql:
          "SELECT id, stream, \(table.space), \(column) FROM \(table) WHERE \(table.space) IS NOT NULL AND \(column) IS NOT NULL ORDER BY id"
      )
      while let row = try rows.next() {
        try pages.insert(
          row.decode(Data.self, atIndex: 3), for: row.decode(atIndex: 0),
          in: VectorPages.Place(stream: row.decode(atIndex: 1), space: row.decode(atIndex: 2)))
      }
      try pages.save()
      try database.execute(sql: "ALTER TABLE \(table) DROP COLUMN \(column)")
    }
  }
}
