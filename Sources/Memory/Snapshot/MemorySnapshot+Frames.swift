import Core
import Foundation
import GRDB

extension MemorySnapshot {
  /// Frames that overlap `within`, in time order.
  package func frames(of stream: StreamID, within: TimeRange? = nil) throws -> [FrameRecord] {
    try read("reading the frames") { connection in
      let filter = Filter(self, stream: stream, within: within)
      let episodes = try EpisodePlaces(connection, stream: rows[stream] ?? -1)
      let cursor = try Row.fetchCursor(
        connection, sql: "SELECT id, start, end, level, tags FROM frame WHERE \(filter.sql(table: "frame")) ORDER BY start",
        arguments: filter.arguments)
      var frames: [FrameRecord] = []
      while let row = try cursor.next() {
        let range = try Self.range(row, atIndex: 1)
        let quick = try row.withUnsafeData(atIndex: 4) { $0.flatMap(ByteReader.tags) }
        frames.append(
          FrameRecord(
            id: try row.decode(atIndex: 0), stream: stream, range: range, level: try Self.level(of: row),
            tags: try quick ?? JSON.decode([FrameFeatures.Tag].self, row.decode(forColumn: "tags")),
            episode: episodes.episode(at: range.start)))
      }
      return frames
    }
  }

  /// The vectors of a stream's frames in a space, whichever of the pooled or textual vectors live in it. Empty when none does.
  package func frameTrack(of stream: StreamID, space: EmbeddingSpace) throws -> FrameTrack {
    guard let entry = spaces[space], let row = rows[stream] else {
      return FrameTrack(space: space, dimensions: 0, ranges: [], vectors: [], episodes: [])
    }
    return try read("reading the frames' vectors") { connection in
      let episodes = try EpisodePlaces(connection, stream: row)
      let count = try Int.fetchOne(connection, sql: "SELECT count(*) FROM frame WHERE stream = ?", arguments: [row]) ?? 0
      var track = FrameTrack(space: space, dimensions: entry.dimensions, ranges: [], vectors: [], episodes: [])
      track.ranges.reserveCapacity(count)
      track.episodes.reserveCapacity(count)
      track.vectors.reserveCapacity(count * entry.dimensions)
      let isPooled = try Bool.fetchOne(
        connection, sql: "SELECT EXISTS (SELECT 1 FROM frame WHERE stream = ? AND pooled_space = ?)", arguments: [row, entry.row])
      let columns = isPooled == true ? ("pooled_space", "pooled") : ("textual_space", "NULL")
      let cursor = try Row.fetchCursor(
        connection, sql: "SELECT id, start, end, \(columns.1) FROM frame WHERE stream = ? AND \(columns.0) = ? ORDER BY start",
        arguments: [row, entry.row])
      var vectors = VectorPages(connection, .frame)
      let place = VectorPages.Place(stream: row, space: entry.row)
      while let frame = try cursor.next() {
        let id = try frame.decode(Int64.self, atIndex: 0)
        let range = try Self.range(frame, atIndex: 1)
        let vector = try isPooled == true ? frame.decode(Data?.self, atIndex: 3) : vectors.vector(of: id, in: place)
        try check(vector ?? Data(), in: entry, row: "frame \(id)")
        HalfFloat.append(vector ?? Data(), to: &track.vectors)
        track.ranges.append(range)
        track.episodes.append(episodes.episode(at: range.start) ?? 0)
      }
      return track
    }
  }

  /// The frames and stretches most similar to a vector in their textual space, best first: an exact scan.
  package func nearestFrames(to query: Embedding, of stream: StreamID, limit: Int = 50) throws -> [(frame: FrameRecord, cosine: Float)] {
    guard let entry = spaces[query.space], let row = rows[stream], limit > 0 else { return [] }
    guard entry.dimensions == query.values.count else {
      throw MemoryError(
        .misconfigured, "a question of \(query.values.count) values cannot be compared with \(entry.space), which has \(entry.dimensions)")
    }
    return try read("comparing the frames") { connection in
      let scan = HalfFloatScan(query.values)
      var found: [(id: Int64, cosine: Float)] = []
      try VectorPages.scan(connection, .frame, of: row, in: entry) { found.append(($0, scan.cosine($1))) }
      let best = found.sorted { ($0.cosine, $1.id) > ($1.cosine, $0.id) }.prefix(limit)
      let one = try connection.cachedStatement(
        sql: "SELECT id, start, end, level, tags, \(Self.episode(of: "frame")) FROM frame WHERE id = ?")
      return try best.compactMap { id, cosine in
        try Row.fetchOne(one, arguments: [id]).map { row in
          (
            FrameRecord(
              id: id, stream: stream, range: try Self.range(of: row), level: try Self.level(of: row),
              tags: try JSON.decode([FrameFeatures.Tag].self, row.decode(forColumn: "tags")), episode: try row.decode(forColumn: "episode")),
            cosine
          )
        }
      }
    }
  }

  /// The feature grid that is kept of a frame; nil where pooling left only the pooled vector, or there never was one.
  package func grid(ofFrame id: Int64) throws -> FeatureGrid? {
    try read("reading a frame's grid") { connection in
      guard
        let row = try Row.fetchOne(
          connection, sql: "SELECT grid_rows, grid_columns, grid, pooled_space FROM frame WHERE id = ? AND grid IS NOT NULL",
          arguments: [id]),
        let entry = try entry(of: row, column: "pooled_space")
      else { return nil }
      let (rows, columns) = (try row.decode(Int.self, forColumn: "grid_rows"), try row.decode(Int.self, forColumn: "grid_columns"))
      let values = HalfFloat.values(try row.decode(forColumn: "grid"))
      guard (1...4096).contains(rows), (1...4096).contains(columns), values.count == rows * columns * entry.dimensions else {
        throw MemoryError(
          .corruptInput,
          "the memory \(folder.path): frame \(id) has a grid of \(values.count) values for \(rows)x\(columns); see `memory verify`")
      }
      return FeatureGrid(rows: rows, columns: columns, channels: entry.dimensions, values: values)
    }
  }
}
