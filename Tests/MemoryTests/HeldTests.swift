import Core
import Foundation
import Testing

@testable import Memory

/// What may not be given up, and what a person or a reader holds on to.
@Suite struct HeldTests {
  /// A stream of large frames, each with a line; its memory would be many times the smallest budget.
  private func batches(
    _ stream: StreamID, _ length: Int, finished: Bool = true, seed: UInt64 = 61, pictureBytes: Int = 20_000
  ) -> [Batch] {
    var random = Seeded(state: seed)
    let noise = random.vector(49 * 320)
    var look = random.vector(320)
    return (0..<length).map { second in
      if second % 11 == 0 { look = random.vector(320) }
      let shift = second * 131 % 2000
      let range = seconds(Double(second), Double(second) + 1)
      let features = FrameFeatures(
        grid: FeatureGrid(rows: 7, columns: 7, channels: 320, values: noise),
        pooled: Embedding(space: pictureSpace, values: look.indices.map { look[$0] + 0.2 * noise[$0 + shift] }),
        textual: Embedding(space: sentenceSpace, values: look[0..<64].indices.map { look[$0] + 0.2 * noise[$0 + shift] }),
        tags: [.init(label: "a label", probability: 0.5)],
        thumbnail: picture(second).dropLast(2) + [UInt8](repeating: 7, count: pictureBytes) + [0xFF, 0xD9])
      let line = TextLine(text: "line \(second) of \(stream)", box: .init(x: 0, y: 0, width: 1, height: 1), confidence: 1)
      return Batch(
        stream: stream,
        observations: [Observation(range: range, content: .frame(features)), Observation(range: range, content: .text(line))],
        upTo: range.end, finished: finished && second == length - 1)
    }
  }

  private func small() -> MemoryConfiguration {
    var configuration = MemoryConfiguration()
    configuration.budgetBytes = Int(Budget.least)
    (configuration.retention.pooledSeconds, configuration.retention.anchorSeconds) = (60, 120)
    return configuration
  }

  private func write(_ batches: [Batch], _ store: MemoryStore) async throws {
    for name in Set(batches.map(\.stream)) { _ = try await store.open(stream: name, source: Scene.source(name.rawValue)) }
    for batch in batches { try await store.commit(batch) }
  }

