import Core
import Foundation
import GRDB

extension MemorySnapshot {
  /// The facts of a stream, or of all, in order of stream, head, relation and time.
  package func facts(of stream: StreamID? = nil) throws -> [FactRecord] {
    try read("reading the facts") { connection in
      let filter = Filter(self, stream: stream)
      let rows = try Row.fetchAll(
        connection,
        sql: """
          SELECT fact.* FROM fact JOIN stream ON stream.id = fact.stream WHERE \(filter.sql(table: "fact"))
          ORDER BY stream.name, head, relation, start, fact.id
          """, arguments: filter.arguments)
      var sources: [Int64: [Int64]] = [:]
      let pairs = try Row.fetchCursor(connection, sql: "SELECT fact, item FROM fact_source ORDER BY fact, start, item")
      while let pair = try pairs.next() {
        sources[try pair.decode(forColumn: "fact"), default: []].append(try pair.decode(forColumn: "item"))
      }
      var facts: [FactRecord] = []
      var first = 0
      while first < rows.count {
        // Rows of one stream, head and relation follow one another.
        let key = try Self.key(rows[first])
        var last = first
        while last < rows.count, try Self.key(rows[last]) == key { last += 1 }
        let ledger = Ledger(entries: try rows[first..<last].map(Ledger.Entry.init))
        for (index, entry) in ledger.entries.enumerated() {
          let next = ledger.successor(of: index).map { ledger.entries[$0] }
          facts.append(
            FactRecord(
              id: entry.id, stream: try name(of: rows[first]), head: entry.head, relation: entry.relation, value: entry.value,
              range: entry.range, validTo: next?.range.start, supersededBy: next?.id,
              confidence: Float(try rows[first + index].decode(Double.self, forColumn: "confidence")), sources: sources[entry.id] ?? []))
        }
        first = last
      }
      return facts
    }
  }

  private static func key(_ row: Row) throws -> [String] {
    [
      String(try row.decode(Int64.self, forColumn: "stream")), try row.decode(forColumn: "head"), try row.decode(forColumn: "relation"),
    ]
  }
}
