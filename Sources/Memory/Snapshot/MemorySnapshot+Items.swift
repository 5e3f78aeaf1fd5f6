import Core
import Foundation
import GRDB

extension MemorySnapshot {
  /// Items that overlap `within`, in order of stream and time.
  package func items(of stream: StreamID? = nil, modality: Modality? = nil, within: TimeRange? = nil) throws -> [ItemRecord] {
    try read("reading the items") { connection in
      let filter = Filter(self, stream: stream, modality: modality, within: within)
      var vectors = VectorPages(connection, .item)
      return try Row.fetchAll(
        connection,
        sql: """
          SELECT item.*, \(Self.episode(of: "item")) FROM item JOIN stream ON stream.id = item.stream
          WHERE \(filter.sql(table: "item")) ORDER BY stream.name, item.start, item.end, item.id
          """, arguments: filter.arguments
      ).map { try item($0, &vectors) }
    }
  }

  /// One item whole; nil when there is none of this number.
  package func item(_ id: Int64) throws -> ItemRecord? {
    try read("reading an item") { connection in
      var vectors = VectorPages(connection, .item)
      return try Row.fetchOne(connection, sql: "SELECT item.*, \(Self.episode(of: "item")) FROM item WHERE id = ?", arguments: [id])
        .map { try item($0, &vectors) }
    }
  }

  /// All items of a stream for a scan.
  package func itemTrack(of stream: StreamID) throws -> ItemTrack {
    var track = ItemTrack()
    guard let own = rows[stream] else { return track }
    try read("reading the items for a scan") { connection in try fill(&track, own, stream, connection) }
    let keys = track.items.map { ($0.range.start.nanoseconds, $0.range.end.nanoseconds, $0.id) }
    let order = keys.indices.sorted { keys[$0] < keys[$1] }
    track.items = order.map { track.items[$0] }
    track.rows = order.map { track.rows[$0] }
    return track
  }

  private func fill(_ track: inout ItemTrack, _ own: Int64, _ stream: StreamID, _ connection: Database) throws {
    let first = try Row.fetchOne(
      connection, sql: "SELECT space FROM item WHERE stream = ? AND space IS NOT NULL ORDER BY start, end, id LIMIT 1", arguments: [own])
    let entry = try first.flatMap { try self.entry(of: $0, column: "space") }
    track.space = entry?.space
    track.dimensions = entry?.dimensions ?? 0
    let episodes = try EpisodePlaces(connection, stream: own)
    var shared: [String: (row: Int32, vector: Data)] = [:]
    var vectors = VectorPages(connection, .item)
    let cursor = try Row.fetchCursor(
      connection,
      sql: """
        SELECT id, start, end, modality, text, confidence, space, iif(modality = 'text', detail, NULL) AS detail
        FROM item WHERE stream = ?
        """, arguments: [own])
    while let row = try cursor.next() {
      let id = try row.decode(Int64.self, atIndex: 0)
      let kind = try row.decode(String.self, atIndex: 3)
      guard let modality = Modality(rawValue: kind), modality != .vision else {
        throw MemoryError(.corruptInput, "the memory \(folder.path): item \(id) is of the unknown kind \(kind)")
      }
      let range = try Self.range(row, atIndex: 1)
      var item = ItemRecord(
        id: id, stream: stream, modality: modality, range: range, text: try row.decode(atIndex: 4),
        confidence: Float(try row.decode(Double.self, atIndex: 5)), episode: episodes.episode(at: range.start))
      if modality == .text {
        let quick: TextLine.Box? = try row.withUnsafeData(atIndex: 7) { text in text.flatMap { ByteReader.box($0) } }
        let text = quick == nil ? try row.decode(String?.self, atIndex: 7) : nil
        item.box = try quick ?? text.flatMap { try JSON.decode(ItemDetail.self, $0).box }
      }
      var place: Int32 = -1
      if let entry, try row.decode(Int64?.self, atIndex: 6) == entry.row {
        let vector = try vectors.vector(of: id, in: VectorPages.Place(stream: own, space: entry.row)) ?? Data()
        try check(vector, in: entry, row: "item \(id)")
        if modality == .sound, let known = shared[item.text], known.vector == vector {
          place = known.row
        } else {
          place = Int32(track.vectors.count / entry.dimensions)
          HalfFloat.append(vector, to: &track.vectors)
          if modality == .sound, shared[item.text] == nil { shared[item.text] = (place, vector) }
        }
      }
      track.items.append(item)
      track.rows.append(place)
    }
  }

  func item(_ row: Row, _ vectors: inout VectorPages) throws -> ItemRecord {
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
      embedding: try embedding(row, item: id, &vectors), episode: try row.decode(forColumn: "episode"))
  }

  private func embedding(_ row: Row, item: Int64, _ vectors: inout VectorPages) throws -> Embedding? {
    guard let entry = try entry(of: row, column: "space") else { return nil }
    let place = VectorPages.Place(stream: try row.decode(forColumn: "stream"), space: entry.row)
    let blob = try vectors.vector(of: item, in: place) ?? Data()
    try check(blob, in: entry, row: "item \(item)")
    return Embedding(space: entry.space, values: HalfFloat.values(blob))
  }
}
