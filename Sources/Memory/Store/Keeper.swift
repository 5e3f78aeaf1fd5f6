import Core
import Foundation
import GRDB

/// Keeps a memory within its budget of bytes: what is old is first kept in less detail, and only then given up.
///
/// Once nothing is left to demote, stretches, pictures, texts and episodes each give way in proportion to a share of the budget, so that one
/// kind never drives out another. The newest stretch of every stream and what is pinned are never touched; where they alone (`Holdings`) fill the budget,
/// a quarter of it is still left to everything else, and the memory is larger than it should be until room is made for it.
struct Keeper {
  let database: Database
  /// Bytes of the database and the pictures together.
  let limit: Int64

  /// What was given up that lies outside the database: files to remove once the transaction is committed.
  struct Relief {
    var pictures: [String] = []
    var pictureBytes: Int64 = 0
  }

  /// Room is made in pieces, so that it is not made at every commit: of this share of the budget, but no larger than passes through the log.
  private static let slack = 0.02
  /// What everything that can be given up keeps in any case, of the limit.
  static let floor = 0.25
  private static let largestPiece: Int64 = 1 << 20

  /// Pages of the database: all, and those that are free.
  private func pages() throws -> (all: Int64, free: Int64) {
    (try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0, try Int64.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0)
  }

  private static let pageBytes: Int64 = 4096

  /// - Parameters:
  ///   - pictures: bytes of the pictures there are.
  ///   - size: how many bytes a picture takes.
  func enforce(pictures: Int64, size: (String) -> Int64) throws -> Relief {
    var relief = Relief()
    if try excess(over: limit, pictures) > 0 { try relieve(&relief, pictures: pictures, size: size) }
    // The file itself must fit, not only what is used of it: free pages go back to the disk, as many as pass through the log.
    let (all, free) = try pages()
    let due = min(free, (all * Self.pageBytes + pictures - relief.pictureBytes - limit) / Self.pageBytes)
    if due > 0 { try database.execute(sql: "PRAGMA incremental_vacuum(\(min(due, Self.largestPiece / Self.pageBytes)))") }
    return relief
  }

  private func excess(over bound: Int64, _ pictures: Int64) throws -> Int64 {
    let pages = try pages()
    return (pages.all - pages.free) * Self.pageBytes + pictures - bound
  }

  private func relieve(_ relief: inout Relief, pictures: Int64, size: (String) -> Int64) throws {
    let goal = max(
      limit - min(Int64(Double(limit) * Self.slack), Self.largestPiece),
      try Holdings(database: database).bytes(size: size) + Int64(Self.floor * Double(limit)))
    guard try excess(over: goal, pictures) > 0 else { return }
    try demote(to: goal, exempt: spared, pictures)
    // Each round gives up something or ends the loop.
    while case let left = try excess(over: goal, pictures - relief.pictureBytes), left > 0 {
      let kinds = try Kind.allCases.map { ($0, try bytes(of: $0, pictures: pictures - relief.pictureBytes) / $0.share) }
        .sorted { ($0.1, $1.0.rawValue) > ($1.1, $0.0.rawValue) }
      var gaveWay = false
      for (kind, bytes) in kinds where bytes > 0 && !gaveWay { gaveWay = try giveUp(kind, bytes: left, &relief, size: size) }
      guard gaveWay else { break }
    }
    try demote(to: goal, exempt: Holdings.recent, pictures - relief.pictureBytes)
  }

  /// Takes the oldest episodes down to level 3 until there is room.
  private func demote(to goal: Int64, exempt: MediaTime, _ pictures: Int64) throws {
    for level in [DetailLevel.pooled, .anchors] {
      while try excess(over: goal, pictures) > 0, let episode = try oldest(at: level, exempt: exempt) {
        try Demotion(database: database).demote(episode, from: level)
      }
    }
  }

  private enum Kind: Int, CaseIterable {
    case stretches, pictures, texts, episodes

    /// Of the budget.
    var share: Double {
      switch self {
      case .stretches: 0.5
      case .pictures: 0.15
      case .texts: 0.3
      case .episodes: 0.05
      }
    }
  }

  private func bytes(of kind: Kind, pictures: Int64) throws -> Double {
    switch kind {
    case .stretches:
      try Double.fetchOne(
        database,
        sql: "SELECT total(\(Holdings.rowBytes) + ifnull(length(pooled), 0) + \(VectorPages.Table.frame.bytes) + length(tags)) FROM frame")
        ?? 0
    case .pictures: Double(pictures)
    case .texts:
      try Double.fetchOne(
        database,
        sql: "SELECT total(\(Holdings.rowBytes) + 2 * length(text) + ifnull(length(detail), 0) + \(VectorPages.Table.item.bytes)) FROM item"
      )
        ?? 0
    case .episodes: try Double.fetchOne(database, sql: "SELECT total(\(Holdings.rowBytes) + length(tags)) FROM episode") ?? 0
    }
  }

