import Core
import Foundation
import GRDB
import Testing

@testable import Memory

@Suite struct RetentionTests {
  private func unit(_ random: inout Seeded) -> [Float] { EpisodeCode.unit(random.vector(64)) }

  private func noisy(_ vector: [Float], _ random: inout Seeded) -> [Float] {
    EpisodeCode.unit(zip(vector, random.vector(64, scale: 0.02)).map { $0 + $1 })
  }

  @Test("an episode is divided where it changes, and two seconds of something else stay a stretch of their own")
  func code() {
    var random = Seeded(state: 1)
    let (a, b, needle) = (unit(&random), unit(&random), unit(&random))
    let vectors = (0..<40).map { noisy($0 == 12 || $0 == 13 ? needle : $0 < 25 ? a : b, &random) }
    let code = EpisodeCode(vectors, strategy: .progressive, most: 8, leastGain: 0.5)
    #expect(code.runs == [0..<12, 12..<14, 14..<25, 25..<40])
    #expect(EpisodeCode(vectors, strategy: .progressive, most: 2, leastGain: 0.5).runs.count == 2)
    #expect(EpisodeCode(vectors, strategy: .uniform, most: 8, leastGain: 0.5).runs.map(\.count) == [8, 8, 8, 8, 8])
    #expect(EpisodeCode(vectors, strategy: .halving, most: 8, leastGain: 0.5).runs.count == 10)
    #expect(EpisodeCode(vectors, strategy: .keyframe, most: 8, leastGain: 0.5).runs == [0..<40])
    #expect(EpisodeCode([], strategy: .progressive, most: 8, leastGain: 0.5).runs.isEmpty)
  }

  @Test("what is new and supported is salient; what was seen before, and a lone flash, are not")
  func salience() {
    var random = Seeded(state: 2)
    var retention = StreamRetention(MemoryConfiguration())
    let (known, new, flash) = (unit(&random), unit(&random), unit(&random))
    func close(_ vectors: [[Float]], at second: Int) -> [StreamRetention.Run] {
      retention.close(vectors, starts: vectors.indices.map { MediaTime(seconds: Double(second + $0)) }) { _ in .init() }
    }
    let first = close((0..<10).map { _ in noisy(known, &random) }, at: 0)
    #expect(first.map(\.isLandmark) == [true])
    let second = close((0..<10).map { noisy([3, 4].contains($0) ? new : $0 == 8 ? flash : known, &random) }, at: 10)
    let found = Dictionary(uniqueKeysWithValues: second.map { ($0.frames.lowerBound, $0) })
    #expect(found[3]?.isLandmark == true)
    #expect((found[3]?.salience ?? 0) > 2 * (found[0]?.salience ?? 1))
    #expect(found[8].map { $0.isLandmark } == false)
    let third = close((0..<10).map { _ in noisy(new, &random) }, at: 20)
    #expect(third.allSatisfy { !$0.isLandmark })
    #expect(retention.landmarks.count == 2)
  }

  @Test("the ring of first appearances lets the oldest go and keeps its beginning")
  func ring() {
    var random = Seeded(state: 3)
    var landmarks = Landmarks(capacity: 16)
    let vectors = (0..<40).map { _ in unit(&random) }
    let gone = vectors.enumerated().compactMap { landmarks.insert($1, at: MediaTime(seconds: Double($0))).displaced }
    #expect(gone == (2..<26).map { MediaTime(seconds: Double($0)) })
    let mean = [Float](repeating: 0, count: 64)
    #expect(landmarks.novelty(of: vectors[0], mean: mean) < 1e-5)
    #expect(landmarks.novelty(of: vectors[39], mean: mean) < 1e-5)
    #expect(landmarks.novelty(of: vectors[10], mean: mean) > 0.3)
  }

  @Test("each policy gives up what it is named after", arguments: MemoryConfiguration.Retention.Strategy.allCases)
  func policies(strategy: MemoryConfiguration.Retention.Strategy) {
    var configuration = MemoryConfiguration.Retention()
    configuration.strategy = strategy
    var random = Seeded(state: 4)
    let now = MediaTime(seconds: 1000)
    let items = (0..<1000).map { index in
      RetentionPolicy.Item(
        id: Int64(index), start: MediaTime(seconds: Double(index)), salience: Float.random(in: 0..<1, using: &random),
        isPinned: index == 500,
        now: now)
    }
    let gone = Set(RetentionPolicy(configuration).least(900, of: items))
    #expect(gone.count == 900)
    let kept = items.filter { !gone.contains($0.id) }
    switch strategy {
    case .fifo: #expect(kept.map(\.id) == Array(900..<1000))
    case .lambda: #expect(kept.map(\.id) == Array(0..<60) + Array(960..<1000))
    case .reservoir:
      let early = kept.filter { $0.id < 500 }.count
      #expect((30...70).contains(early))
    case .salience:
      #expect(kept.contains { $0.id == 500 })
      #expect(kept.filter { $0.id != 500 }.allSatisfy { $0.salience > 0.85 })
    }
    configuration.halfLifeHours = 0.01
    if strategy == .salience {
      let late = items.filter { !Set(RetentionPolicy(configuration).least(900, of: items)).contains($0.id) && $0.id != 500 }
      #expect(late.allSatisfy { $0.id > 500 })
    }
  }
}

