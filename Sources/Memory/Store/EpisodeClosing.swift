import Core
import Foundation
import GRDB

/// What happens when an episode is over: its frames pass from short-term detail to long-term detail, it is divided into the stretches it
/// will later be kept as, and it gets its tags and its picture.
struct EpisodeClosing {
  let database: Database
  let stream: Int64
  let pooling: ProgressivePooling

  /// One frame of the episode, as far as closing looks at it.
  private struct Frame {
    var row: Int64
    var start: MediaTime
    var end: MediaTime
    var vector: [Float]
    var textual: [Float]?
    var tags: [FrameFeatures.Tag]
  }

  func close(at end: MediaTime, _ retention: inout StreamRetention, save: (String, Data) throws -> Void) throws {
    let episode = try database.cachedStatement(sql: "SELECT id, start FROM episode WHERE stream = ? AND level = 0 AND open")
    guard let row = try Row.fetchOne(episode, arguments: [stream]) else { return }
    let start = MediaTime(nanoseconds: try row.decode(forColumn: "start"))
    let frames = try frames(from: start, to: end)
    try pool(frames.map(\.row))
    try divide(frames, &retention)
    var path: String?
    if let typical = Self.mostTypical(frames.map(\.vector)),
      let picture = try Data.fetchOne(
        database.cachedStatement(sql: "SELECT thumbnail FROM frame_draft WHERE frame = ? AND thumbnail IS NOT NULL"),
        arguments: [frames[typical].row])
    {
      let name = Thumbnail.path(stream: stream, start: start)
      try save(name, picture)
      path = name
    }
    try discardDrafts(frames.map(\.row))
    let close = try database.cachedStatement(sql: "UPDATE episode SET end = ?, open = 0, level = ?, tags = ?, thumbnail = ? WHERE id = ?")
    try close.execute(arguments: [
      end.nanoseconds, DetailLevel.pooled.rawValue, try JSON.encode(FrameFeatures.Tag.mean(of: frames.map { ($0.tags, 1) })), path,
      try row.decode(Int64.self, forColumn: "id"),
    ])
  }

  private func frames(from start: MediaTime, to end: MediaTime) throws -> [Frame] {
    let statement = try database.cachedStatement(
      sql: "SELECT id, start, end, pooled, textual_space, tags FROM frame WHERE stream = ? AND start >= ? AND start < ? ORDER BY start")
    var vectors = VectorPages(database, .frame)
    return try Row.fetchAll(statement, arguments: [stream, start.nanoseconds, end.nanoseconds]).map { row in
      let textual = try row.decode(Int64?.self, forColumn: "textual_space").flatMap {
        try vectors.vector(of: row.decode(forColumn: "id"), in: VectorPages.Place(stream: stream, space: $0))
      }
      return Frame(
        row: try row.decode(forColumn: "id"), start: MediaTime(nanoseconds: try row.decode(forColumn: "start")),
        end: MediaTime(nanoseconds: try row.decode(forColumn: "end")),
        vector: HalfFloat.values(try row.decode(Data?.self, forColumn: "pooled") ?? Data()),
        textual: textual.map(HalfFloat.values),
        tags: try JSON.decode([FrameFeatures.Tag].self, row.decode(forColumn: "tags")))
    }
  }

  /// Anchors keep the grid they were stored with; the others get their coarse one, or none.
  private func pool(_ rows: [Int64]) throws {
    let anchor = try database.cachedStatement(sql: "UPDATE frame SET level = \(DetailLevel.pooled.rawValue) WHERE id = ?")
    let rest = try database.cachedStatement(
      sql: """
        UPDATE frame SET level = \(DetailLevel.pooled.rawValue),
          (grid_rows, grid_columns, grid) = (SELECT rest_rows, rest_columns, rest FROM frame_draft WHERE frame = frame.id)
        WHERE id = ?
        """)
    let anchors = Set(try pooling.anchors(of: rows.count) { try grid(of: rows[$0]) })
    for (index, row) in rows.enumerated() { try (anchors.contains(index) ? anchor : rest).execute(arguments: [row]) }
  }

  /// The grid a frame of the open episode is stored with.
  private func grid(of row: Int64) throws -> FeatureGrid? {
    let statement = try database.cachedStatement(sql: "SELECT grid_rows, grid_columns, grid FROM frame WHERE id = ? AND grid IS NOT NULL")
    guard let found = try Row.fetchOne(statement, arguments: [row]) else { return nil }
    let (rows, columns): (Int, Int) = (try found.decode(forColumn: "grid_rows"), try found.decode(forColumn: "grid_columns"))
    let values = HalfFloat.values(try found.decode(forColumn: "grid"))
    guard (1...4096).contains(rows), (1...4096).contains(columns), values.count % (rows * columns) == 0 else { return nil }
    return FeatureGrid(rows: rows, columns: columns, channels: values.count / (rows * columns), values: values)
  }

