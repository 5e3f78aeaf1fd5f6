import Core
import Foundation
import GRDB

/// Writes what one batch changes, inside its transaction.
struct CommitWriter {
  let database: Database
  let stream: Int64
  let pooling: ProgressivePooling

  private var frames: VectorPages
  private var items: VectorPages

  init(database: Database, stream: Int64, pooling: ProgressivePooling) {
    self.database = database
    self.stream = stream
    self.pooling = pooling
    frames = VectorPages(database, .frame)
    items = VectorPages(database, .item)
  }

  mutating func insert(_ observations: [Observation], _ spaces: inout SpaceRegister) throws {
    for observation in observations { try insert(observation, &spaces) }
    try frames.save()
    try items.save()
  }

  private mutating func insert(_ observation: Observation, _ spaces: inout SpaceRegister) throws {
    switch observation.content {
    case .frame(let features): try insert(features, over: observation.range, &spaces)
    case .text(let line):
      if let earlier = observation.replaces, try !makeRoom(for: observation, line, after: earlier) { return }
      try insert(
        observation, text: line.text, confidence: line.confidence, detail: ItemDetail(words: nil, language: nil, box: line.box),
        embedding: line.embedding, &spaces)
    case .speech(let said):
      let words = said.words.map { ItemDetail.Word($0, after: observation.range.start) }
      try insert(
        observation, text: said.text, confidence: said.confidence, detail: ItemDetail(words: words, language: said.language, box: nil),
        embedding: said.embedding, &spaces)
    case .sound(let event):
      try insert(observation, text: event.name, confidence: event.score, detail: nil, embedding: event.embedding, &spaces)
    case .look(let look):
      try insert(observation, text: look.text, confidence: look.confidence, detail: nil, embedding: nil, &spaces)
    case .gap(let reason):
      guard try !extendGap(over: observation.range, reason) else { return }
      try insert(observation, text: reason, confidence: 1, detail: nil, embedding: nil, &spaces)
    }
  }

  /// A gap that begins where one does already is that one, known to last longer.
  private func extendGap(over range: TimeRange, _ reason: String) throws -> Bool {
    let statement = try database.cachedStatement(
      sql: "UPDATE item SET end = ?, text = ? WHERE stream = ? AND modality = '\(Modality.gap.rawValue)' AND start = ? AND end <= ?")
    let end = range.end.nanoseconds
    try statement.execute(arguments: [end, reason, stream, range.start.nanoseconds, end])
    return database.changesCount > 0
  }

  /// What was told before and goes on lasts longer; in other words it makes room for them.
  ///
  /// - Returns: whether there is something to insert. What is no longer remembered stays forgotten.
  private mutating func makeRoom(for observation: Observation, _ line: TextLine, after earlier: Observation.Earlier) throws -> Bool {
    let known = try Row.fetchOne(
      database,
      sql: "SELECT id, space FROM item WHERE stream = ? AND modality = 'text' AND start = ? AND end = ? AND text = ? ORDER BY id LIMIT 1",
      arguments: [stream, earlier.range.start.nanoseconds, earlier.range.end.nanoseconds, earlier.text])
    guard let known else { return false }
    let item: Int64 = try known.decode(atIndex: 0)
    guard line.text == earlier.text else {
      if let space: Int64 = try known.decode(Int64?.self, atIndex: 1) {
        try items.remove(item, in: VectorPages.Place(stream: stream, space: space))
      }
      try database.cachedStatement(sql: "DELETE FROM item WHERE id = ?").execute(arguments: [item])
      return true
    }
    // What was told of a sign that stands may turn out to have gone a little sooner: facts are as long as their sources, not longer.
    let (start, end) = (observation.range.start.nanoseconds, observation.range.end.nanoseconds)
    try database.cachedStatement(sql: "UPDATE item SET start = ?, end = ?, confidence = ? WHERE id = ?").execute(
      arguments: [start, end, Double(line.confidence.isFinite ? line.confidence : 0), item])
    try database.cachedStatement(sql: "UPDATE fact_source SET start = ?, end = ? WHERE item = ?").execute(arguments: [start, end, item])
    try database.cachedStatement(
      sql: """
        UPDATE fact SET (start, end) = (SELECT min(start), max(end) FROM fact_source WHERE fact = fact.id)
        WHERE id IN (SELECT fact FROM fact_source WHERE item = ?)
        """
    ).execute(arguments: [item])
    return false
  }