  /// The finished episode to demote next: the oldest of the stream begun first.
  private func oldest(at level: DetailLevel, exempt: MediaTime) throws -> Int64? {
    try Int64.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT episode.id FROM episode JOIN stream ON stream.id = episode.stream
          WHERE level = ? AND NOT open AND (finished OR episode.end < up_to - \(exempt.nanoseconds)) AND \(Holdings.isFree("episode")) ORDER BY episode.stream, start LIMIT 1
          """), arguments: [level.rawValue])
  }

  /// How much of a stream that is being watched keeps the detail of its age, as long as anything older can give way: what it takes (about 14 kB a
  /// second for the first ten minutes, 6 kB beyond) is a small part of a budget of this size.
  private var spared: MediaTime {
    limit >= 128_000_000 ? MediaTime(seconds: 3600) : limit >= 48_000_000 ? MediaTime(seconds: 600) : Holdings.recent
  }

  /// - Returns: whether anything was given up.
  private func giveUp(_ kind: Kind, bytes: Int64, _ relief: inout Relief, size: (String) -> Int64) throws -> Bool {
    switch kind {
    case .stretches: try giveUpStretches(bytes)
    case .pictures: try giveUpPictures(bytes, &relief, size: size)
    case .texts: try giveUpTexts(bytes)
    case .episodes: try Chapters(database: database).merge(upTo: max(1, Int(bytes / 400)))
    }
  }

  private func giveUpStretches(_ bytes: Int64) throws -> Bool {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT frame.id, frame.stream, frame.start, up_to, salience, pinned FROM frame JOIN stream ON stream.id = frame.stream
        WHERE level >= \(DetailLevel.episode.rawValue) AND \(Holdings.isFree("frame"))
        """)
    let items = try rows.map { row in
      RetentionPolicy.Item(
        id: try row.decode(forColumn: "id"), start: MediaTime(nanoseconds: try row.decode(forColumn: "start")),
        salience: Float(try row.decode(Double.self, forColumn: "salience")), isPinned: try row.decode(forColumn: "pinned"),
        stream: try row.decode(forColumn: "stream"), now: MediaTime(nanoseconds: try row.decode(forColumn: "up_to")))
    }
    let least = RetentionPolicy.least(max(1, Int(bytes / 1000)), of: items, by: try policies())
    var vectors = VectorPages(database, .frame)
    let drop = try database.cachedStatement(sql: "DELETE FROM frame WHERE id = ?")
    for id in least {
      try vectors.remove(where: "id = ?", [id])
      try drop.execute(arguments: [id])
    }
    // The last stretches move into the places that are free now: pages are given back only when they are empty.
    let last = try database.cachedStatement(
      sql: "SELECT id, stream, textual_space FROM frame WHERE id < \(Demotion.firstRecent) AND id > ? ORDER BY id DESC LIMIT 1")
    let move = try database.cachedStatement(sql: "UPDATE frame SET id = ? WHERE id = ?")
    for free in least.sorted() where free < Demotion.firstRecent {
      guard let row = try Row.fetchOne(last, arguments: [free]) else { break }
      let id = try row.decode(Int64.self, atIndex: 0)
      if let space = try row.decode(Int64?.self, atIndex: 2) {
        try vectors.move(id, to: free, in: VectorPages.Place(stream: row.decode(atIndex: 1), space: space))
      }
      try move.execute(arguments: [free, id])
    }
    try vectors.save()
    if !least.isEmpty { try Reminder.removeBroken(database) }
    return !least.isEmpty
  }

  /// Every stream is kept as it was begun.
  private func policies() throws -> [Int64: RetentionPolicy] {
    let rows = try Row.fetchAll(database, sql: "SELECT id, configuration FROM stream")
    return try Dictionary(
      uniqueKeysWithValues: rows.map { row in
        let configuration = try JSON.decode(MemoryConfiguration.self, row.decode(forColumn: "configuration"))
        return (try row.decode(Int64.self, forColumn: "id"), RetentionPolicy(configuration.retention))
      })
  }

  /// Oldest first, those of episodes with a first appearance last.
  private func giveUpPictures(_ bytes: Int64, _ relief: inout Relief, size: (String) -> Int64) throws -> Bool {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, thumbnail FROM episode WHERE thumbnail IS NOT NULL AND level >= \(DetailLevel.episode.rawValue) AND \(Holdings.isFree("episode"))
        ORDER BY EXISTS (SELECT 1 FROM frame
          WHERE frame.stream = episode.stream AND frame.start >= episode.start AND frame.start < episode.end AND pinned), stream, start
        """)
    let forget = try database.cachedStatement(sql: "UPDATE episode SET thumbnail = NULL WHERE id = ?")
    var freed: Int64 = 0
    for row in rows where freed < bytes {
      let path = try row.decode(String.self, forColumn: "thumbnail")
      try forget.execute(arguments: [try row.decode(Int64.self, forColumn: "id")])
      freed += max(1, size(path))
      relief.pictures.append(path)
    }
    relief.pictureBytes += freed
    return freed > 0
  }

  /// First the times of single words, then guesses, then whole items; oldest first, the recent ones never.
  private func giveUpTexts(_ bytes: Int64) throws -> Bool {
    let old = """
      item.start < (SELECT up_to FROM stream WHERE stream.id = item.stream) - iif((SELECT finished FROM stream WHERE stream.id = item.stream),
        0, \(Holdings.recent.nanoseconds)) AND \(Holdings.isFree("item"))
      """
    try database.execute(
      sql: """
        UPDATE item SET detail = json_remove(detail, '$.words') WHERE id IN
          (SELECT id FROM item WHERE modality = 'speech' AND length(detail) > 60 AND json_type(detail, '$.words') IS NOT NULL AND \(old)
            ORDER BY stream, start LIMIT ?)
        """, arguments: [max(1, bytes / 600)])
    if database.changesCount > 0 { return true }
    var vectors = VectorPages(database, .item)
    let oldest = "id IN (SELECT id FROM item WHERE \(old) ORDER BY NOT \(Schema.isGuess), stream, start LIMIT ?)"
    try vectors.remove(where: oldest, [max(1, bytes / 1200)])
    try vectors.save()
    try database.execute(sql: "DELETE FROM item WHERE \(oldest)", arguments: [max(1, bytes / 1200)])
    return database.changesCount > 0
  }
}
