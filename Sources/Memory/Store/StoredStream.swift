import Core
import Foundation
import GRDB

/// A stream's row, and the states stored beside it.
struct StoredStream {
  var row: Int64
  var source: SourceDescription
  var configuration: MemoryConfiguration
  var progress: StreamProgress
  var stageStates: [String: Data]

  /// The name under which the memory keeps its own state of a stream, among those of the stages.
  private static let ownStage = "memory"

  static func fetch(_ database: Database, name: StreamID) throws -> StoredStream? {
    guard let row = try Row.fetchOne(database, sql: "SELECT * FROM stream WHERE name = ?", arguments: [name.rawValue]) else { return nil }
    let id = try row.decode(Int64.self, forColumn: "id")
    var states: [String: Data] = [:]
    for state in try Row.fetchAll(database, sql: "SELECT name, state FROM stage WHERE stream = ?", arguments: [id]) {
      states[try state.decode(forColumn: "name")] = try state.decode(Data.self, forColumn: "state")
    }
    let own = states.removeValue(forKey: ownStage)
    return StoredStream(
      row: id, source: try source(of: row),
      configuration: try JSON.decode(MemoryConfiguration.self, row.decode(forColumn: "configuration")),
      progress: try own.map(progress) ?? StreamProgress(), stageStates: states)
  }

  /// The state is trusted by the code that goes on from it, so it carries a digest: damage is found here and not there.
  private static func progress(_ state: Data) throws -> StreamProgress {
    let json = state.dropFirst(digestLength)
    guard state.prefix(digestLength).elementsEqual(Digest.of(Data(json)).utf8) else {
      throw MemoryError(.corruptInput, "the state in which a stream was left is damaged; restore the memory from a copy")
    }
    return try JSONDecoder().decode(StreamProgress.self, from: json)
  }

  private static let digestLength = 16

  /// What the stream judges new things by, as it was at its last commit.
  func retention(_ database: Database) throws -> StreamRetention {
    var retention = StreamRetention(configuration, salience: progress.salience)
    let rows = try Row.fetchCursor(database, sql: "SELECT start, vector FROM landmark WHERE stream = ? ORDER BY id", arguments: [row])
    while let landmark = try rows.next() {
      retention.restore(
        HalfFloat.values(try landmark.decode(forColumn: "vector")),
        at: MediaTime(nanoseconds: try landmark.decode(forColumn: "start")))
    }
    return retention
  }

  static func source(of row: Row) throws -> SourceDescription {
    SourceDescription(
      path: try row.decode(forColumn: "path"), bytes: try row.decode(forColumn: "bytes"),
      fingerprint: try row.decode(forColumn: "fingerprint"), hasVideo: try row.decode(forColumn: "has_video"),
      hasSound: try row.decode(forColumn: "has_sound"),
      startedAt: try row.decode(Double?.self, forColumn: "started_at").map(Date.init(timeIntervalSince1970:)))
  }

  static func insert(
    _ database: Database, name: StreamID, source: SourceDescription, configuration: MemoryConfiguration
  ) throws -> Int64 {
    try database.execute(
      sql: """
        INSERT INTO stream (name, path, bytes, fingerprint, has_video, has_sound, started_at, up_to, finished, configuration)
        VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)
        """,
      arguments: [
        name.rawValue, source.path, source.bytes, source.fingerprint, source.hasVideo, source.hasSound,
        source.startedAt?.timeIntervalSince1970,
        try JSON.encode(configuration),
      ])
    return database.lastInsertedRowID
  }

  /// Stores where a stream stands, for `fetch` to find.
  static func update(_ database: Database, row: Int64, progress: StreamProgress, stageStates: [String: Data]) throws {
    let stream = try database.cachedStatement(sql: "UPDATE stream SET up_to = ?, finished = ? WHERE id = ?")
    try stream.execute(arguments: [progress.upTo.nanoseconds, progress.finished, row])
    let stage = try database.cachedStatement(
      sql: "INSERT INTO stage (stream, name, state) VALUES (?, ?, ?) ON CONFLICT (stream, name) DO UPDATE SET state = excluded.state")
    if progress.finished {
      for table in ["stage", "landmark"] { try database.execute(sql: "DELETE FROM \(table) WHERE stream = ?", arguments: [row]) }
    }
    for (name, state) in stageStates where !progress.finished {
      guard name != ownStage else {
        throw MemoryError(.misconfigured, "no stage may be named \(ownStage): the memory keeps its own state there")
      }
      try stage.execute(arguments: [row, name, state])
    }
    let json = try JSONEncoder().encode(progress)
    try stage.execute(arguments: [row, ownStage, Data(Digest.of(json).utf8) + json])
  }
}
