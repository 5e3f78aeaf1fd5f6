import Core
import GRDB

/// Where the episodes of a stream begin.
struct EpisodePlaces {
  private var starts: [Int64] = []
  private var ids: [Int64] = []

  init(_ connection: Database, stream: Int64) throws {
    let rows = try Row.fetchCursor(
      connection.cachedStatement(sql: "SELECT id, start FROM episode WHERE stream = ? ORDER BY start"), arguments: [stream])
    while let row = try rows.next() {
      ids.append(try row.decode(atIndex: 0))
      starts.append(try row.decode(atIndex: 1))
    }
  }

  /// The last episode that begins at or before a time, or the first of the stream; nil when there is none.
  func episode(at time: MediaTime) -> Int64? {
    var (low, count) = (0, starts.count)
    while count > 0 {
      let half = count / 2
      if starts[low + half] <= time.nanoseconds {
        low += half + 1
        count -= half + 1
      } else {
        count = half
      }
    }
    return ids.isEmpty ? nil : ids[max(0, low - 1)]
  }
}
