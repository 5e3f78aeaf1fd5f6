import Core
import Foundation
import GRDB

/// A memory as it was at one moment, the open episode included: it sees no later commit and never waits for the writer.
///
/// *Isolation* any; reads of one snapshot take turns. *Throws* every call throws `MemoryError`: `corruptInput` when what is stored
/// breaks its own format, `unavailable` when the disk refuses.
package struct MemorySnapshot: Sendable {
  package let folder: URL
  let place: MemoryFolder
  let database: DatabaseSnapshot
  let spaces: SpaceRegister
  /// Row numbers and names of the streams.
  let names: [Int64: StreamID]
  let rows: [StreamID: Int64]
  /// Bytes of the writer's log when the snapshot was taken.
  let logAtOpening: Int64

  /// By how much a snapshot that is held may let the log grow.
  static let mostLog: Int64 = 64_000_000

  /// Opens the memory in `folder` for reading, from any process. Modifies nothing that is remembered.
  ///
  /// *Throws* `unavailable` when there is nothing, `misconfigured` when there is something else or a newer version.
  package static func open(_ folder: URL) throws -> MemorySnapshot {
    let place = MemoryFolder(url: folder)
    switch try place.content() {
    case .nothing: throw MemoryError(.unavailable, "there is no memory at \(folder.path); `watch` makes one")
    case .other(let what): throw MemoryError(.misconfigured, "\(folder.path) \(what); name the folder of a memory")
    case .memory: break
    }
    return try MemoryError.wrapping("cannot open the memory \(folder.path)") { try MemorySnapshot(place) }
  }

  /// Whether the database in a folder is a memory this program knows.
  ///
  /// - Returns: its version.
  @discardableResult
  static func check(_ place: MemoryFolder) throws -> Int { try connect(place).read { try Schema.check($0, of: place) } }

  private static func connect(_ place: MemoryFolder) throws -> DatabaseSnapshot {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.label = "afterimage.memory.reader"
    configuration.busyMode = .timeout(10)
    return try DatabasePool(path: place.pathForReading, configuration: configuration).makeSnapshot()
  }

  private init(_ place: MemoryFolder) throws {
    logAtOpening = place.size("memory.sqlite-wal")
    database = try Self.connect(place)
    (spaces, names) = try database.read { connection in
      // An older version is read by migrating it first, which only a writer may do.
      guard try Schema.check(connection, of: place) == Schema.version else {
        throw MemoryError(.misconfigured, "the memory \(place.path) is of an older version; `memory compact` brings it up to date")
      }
      var names: [Int64: StreamID] = [:]
      for row in try Row.fetchAll(connection, sql: "SELECT id, name FROM stream") {
        names[try row.decode(forColumn: "id")] = StreamID(try row.decode(String.self, forColumn: "name"))
      }
      return (try SpaceRegister(connection), names)
    }
    rows = Dictionary(names.map { ($1, $0) }, uniquingKeysWith: min)
    self.place = place
    folder = place.url
  }

  /// In order of their names.
  package var streams: [StreamRecord] {
    get throws {
      try read("reading the streams") { connection in
        try Row.fetchAll(connection, sql: "SELECT * FROM stream ORDER BY name").map { try stream($0, connection) }
      }
    }
  }

  private func stream(_ row: Row, _ connection: Database) throws -> StreamRecord {
    let id = try row.decode(Int64.self, forColumn: "id")
    let upTo = MediaTime(nanoseconds: try row.decode(forColumn: "up_to"))
    let found = try Row.fetchOne(
      connection,
      sql: """
        SELECT (SELECT min(start) FROM episode WHERE stream = :id) AS first, (SELECT max(end) FROM episode WHERE stream = :id) AS last,
          (SELECT min(start) FROM item WHERE stream = :id) AS first_item
        """, arguments: ["id": id])
    let first =
      [try found?.decode(Int64?.self, forColumn: "first"), try found?.decode(Int64?.self, forColumn: "first_item")]
      .compactMap { $0 }.min() ?? 0
    var last = try found?.decode(Int64?.self, forColumn: "last") ?? 0
    var modalities: Set<Modality> = []
    // One look into an index for each kind, however many items there are.
    let latest = try connection.cachedStatement(sql: "SELECT max(end) FROM item WHERE stream = ? AND modality = ?")
    for modality in Modality.allCases {
      guard let end = try Int64.fetchOne(latest, arguments: [id, modality.rawValue]) else { continue }
      modalities.insert(modality)
      last = max(last, end)
    }
    if try Bool.fetchOne(connection, sql: "SELECT EXISTS (SELECT 1 FROM frame WHERE stream = ?)", arguments: [id]) == true {
      modalities.insert(.vision)
    }
    let source = try StoredStream.source(of: row)
    return StreamRecord(
      id: StreamID(try row.decode(String.self, forColumn: "name")), source: source,
      extent: TimeRange(start: min(.zero, MediaTime(nanoseconds: first)), end: max(upTo, MediaTime(nanoseconds: last))),
      startedAt: source.startedAt, finished: try row.decode(forColumn: "finished"), modalities: modalities, upTo: upTo)
  }

  /// In order of stream and time; of every stream when none is named.
  ///
  /// - Parameter countingFrames: whether `frames` is wanted, for which every frame is looked up; 0 otherwise.
  package func episodes(of stream: StreamID? = nil, countingFrames: Bool = true) throws -> [EpisodeRecord] {
    try read("reading the episodes") { connection in
      let filter = Filter(self, stream: stream)
      let count = """
        (SELECT ifnull(sum(frame.frames), 0) FROM frame
          WHERE frame.stream = episode.stream AND frame.start >= episode.start AND frame.start < episode.end)
        """
      return try Row.fetchAll(
        connection,
        sql: """
          SELECT episode.*, \(countingFrames ? count : "0") AS frames
          FROM episode JOIN stream ON stream.id = episode.stream WHERE \(filter.sql(table: "episode")) ORDER BY stream.name, start
          """, arguments: filter.arguments
      ).map(episode)
    }
  }

  private func episode(_ row: Row) throws -> EpisodeRecord {
    let tags = try row.decode(String.self, forColumn: "tags")
    return EpisodeRecord(
      id: try row.decode(forColumn: "id"), stream: try name(of: row), range: try Self.range(of: row),
      isOpen: try row.decode(forColumn: "open"),
      level: try Self.level(of: row), frames: try row.decode(forColumn: "frames"),
      tags: try ByteReader.tags(Data(tags.utf8)) ?? JSON.decode([FrameFeatures.Tag].self, tags),
      thumbnail: try row.decode(forColumn: "thumbnail"))
  }
}
