import Core
import Foundation
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
    for batch in batches(2500, seed: 51) {
      try await store.commit(batch)
      most = max(most, try bytes(scratch.memory))
    }
    #expect(most <= Self.least, "\(most) bytes")
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try MemoryVerification(snapshot).problems == [])
    let frames = try snapshot.frames(of: "film")
    #expect(frames.filter { $0.range.start >= MediaTime(seconds: 2460) }.count == 40)
    #expect(frames.contains { $0.range.start < MediaTime(seconds: 100) }, "the beginning is still known")
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