  /// Marks the stretches of the episode, what each is worth, and those in which something appears for the first time.
  private func divide(_ frames: [Frame], _ retention: inout StreamRetention) throws {
    guard !frames.isEmpty else { return }
    let textual = frames.compactMap(\.textual)
    let vectors = textual.count == frames.count ? textual : frames.map(\.vector)
    let runs = try retention.close(vectors, starts: frames.map(\.start)) { run in
      try company(from: frames[run.lowerBound].start, to: frames[run.upperBound - 1].end)
    }
    let mark = try database.cachedStatement(sql: "UPDATE frame SET run = ?, salience = ?, pinned = ? WHERE id = ?")
    // The stretch that began then: frames of one number up to the end of its episode.
    let unpin = try database.cachedStatement(
      sql: """
        UPDATE frame SET pinned = 0 WHERE stream = :stream AND start >= :start
          AND start < (SELECT end FROM episode WHERE stream = :stream AND start <= :start ORDER BY start DESC LIMIT 1)
          AND run IS (SELECT run FROM frame WHERE stream = :stream AND start = :start)
        """)
    let forget = try database.cachedStatement(sql: "DELETE FROM landmark WHERE stream = ? AND start = ?")
    let remember = try database.cachedStatement(sql: "INSERT INTO landmark (stream, start, vector) VALUES (?, ?, ?)")
    // What it reminds of may have been given up since.
    let link = try database.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO reminder (stream, start, earlier, cosine)
          SELECT :stream, :start, :earlier, :cosine WHERE EXISTS (SELECT 1 FROM frame WHERE stream = :stream AND start = :earlier)
        """)
    for (index, run) in runs.enumerated() {
      for frame in frames[run.frames] {
        try mark.execute(arguments: [index, Double(run.salience), run.isLandmark, frame.row])
      }
      if let gone = run.displaced {
        try forget.execute(arguments: [stream, gone.nanoseconds])
        try unpin.execute(arguments: ["stream": stream, "start": gone.nanoseconds])
      }
      for reminder in run.reminders {
        try link.execute(arguments: [
          "stream": stream, "start": frames[run.frames.lowerBound].start.nanoseconds, "earlier": reminder.earlier.nanoseconds,
          "cosine": Double(reminder.cosine),
        ])
      }
      if run.isLandmark {
        try remember.execute(arguments: [stream, frames[run.frames.lowerBound].start.nanoseconds, HalfFloat.blob(run.vector)])
      }
    }
  }

  private func company(from start: MediaTime, to end: MediaTime) throws -> Salience.Company {
    let items = try database.cachedStatement(
      sql: "SELECT DISTINCT modality FROM item WHERE stream = ? AND start < ? AND start >= ? AND end > ? AND NOT \(Schema.isGuess)")
    // Nothing lasts longer than this and is still company; it keeps the search short.
    let earliest = start - MediaTime(seconds: 120)
    let kinds = try String.fetchAll(
      items, arguments: [stream, end.nanoseconds, earliest.nanoseconds, start.nanoseconds])
    return Salience.Company(
      hasWords: kinds.contains(Modality.text.rawValue) || kinds.contains(Modality.speech.rawValue),
      hasSound: kinds.contains(Modality.sound.rawValue))
  }

  private func discardDrafts(_ rows: [Int64]) throws {
    let statement = try database.cachedStatement(sql: "DELETE FROM frame_draft WHERE frame = ?")
    for row in rows { try statement.execute(arguments: [row]) }
  }

  /// The frame most like the mean of all, the earliest of equals.
  private static func mostTypical(_ vectors: [[Float]]) -> Int? {
    guard let first = vectors.first else { return nil }
    var mean = [Float](repeating: 0, count: first.count)
    for vector in vectors where vector.count == mean.count { for index in mean.indices { mean[index] += vector[index] } }
    let cosines = vectors.map { $0.count == mean.count ? VectorScan.cosine($0, mean) : -1 }
    return cosines.indices.max { cosines[$0] < cosines[$1] || (cosines[$0] == cosines[$1] && $0 > $1) }
  }
}

extension FrameFeatures.Tag {
  /// The labels likeliest on average, at most five.
  static func mean(of frames: [(tags: [FrameFeatures.Tag], weight: Int)]) -> [FrameFeatures.Tag] {
    var sums: [String: Float] = [:]
    var total: Float = 0
    for (tags, weight) in frames {
      total += Float(weight)
      for tag in tags { sums[tag.label, default: 0] += Float(weight) * tag.probability }
    }
    return sums.map { FrameFeatures.Tag(label: $0.key, probability: $0.value / max(total, 1)) }
      .sorted { ($0.probability, $1.label) > ($1.probability, $0.label) }.prefix(5).map { $0 }
  }
}
