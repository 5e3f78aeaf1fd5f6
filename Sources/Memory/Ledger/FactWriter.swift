import Core
import Foundation
import GRDB

/// Writes down the facts of what is being remembered, inside its transaction. What it decides depends on what is stored and on the item alone,
/// so a resumed run ends with the same facts.
struct FactWriter {
  let database: Database
  let stream: Int64

  /// How many facts a claim is compared with: of its own head, and where there is none of any.
  private static let (ofHead, recent) = (16, 48)

  /// Takes in what an item says.
  func take(_ text: String, _ modality: Modality, over range: TimeRange, confidence: Float, item: Int64) throws {
    for claim in Set(ClaimReader.claims(in: text, modality)).sorted(by: {
      ($0.head, $0.relation, $0.value) < ($1.head, $1.relation, $1.value)
    }) {
      var ledger = try facts("relation = ? AND head = ?", [claim.relation, claim.head], limit: Self.ofHead)
      if ledger.entries.isEmpty { ledger = try facts("relation = ?", [claim.relation], limit: Self.recent) }
      let fact: Int64
      switch ledger.place(claim, over: range) {
      case .merge(let index):
        fact = ledger.entries[index].id
        try database.cachedStatement(
          sql: "UPDATE fact SET start = min(start, ?), end = max(end, ?), confidence = max(confidence, ?) WHERE id = ?"
        ).execute(arguments: [range.start.nanoseconds, range.end.nanoseconds, confidence.isFinite ? Double(confidence) : 0, fact])
      case .insert(let head):
        try database.cachedStatement(
          sql: "INSERT INTO fact (stream, head, relation, value, start, end, confidence) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
          stream, head, claim.relation, claim.value, range.start.nanoseconds, range.end.nanoseconds,
          confidence.isFinite ? Double(confidence) : 0,
        ])
        fact = database.lastInsertedRowID
      }
      try database.cachedStatement(sql: "INSERT OR IGNORE INTO fact_source (fact, item, start, end) VALUES (?, ?, ?, ?)")
        .execute(arguments: [fact, item, range.start.nanoseconds, range.end.nanoseconds])
    }
  }

  private func facts(_ condition: String, _ arguments: [String], limit: Int) throws -> Ledger {
    let statement = try database.cachedStatement(
      sql:
        "SELECT id, head, relation, value, start, end FROM fact WHERE stream = ? AND \(condition) ORDER BY end DESC, id DESC LIMIT \(limit)"
    )
    return Ledger(entries: try Row.fetchAll(statement, arguments: [stream] + StatementArguments(arguments)).map(Ledger.Entry.init))
  }

  /// Derives the facts of everything that was remembered before there were any.
  static func derive(_ database: Database) throws {
    let items = try Row.fetchCursor(
      database, sql: "SELECT id, stream, modality, start, end, text, confidence FROM item WHERE modality IN ('text', 'speech') ORDER BY id")
    while let row = try items.next() {
      guard let modality = Modality(rawValue: try row.decode(forColumn: "modality")) else { continue }
      try FactWriter(database: database, stream: row.decode(forColumn: "stream")).take(
        row.decode(forColumn: "text"), modality, over: MemorySnapshot.range(of: row),
        confidence: Float(row.decode(Double.self, forColumn: "confidence")), item: row.decode(forColumn: "id"))
    }
  }
}

extension Ledger.Entry {
  init(_ row: Row) throws {
    self.init(
      id: try row.decode(forColumn: "id"), head: try row.decode(forColumn: "head"), relation: try row.decode(forColumn: "relation"),
      value: try row.decode(forColumn: "value"), range: try MemorySnapshot.range(of: row))
  }
}