  @Test("a pinned stretch keeps its detail, its lines and its pictures while all around it grows old; unpinned it grows old too")
  func pinned() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory, configuration: small())
    let film = batches("film", 900)
    try await write(Array(film[..<75]), store)
    let pin = try await store.pin(seconds(20, 50), of: "film")
    for batch in film[75..<600] { try await store.commit(batch) }
    var snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try MemoryVerification(snapshot).problems == [])
    #expect(try snapshot.pins().map(\.range) == [pin.range])
    #expect(
      try snapshot.frames(of: "film", within: seconds(20, 50)).allSatisfy {
        $0.level < .anchors && $0.range.duration <= MediaTime(seconds: 1)
      })
    #expect(try snapshot.frames(of: "film", within: seconds(100, 300)).allSatisfy { $0.level >= .episode })
    #expect(try snapshot.items(of: "film", modality: .text, within: seconds(20, 50)).count == 30)
    #expect(try snapshot.episodes().filter { $0.range.overlaps(seconds(20, 50)) }.allSatisfy { $0.thumbnail != nil && $0.level == .pooled })
    try await store.unpin(pin.id)
    await #expect(throws: MemoryError.self) { try await store.unpin(pin.id) }
    for batch in film[600...] { try await store.commit(batch) }
    snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try snapshot.frames(of: "film", within: seconds(20, 50)).allSatisfy { $0.level >= .episode })
    #expect(try snapshot.pins().isEmpty && MemoryVerification(snapshot).problems == [])
    await store.close()
  }

  @Test("so much cannot be pinned that hardly anything else has room, and a budget cannot be set below what is held")
  func tooMuch() async throws {
    let scratch = try Scratch()
    var configuration = small()
    (configuration.budgetBytes, configuration.retention.pooledSeconds, configuration.retention.anchorSeconds) = (40_000_000, 3600, 3600)
    configuration.pooling.group = 1
    let store = try MemoryStore(writing: scratch.memory, configuration: configuration)
    try await write(batches("film", 900), store)
    let pin = try await store.pin(seconds(0, 900), of: "film")
    await #expect { try await store.compact(budget: Int(Budget.least)) } throws: {
      ($0 as? MemoryError).map { $0.code == .misconfigured && $0.message.contains("may not be given up") } ?? false
    }
    #expect(await store.budget == 40_000_000)
    await store.close()
    configuration.budgetBytes = Int(Budget.least)
    #expect(throws: MemoryError.self) { try MemoryStore(writing: scratch.memory, configuration: configuration) }
    let again = try MemoryStore(writing: scratch.memory)
    await #expect(throws: MemoryError.self) { try await again.pin(seconds(0, 900), of: "none") }
    #expect(try MemorySnapshot.open(scratch.memory).pins().map(\.id) == [pin.id])
    try await again.unpin(pin.id)
    _ = try await again.compact(budget: 24_000_000)
    await #expect(throws: MemoryError.self) { try await again.pin(seconds(0, 900), of: "film") }
    #expect(try MemorySnapshot.open(scratch.memory).pins().isEmpty)
    await again.close()
  }

  @Test("unfinished streams that fill the smallest budget alone leave the others a quarter of it, and the memory says how much it needs")
  func floor() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory, configuration: small())
    try await write(batches("old", 600), store)
    for number in 0..<16 { try await write(batches(StreamID("cut \(number)"), 62, finished: false, seed: 70 + UInt64(number)), store) }
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try MemoryVerification(snapshot).problems == [])
    let inventory = try MemoryInventory(snapshot)
    #expect(inventory.heldBytes > Budget.limit(of: Budget.least) && inventory.leastBudget > inventory.budget)
    #expect(try snapshot.frames(of: "old").count > 30 && snapshot.items(of: "old").count > 100)
    await #expect(throws: MemoryError.self) { try await store.compact(budget: 17_000_000) }
    await store.close()
  }

  @Test("streams that are kept by different policies each give up their share")
  func policies() {
    func items(_ stream: Int64) -> [RetentionPolicy.Item] {
      (0..<100).map {
        RetentionPolicy.Item(
          id: stream * 1000 + Int64($0), start: MediaTime(seconds: Double($0)), salience: $0 < 50 ? 1 : 0, isPinned: false, stream: stream,
          now: MediaTime(seconds: 100))
      }
    }
    var fifo = MemoryConfiguration.Retention()
    fifo.strategy = .fifo
    let policies = [Int64(1): RetentionPolicy(fifo), 2: RetentionPolicy(.init())]
    let gone = Set(RetentionPolicy.least(20, of: items(1) + items(2), by: policies))
    #expect(gone == Set(1000..<1010).union(2050..<2060))
    #expect(RetentionPolicy.least(20, of: [], by: policies).isEmpty)
  }

  @Test("a snapshot that is held while the log grows without end is told to be taken again, so that the log can be folded in")
  func log() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    try await write(batches("film", 10), store)
    let held = try MemorySnapshot.open(scratch.memory)
    _ = try await store.open(stream: "long", source: Scene.source("long"))
    let words = (0..<100_000).map { "word\($0)" }.joined(separator: " ")
    var second = 0.0
    while MemoryFolder(url: scratch.memory).size("memory.sqlite-wal") <= MemorySnapshot.mostLog + 3_000_000, second < 200 {
      let line = TextLine(text: words, box: .init(x: 0, y: 0, width: 1, height: 1), confidence: 1)
      try await store.commit(
        Batch(
          stream: "long", observations: [Observation(range: seconds(second, second + 1), content: .text(line))],
          upTo: MediaTime(seconds: second + 1)))
      second += 1
    }
    #expect { try held.episodes() } throws: { ($0 as? MemoryError)?.code == .needsReset }
    #expect(try MemorySnapshot.open(scratch.memory).streams.count == 2, "a new one reads")
    await store.close()
  }

  @Test("a picture given up while it is being verified is no damage; one that is still named is")
  func pictures() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory, configuration: small())
    try await write(batches("film", 200, pictureBytes: 150_000), store)
    let other = batches("other", 900, seed: 63, pictureBytes: 150_000)
    try await write(Array(other[..<840]), store)
    let before = try MemorySnapshot.open(scratch.memory)
    let named = try before.episodes().compactMap(\.thumbnail)
    for batch in other[840...] { try await store.commit(batch) }
    let left = Set(try MemorySnapshot.open(scratch.memory).episodes().compactMap(\.thumbnail))
    try #require(named.contains { !left.contains($0) }, "some pictures had to be given up")
    #expect(try MemoryVerification(before).problems == [])
    _ = try before.fingerprint(of: "film")
    let kept = try #require(left.sorted().first)
    try FileManager.default.removeItem(at: scratch.memory.appendingPathComponent(kept))
    #expect(try MemoryVerification(MemorySnapshot.open(scratch.memory)).problems.count == 1)
    await store.close()
  }

  @Test("a correction goes with the stretch it is about, one without a stretch stays and is counted, and goes with the last of its stream")
  func corrections() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 100, seed: 64).write(to: scratch.memory)
    let store = try MemoryStore(writing: scratch.memory)
    for range in [seconds(10, 20), seconds(18, 40), seconds(60, 70), nil] {
      try await store.correct(Correction(question: "What is it?", answer: "blue", author: "Ada", stream: "film", range: range))
    }
    try await store.correct(Correction(question: "What is it?", answer: "green", author: "Ada"))
    let receipt = try await store.forget(seconds(10, 19), of: "film")
    #expect((receipt.corrections, receipt.standingCorrections) == (2, 2))
    #expect(try MemorySnapshot.open(scratch.memory).corrections().map(\.id) == [3, 4, 5])
    let rest = try await store.forget(seconds(0, 100), of: "film")
    #expect((rest.corrections, rest.standingCorrections) == (2, 1))
    #expect(try MemorySnapshot.open(scratch.memory).corrections().map(\.content.answer) == ["green"])
    #expect(try MemoryVerification(MemorySnapshot.open(scratch.memory)).problems == [])
    await store.close()
  }

  @Test("an episode reminds of what appeared before and not of what is new; the links go with what they lead from or to")
  func reminders() async throws {
    let scratch = try Scratch()
    var configuration = MemoryConfiguration()
    configuration.retention.reminders = 2
    (configuration.retention.pooledSeconds, configuration.retention.anchorSeconds) = (60, 120)
    var random = Seeded(state: 65)
    let looks = (0..<8).map { _ in random.vector(64) }
    // The first look returns in the sixth place and in the last.
    let order = [0, 1, 2, 3, 4, 0, 5, 6, 7, 0]
    let store = try MemoryStore(writing: scratch.memory, configuration: configuration)
    _ = try await store.open(stream: "film", source: Scene.source())
    for second in 0..<(20 * order.count) {
      let vector = looks[order[second / 20]].map { $0 + 0.1 * random.normal() }
      let features = FrameFeatures(
        grid: nil, pooled: Embedding(space: pictureSpace, values: vector), textual: Embedding(space: sentenceSpace, values: vector),
        tags: [])
      let range = seconds(Double(second), Double(second) + 1)
      try await store.commit(
        Batch(
          stream: "film", observations: [Observation(range: range, content: .frame(features))], upTo: range.end,
          finished: second == 20 * order.count - 1))
    }
    func links() throws -> [Reminder] { try MemorySnapshot.open(scratch.memory).reminders(of: "film") }
    #expect(try MemoryVerification(MemorySnapshot.open(scratch.memory)).problems == [])
    #expect(try links().map { [$0.start.seconds, $0.earlier.seconds] } == [[100, 0], [180, 0]])
    _ = try await store.forget(seconds(105, 110), of: "film")
    #expect(try links().map { [$0.start.seconds, $0.earlier.seconds] } == [[180, 0]])
    _ = try await store.forget(seconds(0, 5), of: "film")
    #expect(try links().isEmpty && MemoryVerification(MemorySnapshot.open(scratch.memory)).problems == [])
    await store.close()
  }
}
