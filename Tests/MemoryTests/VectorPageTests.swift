import Core
import Foundation
import GRDB
import Testing

@testable import Memory

@Suite struct VectorPageTests {
  @Test("a page gives back what was put into it, in any order, and nothing of what was taken out")
  func page() throws {
    var random = Seeded(state: 81)
    var page = VectorPage()
    var held: [Int64: Data] = [:]
    for _ in 0..<400 {
      let row = 64 + Int64.random(in: 0..<VectorPage.size, using: &random)
      if Bool.random(using: &random) {
        held[row] = HalfFloat.blob(random.vector(6))
        let isIn = page.insert(held[row] ?? Data(), for: row)
        #expect(isIn)
      } else {
        held[row] = nil
        page.remove(row)
      }
      #expect(page.rows(2) == held.keys.sorted())
      #expect(page.bytes == held.sorted { $0.key < $1.key }.reduce(Data()) { $0 + $1.value })
      for row in 64..<(64 + VectorPage.size) { #expect(page.vector(of: row) == held[row]) }
      if !page.isEmpty {
        let (longer, empty) = (page.insert(Data(count: 14), for: 64), page.insert(Data(), for: 64))
        #expect(!longer && !empty)
        #expect(VectorPage(places: Int64(page.places), bytes: page.bytes)?.rows(2) == page.rows(2))
      }
    }
  }

  @Test("what no page looks like is none", arguments: [(0, 0), (0, 12), (1, 0), (3, 13), (-1, 12), (1 << 32, 12)] as [(Int64, Int)])
  func damaged(places: Int64, count: Int) { #expect(VectorPage(places: places, bytes: Data(count: count)) == nil) }

  /// What lies in every page: rows with their vectors, by stream and space.
  private func held(_ database: Database, _ table: VectorPages.Table) throws -> [[Int64]: Data] {
    var held: [[Int64]: Data] = [:]
    for row in try Row.fetchAll(database, sql: "SELECT stream, space, number, places, vectors FROM \(table.pages)") {
      let (stream, space, number): (Int64, Int64, Int64) = (row[0], row[1], row[2])
      let page = try #require(VectorPage(places: row[3], bytes: row[4]))
      for id in page.rows(number) { held[[stream, space, id]] = page.vector(of: id) }
    }
    return held
  }

  @Test("a memory of the version before pages, with every level of detail, is brought up to date and equal")
  func migration() async throws {
    let scratch = try Scratch()
    var configuration = MemoryConfiguration()
    (configuration.retention.pooledSeconds, configuration.retention.anchorSeconds) = (60, 120)
    var scene = Scene(seconds: 260, seed: 82)
    let rest = scene.batches.suffix(30)
    scene.batches.removeLast(30)
    try await scene.write(to: scratch.memory, configuration: configuration)
    try await Scene(stream: "other", seconds: 50, seed: 83).write(to: scratch.memory)
    let before = try MemorySnapshot.open(scratch.memory)
    let query = Embedding(space: sentenceSpace, values: .init(repeating: 1, count: 16))
    func said(_ snapshot: MemorySnapshot) throws -> [String] {
      try ["film", "other"].flatMap { (stream: StreamID) in
        [
          try snapshot.fingerprint(of: stream), "\(try snapshot.frameTrack(of: stream, space: sentenceSpace))",
          "\(try snapshot.itemTrack(of: stream))", "\(try snapshot.items(of: stream))",
          "\(try snapshot.nearestFrames(to: query, of: stream).map { "\($0.frame.id) \($0.cosine)" })",
          "\(try snapshot.nearest(to: query, of: stream).map { "\($0.item.id) \($0.cosine)" })",
          "\(try MemoryInventory(snapshot).bytesByKind.sorted { $0.key < $1.key })",
          "\(try MemoryInventory(snapshot).bytesByLevel.sorted { $0.key < $1.key })",
        ]
      }
    }
    let known = try said(before)

    // The same rows in tables of the version before, as its program wrote them.
    let old = scratch.url.appendingPathComponent("old.memory")
    try FileManager.default.createDirectory(at: old, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: scratch.memory.appendingPathComponent("thumbnails"), to: old.appendingPathComponent("thumbnails"))
    let database = try DatabaseQueue(path: old.appendingPathComponent("memory.sqlite").path)
    try await database.write { try Schema.migrate($0, from: 0, to: 5) }
    try await database.writeWithoutTransaction { connection in
      try connection.execute(
        sql: "PRAGMA foreign_keys = OFF; ATTACH ? AS new", arguments: [scratch.memory.appendingPathComponent("memory.sqlite").path])
      for table in ["stream", "stage", "space", "episode", "frame", "frame_draft", "item", "landmark", "setting", "fact", "fact_source"] {
        let columns = try connection.columns(in: table, in: "new").map(\.name).joined(separator: ", ")
        try connection.execute(sql: "INSERT INTO main.\(table) (\(columns)) SELECT \(columns) FROM new.\(table)")
      }
    }
    let vectors = try before.read("reading") { connection in
      try VectorPages.Table.allCases.map { ($0, try held(connection, $0)) }
    }
    try await database.write { connection in
      for (table, held) in vectors {
        let column = table == .frame ? "textual" : "embedding"
        for (key, vector) in held {
          try connection.execute(sql: "UPDATE \(table) SET \(column) = ? WHERE id = ?", arguments: [vector, key[2]])
        }
      }
    }
    try database.close()
    #expect(throws: MemoryError.self) { try MemorySnapshot.open(old) }
    try MemoryStore.update(old)
    let after = try MemorySnapshot.open(old)
    #expect(try said(after) == known)
    #expect(try MemoryVerification(after).problems == [])

    // And both go on alike.
    for folder in [scratch.memory, old] {
      let store = try MemoryStore(writing: folder)
      _ = try await store.open(stream: "film", source: Scene.source())
      for batch in rest { try await store.commit(batch) }
      await store.close()
    }
    #expect(try MemorySnapshot.open(old).fingerprint(of: "film") == MemorySnapshot.open(scratch.memory).fingerprint(of: "film"))
  }

  @Test("the fingerprint does not depend on how pages are divided, and does on what they hold")
  func fingerprint() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 100, seed: 84).write(to: scratch.memory)
    let before = try MemorySnapshot.open(scratch.memory).fingerprint(of: "film")
    let database = try DatabaseQueue(path: scratch.memory.appendingPathComponent("memory.sqlite").path)
    func renumber(by step: Int64) throws {
      try database.write { connection in
        // The draft of a frame would not follow; a stream that has ended has none.
        for id in try Int64.fetchAll(connection, sql: "SELECT id FROM frame ORDER BY id") {
          let (stream, space) = try #require(
            try Row.fetchOne(connection, sql: "SELECT stream, textual_space FROM frame WHERE id = ?", arguments: [id])
              .map { ($0[0] as Int64, $0[1] as Int64) })
          var pages = VectorPages(connection, .frame)
          try pages.move(id, to: step - id, in: VectorPages.Place(stream: stream, space: space))
          try pages.save()
          try connection.execute(sql: "UPDATE frame SET id = ? WHERE id = ?", arguments: [step - id, id])
        }
      }
    }
    try renumber(by: 3 << 40)
    let moved = try MemorySnapshot.open(scratch.memory)
    #expect(try moved.fingerprint(of: "film") == before)
    #expect(try MemoryVerification(moved).problems == [])
    try await database.write { connection in
      try connection.execute(
        sql: "UPDATE item_page SET vectors = CAST(substr(vectors, 1, 32) || substr(vectors, 1, 32) || substr(vectors, 65) AS BLOB)")
    }
    try database.close()
    #expect(try MemorySnapshot.open(scratch.memory).fingerprint(of: "film") != before)
  }

  @Test("changes to more pages than are held at a time are all written")
  func many() async throws {
    let database = try DatabaseQueue(path: "")
    try await database.write { connection in
      try Schema.migrate(connection, from: 0)
      try connection.execute(
        sql: """
          INSERT INTO space VALUES (1, 'sentence', 2);
          INSERT INTO stream VALUES (1, 'film', '/film.mp4', 1, 'abc', 1, 1, NULL, 0, 0, '{}');
          """)
      let place = VectorPages.Place(stream: 1, space: 1)
      var pages = VectorPages(connection, .item)
      for row in stride(from: Int64(0), to: 90_000, by: 30) {
        try pages.insert(HalfFloat.blob([Float(row % 1000), 1]), for: row, in: place)
      }
      for row in stride(from: Int64(0), to: 90_000, by: 60) { try pages.remove(row, in: place) }
      try pages.move(30, to: 5_000_000, in: place)
      try pages.save()
      #expect(throws: MemoryError.self) { try pages.insert(Data(count: 2), for: 91, in: place) }
      let expected = Set(stride(from: Int64(90), to: 90_000, by: 60)).union([5_000_000])
      #expect(try Set(held(connection, .item).keys.map { $0[2] }) == expected)
      #expect(try pages.vector(of: 5_000_000, in: place) == HalfFloat.blob([30, 1]))
      #expect(try pages.vector(of: 60, in: place) == nil)
      #expect(try Int.fetchOne(connection, sql: "SELECT count(*) FROM item_page WHERE places = 0 OR length(vectors) = 0") == 0)
    }
  }

  @Test("a removed stream takes its pages along, and the vectors of the others stay")
  func removed() async throws {
    let scratch = try Scratch()
    for name in ["a", "b"] as [StreamID] { try await Scene(stream: name, seconds: 70, seed: 85).write(to: scratch.memory) }
    let before = try MemorySnapshot.open(scratch.memory).fingerprint(of: "a")
    let store = try MemoryStore(writing: scratch.memory)
    #expect(try await store.remove("b"))
    await store.close()
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try snapshot.fingerprint(of: "a") == before)
    #expect(try MemoryVerification(snapshot).problems == [])
    let streams = try snapshot.read("reading") { database in
      try VectorPages.Table.allCases.map { try Int64.fetchAll(database, sql: "SELECT DISTINCT stream FROM \($0.pages)") }
    }
    #expect(streams == [[1], [1]])
  }
}
