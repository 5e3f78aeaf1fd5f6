import Core
import Foundation
import GRDB
import Testing

@testable import Memory

@Suite struct BudgetTests {
  private static let least = Int(Budget.least)

  /// What the folder takes on the disk.
  private func bytes(_ folder: URL) throws -> Int {
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey]))
    return files.reduce(0) { $0 + (((try? ($1 as? URL)?.resourceValues(forKeys: [.fileSizeKey]))??.fileSize) ?? 0) }
  }

  /// A stream at real sizes whose memory would be many times the budget.
  private func batches(_ length: Int, seed: UInt64) -> [Batch] {
    var random = Seeded(state: seed)
    let noise = random.vector(49 * 640)
    var look = random.vector(640)
    return (0..<length).map { second in
      if second % 13 == 0 { look = random.vector(640) }
      let range = seconds(Double(second), Double(second + 1))
      let shift = second * 131 % 2000
      let features = FrameFeatures(
        grid: FeatureGrid(rows: 7, columns: 7, channels: 640, values: noise),
        pooled: Embedding(space: pictureSpace, values: look.indices.map { look[$0] + 0.2 * noise[$0 + shift] }),
        textual: Embedding(space: sentenceSpace, values: look[0..<384].indices.map { look[$0] + 0.2 * noise[$0 + shift] }),
        tags: [.init(label: "a label", probability: 0.5)],
        thumbnail: picture(second).dropLast(2) + [UInt8](repeating: 7, count: 20_000) + [0xFF, 0xD9])
      let line = TextLine(
        text: "line \(second) " + String(repeating: "word ", count: 40), box: .init(x: 0, y: 0, width: 1, height: 1), confidence: 1,
        embedding: Embedding(space: sentenceSpace, values: Array(noise[shift..<shift + 384])))
      return Batch(
        stream: "film",
        observations: [Observation(range: range, content: .frame(features)), Observation(range: range, content: .text(line))],
        upTo: range.end, finished: second == length - 1)
    }
  }

  @Test("the folder stays within its budget at every commit, and the newest minute stays in full")
  func bounded() async throws {
    let scratch = try Scratch()
    var configuration = MemoryConfiguration()
    configuration.budgetBytes = Self.least
    let store = try MemoryStore(writing: scratch.memory, configuration: configuration)
    _ = try await store.open(stream: "film", source: Scene.source())
    var most = 0
    for batch in batches(1200, seed: 51) {
      try await store.commit(batch)
      most = max(most, try bytes(scratch.memory))
    }
    #expect(most <= Self.least, "\(most) bytes")
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try MemoryVerification(snapshot).problems == [])
    let frames = try snapshot.frames(of: "film")
    #expect(frames.filter { $0.range.start >= MediaTime(seconds: 1160) }.count == 40)
    #expect(frames.contains { $0.range.start < MediaTime(seconds: 100) }, "the beginning is still known")
    await store.close()
  }

  @Test("stretches given up here and there leave no holes: a full memory stays within its budget and as full as it was")
  func scattered() async throws {
    let scratch = try Scratch()
    var configuration = MemoryConfiguration()
    configuration.budgetBytes = 24 << 20
    (configuration.retention.pooledSeconds, configuration.retention.anchorSeconds) = (60, 60)
    // Every frame a stretch of its own.
    (configuration.retention.representatives, configuration.retention.leastGain) = (1000, 0)
    let store = try MemoryStore(writing: scratch.memory, configuration: configuration)
    _ = try await store.open(stream: "film", source: Scene.source())
    var random = Seeded(state: 53)
    var (most, fewest, kept) = (0, Int.max, 0)
    for piece in 0..<1500 {
      let look = random.vector(384)
      let frames = (0..<20).map { index in
        let start = Double(20 * piece + index)
        let vector = look.map { $0 + 0.5 * Float.random(in: -1...1, using: &random) }
        return Observation(
          range: seconds(start, start + 1),
          content: .frame(
            FrameFeatures(
              grid: nil, pooled: Embedding(space: pictureSpace, values: Array(vector.prefix(8))),
              textual: Embedding(space: sentenceSpace, values: vector), tags: [])))
      }
      try await store.commit(Batch(stream: "film", observations: frames, upTo: MediaTime(seconds: Double(20 * piece + 20))))
      let size = try bytes(scratch.memory)
      most = max(most, size)
      guard piece > 1000, piece % 10 == 0 else { continue }
      kept = try MemorySnapshot.open(scratch.memory).read("counting") { try Int.fetchOne($0, sql: "SELECT count(*) FROM frame") ?? 0 }
      fewest = min(fewest, kept)
    }
    #expect(most <= 24 << 20, "\(most) bytes")
    #expect((10_000..<29_000).contains(kept), "\(kept) stretches of 30,000")
    #expect(Double(fewest) > 0.85 * Double(kept), "\(fewest) of \(kept) stretches were left at one time")
    #expect(try MemoryVerification(MemorySnapshot.open(scratch.memory)).problems == [])
    await store.close()
  }

  @Test("a budget can be lowered afterwards, holds from then on, and shrinks the files at once")
  func lowered() async throws {
    let scratch = try Scratch()
    var configuration = MemoryConfiguration()
    configuration.pooling.group = 1
    (configuration.retention.pooledSeconds, configuration.retention.anchorSeconds) = (3600, 3600)
    var store = try MemoryStore(writing: scratch.memory, configuration: configuration)
    _ = try await store.open(stream: "film", source: Scene.source())
    for batch in batches(1200, seed: 52) { try await store.commit(batch) }
    let before = try bytes(scratch.memory)
    #expect(before > Self.least)
    let sizes = try await store.compact(budget: Self.least)
    #expect(sizes.before >= sizes.after)
    #expect(try bytes(scratch.memory) <= Self.least)
    await store.close()
    store = try MemoryStore(writing: scratch.memory)
    #expect(await store.budget == Budget.least)
    await store.close()
    #expect(try MemoryVerification(MemorySnapshot.open(scratch.memory)).problems == [])
    #expect(try MemoryInventory(MemorySnapshot.open(scratch.memory)).budget == Budget.least)
  }

  @Test("a budget too small to work in is refused")
  func tooSmall() throws {
    let scratch = try Scratch()
    var configuration = MemoryConfiguration()
    configuration.budgetBytes = 1000
    #expect { try MemoryStore(writing: scratch.memory, configuration: configuration) } throws: {
      ($0 as? MemoryError)?.code == .misconfigured
    }
  }
}