@Suite struct LevelTests {
  private func aged(_ change: (inout MemoryConfiguration) -> Void = { _ in }) -> MemoryConfiguration {
    var configuration = MemoryConfiguration()
    (configuration.retention.pooledSeconds, configuration.retention.anchorSeconds) = (60, 200)
    change(&configuration)
    return configuration
  }

  @Test("with age frames become pairs and then stretches, and together they still cover every second")
  func ages() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 400, seed: 41, side: 7)
    let store = try MemoryStore(writing: scratch.memory, configuration: aged())
    _ = try await store.open(stream: "film", source: Scene.source())
    for batch in scene.batches.dropLast() { try await store.commit(batch) }
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try MemoryVerification(snapshot).problems == [])
    let frames = try snapshot.frames(of: "film")
    #expect(Set(frames.map(\.level)) == [.full, .pooled, .anchors, .episode])
    for (one, next) in zip(frames, frames.dropFirst()) { #expect(one.range.end == next.range.start) }
    #expect(frames.first?.range.start == .zero)
    for episode in try snapshot.episodes() where !episode.isOpen {
      let inside = frames.filter { $0.episode == episode.id }
      #expect(inside.allSatisfy { $0.level == episode.level })
      #expect(episode.frames == Int(episode.range.duration.seconds))
      switch episode.level {
      case .anchors:
        #expect(inside.allSatisfy { $0.range.duration <= MediaTime(seconds: 2) })
        let grids = try inside.filter { try snapshot.grid(ofFrame: $0.id) != nil }.count
        #expect((1...(episode.frames / 16 + 1)).contains(grids))
      case .episode:
        #expect(inside.count <= 8)
        #expect(try inside.allSatisfy { try snapshot.grid(ofFrame: $0.id) == nil })
      default: break
      }
    }
    // Text is never pooled.
    #expect(try snapshot.items(of: "film").filter { $0.modality == .text }.count == 80)
  }

  @Test("every way of keeping an old episode can be chosen", arguments: MemoryConfiguration.Pooling.Strategy.allCases)
  func strategies(strategy: MemoryConfiguration.Pooling.Strategy) async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 300, seed: 42).write(to: scratch.memory, configuration: aged { $0.pooling.strategy = strategy })
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try MemoryVerification(snapshot).problems == [])
    let old = try snapshot.episodes().filter { $0.level == .episode }
    #expect(!old.isEmpty)
    for episode in old {
      let count = try snapshot.frames(of: "film", within: episode.range).count
      switch strategy {
      case .keyframe: #expect(count == 1)
      case .uniform: #expect(count == (episode.frames + 7) / 8)
      case .halving: #expect(count == (episode.frames + 3) / 4)
      case .progressive: #expect(count <= 8)
      }
    }
  }

  @Test("a memory interrupted at every second ends like one that was not, at every level of detail")
  func resumed() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 260, seed: 43)
    try await scene.write(to: scratch.memory, configuration: aged())
    let other = scratch.url.appendingPathComponent("other.memory")
    for batch in scene.batches {
      let store = try MemoryStore(writing: other, configuration: aged())
      _ = try await store.open(stream: "film", source: Scene.source())
      try await store.commit(batch)
      await store.close()
    }
    let (one, two) = (try MemorySnapshot.open(scratch.memory), try MemorySnapshot.open(other))
    #expect(try one.fingerprint(of: "film") == two.fingerprint(of: "film"))
  }

  @Test("a memory of the first version is brought up to date with everything in it")
  func migration() async throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(at: scratch.memory, withIntermediateDirectories: true)
    let old = try DatabaseQueue(path: scratch.memory.appendingPathComponent("memory.sqlite").path)
    try await old.write { database in
      try Schema.migrate(database, from: 0, to: 1)
      try database.execute(
        sql: """
          INSERT INTO space VALUES (1, 'picture', 2);
          INSERT INTO stream VALUES (1, 'film', '/film.mp4', 1, 'abc', 1, 1, NULL, 3000000000, 0,
            '{"segmentation":{"strategy":"fixed"},"pooling":{"group":4,"highResolutionStride":2,"lowResolutionStride":8},"shortTerm":{"seconds":30,"bytes":1000}}');
          INSERT INTO episode VALUES (1, 1, 0, 3000000000, 1, 0, '[]', NULL);
          INSERT INTO frame VALUES (7, 1, 0, 1000000000, 0, '[]', 1, x'003C003C', NULL, NULL, 1, 1, x'003C003C');
          INSERT INTO frame_draft VALUES (7, NULL, NULL, NULL, x'FFD8');
          """)
    }
    try old.close()
    let store = try MemoryStore(writing: scratch.memory)
    await store.close()
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try snapshot.frames(of: "film").map(\.id) == [7])
    #expect(try snapshot.frameTrack(of: "film", space: pictureSpace).vectors == [1, 1])
    let stored = try snapshot.read("reading") { database in
      (
        try String.fetchOne(database, sql: "SELECT configuration FROM stream") ?? "",
        try Data.fetchOne(database, sql: "SELECT thumbnail FROM frame_draft WHERE frame = 7")
      )
    }
    #expect(stored.0.contains("\"strategy\":\"fixed\"") && stored.0.contains("\"retention\""))
    #expect(stored.1 == Data([0xFF, 0xD8]))
  }
}
