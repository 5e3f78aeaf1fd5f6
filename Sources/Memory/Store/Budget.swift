import Core
import GRDB

/// How many bytes a memory may take: a setting of the memory itself, so that it holds whoever writes into it.
///
/// *Units* bytes; a megabyte is a million of them wherever a person names or reads one.
enum Budget {
  static let usual: Int64 = 256_000_000
  /// Below this the newest stretch of a stream in full detail would not fit.
  static let least: Int64 = 16_000_000

  /// What of it is left to the database and the pictures: SQLite's log is folded in at 2 MB, and a transaction passes through it first.
  static func limit(of budget: Int64) -> Int64 { budget - min(10_000_000, budget / 3) }

  /// Stores a new budget, or finds the one that holds.
  ///
  /// *Throws* `misconfigured` for one that is too small, in itself or for what may not be given up.
  static func settle(_ wanted: Int?, _ database: Database, size: (String) -> Int64) throws -> Int64 {
    if let wanted {
      guard Int64(wanted) >= least else {
        throw MemoryError(.misconfigured, "a memory cannot be kept in \(wanted) bytes; give it at least \(least / 1_000_000) MB")
      }
      let held = try Holdings(database: database).bytes(size: size)
      guard Int64(wanted) == (try stored(database)) || Double(held) <= (1 - Keeper.floor) * Double(limit(of: Int64(wanted))) else {
        throw MemoryError(
          .misconfigured,
          "\(wanted / 1_000_000) MB is too little: \(held / 1_000_000 + 1) MB may not be given up (pinned stretches, the newest minute of streams that are not finished, facts); give it at least \(least(for: held) / 1_000_000 + 1) MB"
        )
      }
      try database.execute(
        sql: "INSERT INTO setting (name, value) VALUES ('budget', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        arguments: [String(wanted)])
      return Int64(wanted)
    }
    return try stored(database)
  }

  /// The least budget for what may not be given up.
  static func least(for held: Int64) -> Int64 {
    let limit = Int64(Double(held) / (1 - Keeper.floor))
    return max(least, limit + min(10_000_000, limit / 2))
  }

  /// Makes sure that a memory of a size may stay as it is.
  static func admit(_ bytes: Int64, _ database: Database) throws {
    guard bytes > limit(of: usual) else { return }
    try database.execute(sql: "INSERT OR IGNORE INTO setting (name, value) VALUES ('budget', ?)", arguments: [String(bytes + bytes / 4)])
  }

  static func stored(_ database: Database) throws -> Int64 {
    let stored = try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'budget'").flatMap { Int64($0) }
    return max(least, stored ?? usual)
  }
}