  private mutating func insert(
    _ observation: Observation, text: String, confidence: Float, detail: ItemDetail?, embedding: Embedding?, _ spaces: inout SpaceRegister
  ) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO item (stream, modality, start, end, text, confidence, detail, space) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let space = try embedding.map { try spaces.row(of: $0, database) }
    try statement.execute(arguments: [
      stream, observation.modality.rawValue, observation.range.start.nanoseconds, observation.range.end.nanoseconds, text,
      Double(confidence.isFinite ? confidence : 0), try detail.map(JSON.encode), space,
    ])
    let item = database.lastInsertedRowID
    if let embedding, let space {
      try items.insert(HalfFloat.blob(embedding.values), for: item, in: VectorPages.Place(stream: stream, space: space))
    }
    try FactWriter(database: database, stream: stream).take(
      text, observation.modality, over: observation.range, confidence: confidence, item: item)
  }

  /// A frame of the open episode is stored with all that pooling may keep of it, in `frame_draft` what it keeps only of some.
  private mutating func insert(_ features: FrameFeatures, over range: TimeRange, _ spaces: inout SpaceRegister) throws {
    let anchor = features.grid.flatMap(pooling.anchorGrid)
    let rest = features.grid.flatMap(pooling.restGrid)
    let frame = try database.cachedStatement(
      sql: """
        INSERT INTO frame (id, stream, start, end, level, tags, pooled_space, pooled, textual_space, grid_rows, grid_columns, grid)
        VALUES ((SELECT max(ifnull(max(id), 0) + 1, \(Demotion.firstRecent)) FROM frame), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let pooled = try spaces.row(of: features.pooled, database)
    let space = try features.textual.map { try spaces.row(of: $0, database) }
    try frame.execute(arguments: [
      stream, range.start.nanoseconds, range.end.nanoseconds, DetailLevel.full.rawValue, try JSON.encode(Array(features.tags.prefix(5))),
      pooled, HalfFloat.blob(features.pooled.values), space, anchor?.rows, anchor?.columns, anchor.map { HalfFloat.blob($0.values) },
    ])
    let row = database.lastInsertedRowID
    if let textual = features.textual, let space {
      try frames.insert(HalfFloat.blob(textual.values), for: row, in: VectorPages.Place(stream: stream, space: space))
    }
    guard rest != nil || !features.thumbnail.isEmpty else { return }
    let draft = try database.cachedStatement(
      sql: "INSERT INTO frame_draft (frame, rest_rows, rest_columns, rest, thumbnail) VALUES (?, ?, ?, ?, ?)")
    try draft.execute(arguments: [
      row, rest?.rows, rest?.columns, rest.map { HalfFloat.blob($0.values) },
      features.thumbnail.isEmpty ? nil : Data(features.thumbnail),
    ])
  }

  /// Begins, ends and extends episodes as a change says.
  ///
  /// - Parameter save: writes a picture under a path; called before the row that names it is committed.
  func episodes(
    _ change: StreamProgress.Change, finished: Bool, _ retention: inout StreamRetention, save: (String, Data) throws -> Void
  ) throws {
    let begin = try database.cachedStatement(
      sql: "INSERT INTO episode (stream, start, end, open, level, tags) VALUES (?, ?, ?, 1, \(DetailLevel.full.rawValue), '[]')")
    if let start = change.begins { try begin.execute(arguments: [stream, start.nanoseconds, start.nanoseconds]) }
    for start in change.starts {
      try EpisodeClosing(database: database, stream: stream, pooling: pooling).close(at: start, &retention, save: save)
      try begin.execute(arguments: [stream, start.nanoseconds, start.nanoseconds])
    }
    guard let end = change.end else { return }
    if finished {
      try EpisodeClosing(database: database, stream: stream, pooling: pooling).close(at: end, &retention, save: save)
    } else {
      let extend = try database.cachedStatement(sql: "UPDATE episode SET end = ? WHERE stream = ? AND level = 0 AND open")
      try extend.execute(arguments: [end.nanoseconds, stream])
    }
  }
}
