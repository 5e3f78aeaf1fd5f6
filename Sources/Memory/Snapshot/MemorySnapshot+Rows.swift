import Core
import Foundation
import GRDB

extension MemorySnapshot {
  /// Reads at the snapshot's moment, turning what is thrown into a `MemoryError`.
  ///
  /// *Throws* `needsReset` when the writer's log has grown by `mostLog` since: a snapshot that is held keeps it from being folded in.
  func read<T>(_ action: String, _ body: (Database) throws -> T) throws -> T {
    guard place.size("memory.sqlite-wal") - logAtOpening <= Self.mostLog else {
      throw MemoryError(.needsReset, "\(action) of the memory \(folder.path): it was written on for too long meanwhile; try again")
    }
    return try MemoryError.wrapping("\(action) of the memory \(folder.path)") { try database.read(body) }
  }

  /// The rows a question is about, as a condition and its arguments.
  struct Filter {
    private var conditions: [(String) -> String] = []
    private(set) var arguments = StatementArguments()

    init(_ snapshot: MemorySnapshot, stream: StreamID?, modality: Modality? = nil, within: TimeRange? = nil) {
      if let stream { add({ "\($0).stream = ?" }, snapshot.rows[stream] ?? -1) }
      if let modality { add({ "\($0).modality = ?" }, modality.rawValue) }
      if let within {
        // An instant counts as inside when it lies on the range's start, and a range of no length meets what covers it.
        add({ "\($0).end >= ?" }, within.start.nanoseconds)
        conditions.append { "(\($0).end > ? OR \($0).start >= ?)" }
        arguments += [within.start.nanoseconds, within.start.nanoseconds]
        conditions.append { "(\($0).start < ? OR \($0).start = ?)" }
        arguments += [within.end.nanoseconds, within.start.nanoseconds]
      }
    }

    private mutating func add(_ condition: @escaping (String) -> String, _ argument: some DatabaseValueConvertible) {
      conditions.append(condition)
      arguments += [argument]
    }

    func sql(table: String) -> String {
      conditions.isEmpty ? "TRUE" : conditions.map { $0(table) }.joined(separator: " AND ")
    }
  }

  func name(of row: Row) throws -> StreamID {
    let stream = try row.decode(Int64.self, forColumn: "stream")
    guard let name = names[stream] else {
      throw MemoryError(.corruptInput, "the memory \(folder.path) has a row of stream \(stream), which it does not know")
    }
    return name
  }

  static func range(of row: Row) throws -> TimeRange {
    TimeRange(
      start: MediaTime(nanoseconds: try row.decode(forColumn: "start")), end: MediaTime(nanoseconds: try row.decode(forColumn: "end")))
  }

  /// A start with its end in the column behind it.
  static func range(_ row: Row, atIndex start: Int) throws -> TimeRange {
    TimeRange(
      start: MediaTime(nanoseconds: try row.decode(atIndex: start)), end: MediaTime(nanoseconds: try row.decode(atIndex: start + 1)))
  }

  static func level(of row: Row) throws -> DetailLevel {
    let level = try row.decode(Int.self, forColumn: "level")
    guard let known = DetailLevel(rawValue: level) else { throw MemoryError(.corruptInput, "a row has level \(level), which there is not") }
    return known
  }

  /// The episode an instant of a table's row lies in: the last one that begins at or before it, or the first of the stream.
  static func episode(of table: String) -> String {
    """
    coalesce(
      (SELECT id FROM episode WHERE episode.stream = \(table).stream AND episode.start <= \(table).start ORDER BY episode.start DESC LIMIT 1),
      (SELECT id FROM episode WHERE episode.stream = \(table).stream ORDER BY episode.start LIMIT 1)) AS episode
    """
  }

  /// *Throws* `corruptInput` when a stored vector is not as long as its space says.
  func check(_ blob: Data, in entry: SpaceRegister.Entry, row: String) throws {
    guard blob.count == HalfFloat.bytes(entry.dimensions) else {
      throw MemoryError(
        .corruptInput,
        "the memory \(folder.path): \(row) has \(blob.count) bytes where \(entry.space) has \(HalfFloat.bytes(entry.dimensions)); see `memory verify`"
      )
    }
  }

  func entry(of row: Row, column: String) throws -> SpaceRegister.Entry? {
    guard let space = try row.decode(Int64?.self, forColumn: column) else { return nil }
    guard let entry = spaces.entries[space] else {
      throw MemoryError(.corruptInput, "the memory \(folder.path) names space \(space), which it does not know")
    }
    return entry
  }
}