@Suite struct ForgetTests {
  /// Every byte of every file of a memory.
  private func contents(_ folder: URL) throws -> Data {
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return try files.reduce(into: Data()) { data, file in
      if let url = file as? URL, !url.hasDirectoryPath { data += try Data(contentsOf: url) }
    }
  }

  /// A stream in which seconds 100 to 120 hold words, vectors and pictures that occur nowhere else.
  private func scene(finished: Bool) -> [Batch] {
    var batches = Scene(seconds: 200, seed: 44).batches
    for second in 100..<120 {
      let range = seconds(Double(second), Double(second) + 1)
      let features = FrameFeatures(
        grid: nil, pooled: Embedding(space: pictureSpace, values: (0..<32).map { $0 == second % 32 ? 1234.5 : -7.25 }),
        textual: Embedding(space: sentenceSpace, values: (0..<16).map { $0 == second % 16 ? 4321 : 1 }),
        tags: [.init(label: "unmistakable tag", probability: 0.9)],
        thumbnail: [0xFF, 0xD8, 0xFF, 0xE0] + Array("secretpicture".utf8) + [0xFF, 0xD9])
      let line = TextLine(
        text: "zanzibar \(second)", box: .init(x: 0, y: 0, width: 1, height: 1), confidence: 1,
        embedding: Embedding(space: sentenceSpace, values: [Float](repeating: 77, count: 16)))
      batches[second].observations = [
        Observation(range: range, content: .frame(features)), Observation(range: range, content: .text(line)),
      ]
    }
    if !finished { batches.removeLast() }
    return batches
  }

