import Core
import Foundation
import GRDB

extension MemorySnapshot {
  /// Items holding at least one of the terms, best first. Words match whatever their ending (Porter's stemmer); nothing in a term
  /// is read as query syntax; a term of several words is a phrase. Gaps are found only when asked for.
  ///
  /// - Returns: the score is BM25, higher is better.
  package func search(
    terms: [String], of stream: StreamID? = nil, modality: Modality? = nil, limit: Int = 50
  ) throws -> [(item: ItemRecord, score: Double)] {
    guard let query = Self.query(terms), limit > 0 else { return [] }
    return try read("searching the items") { connection in
      let filter = Filter(self, stream: stream, modality: modality)
      let kinds = modality == nil ? "modality <> 'gap'" : "TRUE"
      // The best first, each looked up until there are enough: a word that stands in every line is not looked up in every line.
      var vectors = VectorPages(connection, .item)
      let ranked = try Row.fetchCursor(
        connection, sql: "SELECT rowid, rank FROM item_text WHERE item_text MATCH ? ORDER BY rank LIMIT \(Self.mostRanked)",
        arguments: [query])
      let one = try connection.cachedStatement(
        sql: "SELECT item.*, \(Self.episode(of: "item")) FROM item WHERE id = ? AND \(kinds) AND \(filter.sql(table: "item"))")
      var found: [(item: ItemRecord, score: Double)] = []
      while found.count < limit, let hit = try ranked.next() {
        let id = try hit.decode(Int64.self, atIndex: 0)
        guard let row = try Row.fetchOne(one, arguments: [id] + filter.arguments) else { continue }
        found.append((try item(row, &vectors), -(try hit.decode(Double.self, atIndex: 1))))
      }
      return found
    }
  }

  /// Only the best ranked are looked at further: a word that stands in everything says nothing.
  private static let mostRanked = 2000

  /// More than a person asks; what is beyond is left out.
  private static let (mostTerms, longestTerm) = (200, 500)

  /// Every term quoted, any of them enough; nil when no term has a letter or a digit.
  private static func query(_ terms: [String]) -> String? {
    let quoted = Set(terms.prefix(mostTerms)).sorted().compactMap { term -> String? in
      let clean = term.prefix(longestTerm).filter { $0 != "\0" }
      guard clean.unicodeScalars.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil }) else { return nil }
      return "\"\(clean.replacingOccurrences(of: "\"", with: "\"\""))\""
    }
    return quoted.isEmpty ? nil : quoted.joined(separator: " OR ")
  }

  /// The items most similar to a vector, best first: an exact scan.
  ///
  /// *Throws* `misconfigured` when items have vectors but none in this space, or when the length is not the space's.
  package func nearest(
    to query: Embedding, of stream: StreamID? = nil, limit: Int = 50
  ) throws -> [(item: ItemRecord, cosine: Float)] {
    guard limit > 0 else { return [] }
    return try read("comparing the items") { connection in
      guard let entry = try entry(comparableWith: query, connection) else { return [] }
      let scan = HalfFloatScan(query.values)
      var found: [(id: Int64, cosine: Float)] = []
      try VectorPages.scan(connection, .item, of: stream.map { rows[$0] ?? -1 }, in: entry) { found.append(($0, scan.cosine($1))) }
      let best = found.sorted { ($0.cosine, $1.id) > ($1.cosine, $0.id) }.prefix(limit)
      let one = try connection.cachedStatement(sql: "SELECT item.*, \(Self.episode(of: "item")) FROM item WHERE id = ?")
      var vectors = VectorPages(connection, .item)
      return try best.compactMap { id, cosine in
        try Row.fetchOne(one, arguments: [id]).map { (try item($0, &vectors), cosine) }
      }
    }
  }

  /// The space of a query, when any item lives in it; nil when no item has a vector at all.
  private func entry(comparableWith query: Embedding, _ connection: Database) throws -> SpaceRegister.Entry? {
    let isUsed = try spaces[query.space].flatMap {
      try Bool.fetchOne(connection, sql: "SELECT EXISTS (SELECT 1 FROM item WHERE space = ?)", arguments: [$0.row])
    }
    guard let entry = spaces[query.space], isUsed == true else {
      let used = try Int64.fetchAll(connection, sql: "SELECT DISTINCT space FROM item WHERE space IS NOT NULL")
      if used.isEmpty { return nil }
      let known = used.compactMap { spaces.entries[$0]?.space.rawValue }.sorted().joined(separator: ", ")
      throw MemoryError(
        .misconfigured,
        "the items of \(folder.path) are remembered in \(known) and cannot be compared with \(query.space); use the same model")
    }
    guard entry.dimensions == query.values.count else {
      throw MemoryError(
        .misconfigured, "a question of \(query.values.count) values cannot be compared with \(entry.space), which has \(entry.dimensions)")
    }
    return entry
  }
}