  @Test("nothing of a forgotten stretch is left in any byte of any file, and its neighbours still answer", arguments: [true, false])
  func forgotten(finished: Bool) async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    for batch in scene(finished: finished) { try await store.commit(batch) }
    let traces =
      ["zanzibar", "unmistakable", "secretpicture"].map { Data($0.utf8) }
      + [HalfFloat.blob([Float](repeating: 77, count: 16)), HalfFloat.blob([Float](repeating: -7.25, count: 8))]
    let before = try contents(scratch.memory)
    for trace in traces { #expect(before.range(of: trace) != nil) }
    let receipt = try await store.forget(seconds(100, 120), of: "film")
    #expect((receipt.frames, receipt.lines) == (20, 20))
    #expect(receipt.isErased)
    let after = try contents(scratch.memory)
    for trace in traces { #expect(after.range(of: trace) == nil) }
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try MemoryVerification(snapshot).problems == [])
    #expect(try snapshot.search(terms: ["zanzibar"]).isEmpty)
    #expect(try snapshot.search(terms: ["Platform 97"]).count == 1)
    #expect(try snapshot.search(terms: ["Platform 122"]).count == 1)
    #expect(try snapshot.frames(of: "film", within: seconds(100, 120)).isEmpty)
    #expect(try snapshot.items(of: "film", modality: .gap).map(\.range) == [seconds(100, 120)])
    await store.close()
  }

  @Test("what is near the end of a stream that goes on is forgotten too, and the stream can go on")
  func nearTheEnd() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    let batches = scene(finished: true)
    for batch in batches[..<118] { try await store.commit(batch) }
    _ = try await store.forget(seconds(100, 118), of: "film")
    let after = try contents(scratch.memory)
    for trace in ["zanzibar", "unmistakable", "secretpicture"] { #expect(after.range(of: Data(trace.utf8)) == nil) }
    for batch in batches[120...] { try await store.commit(batch) }
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try MemoryVerification(snapshot).problems == [])
    #expect(try snapshot.streams.first?.finished == true)
    await store.close()
  }

  @Test("a stream that was interrupted can be forgotten from again and again, also before anything of it was remembered, and goes on")
  func again() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    _ = try await store.open(stream: "other", source: Scene.source())
    _ = try await store.forget(seconds(0, 10), of: "other")
    for batch in scene(finished: false) { try await store.commit(batch) }
    _ = try await store.forget(seconds(150, 199), of: "film")
    _ = try await store.forget(seconds(100, 180), of: "film")
    _ = try await store.forget(seconds(100, 199), of: "film")
    #expect(try MemoryVerification(MemorySnapshot.open(scratch.memory)).problems == [])
    for (index, batch) in Scene(stream: "other", seconds: 30, seed: 9).batches.enumerated() where index >= 10 {
      try await store.commit(batch)
    }
    try await store.commit(scene(finished: true)[199])
    #expect(try MemoryVerification(MemorySnapshot.open(scratch.memory)).problems == [])
    await store.close()
  }

  @Test("a picture's path that leads out of the memory removes nothing")
  func strayPath() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 60, seed: 45).write(to: scratch.memory)
    let bystander = scratch.url.appendingPathComponent("bystander")
    try FileManager.default.createDirectory(at: bystander, withIntermediateDirectories: true)
    let database = try DatabaseQueue(path: scratch.memory.appendingPathComponent("memory.sqlite").path)
    try await database.write { try $0.execute(sql: "UPDATE episode SET thumbnail = iif(id % 2, '../bystander', '')") }
    try database.close()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.forget(seconds(0, 60), of: "film")
    await store.close()
    #expect(FileManager.default.fileExists(atPath: bystander.path))
    #expect(FileManager.default.fileExists(atPath: scratch.memory.appendingPathComponent("memory.sqlite").path))
  }

  @Test("a reader that still looks keeps the old bytes in the log, and the receipt says so; once it is gone they can be removed")
  func reader() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    for batch in scene(finished: true) { try await store.commit(batch) }
    var receipt: ForgetReceipt?
    do {
      let snapshot = try MemorySnapshot.open(scratch.memory)
      receipt = try await store.forget(seconds(100, 120), of: "film")
      #expect(try snapshot.search(terms: ["zanzibar"], limit: 50).count == 20, "a snapshot sees its own moment")
    }
    #expect(receipt?.isErased == false)
    _ = try await store.compact()
    #expect(try contents(scratch.memory).range(of: Data("zanzibar".utf8)) == nil)
    await store.close()
  }
}
