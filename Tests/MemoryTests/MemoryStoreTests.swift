import Core
import Foundation
import Testing

@testable import Memory

@Suite struct MemoryStoreTests {
  @Test("a stream that is given up before anything was remembered leaves no trace; one with a memory stays")
  func withdrawn() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 10, seed: 3)
    try await scene.write(to: scratch.memory)
    let before = try MemorySnapshot.open(scratch.memory).streams
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "hollow", source: SourceDescription(path: "hollow", fingerprint: "hollow"))
    try await store.commit(Batch(stream: "hollow", observations: [], upTo: seconds(0, 1).end, finished: false))
    try await store.withdraw("hollow")
    _ = try await store.open(stream: "film", source: Scene.source())
    try await store.withdraw("film")
    await store.close()
    #expect(try MemorySnapshot.open(scratch.memory).streams == before)
  }

  @Test("what was committed is there when the memory is opened again")
  func reopened() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 60, seed: 1)
    try await scene.write(to: scratch.memory)
    let snapshot = try MemorySnapshot.open(scratch.memory)

    let streams = try snapshot.streams
    #expect(streams.count == 1)
    let stream = try #require(streams.first)
    #expect(stream.id == "film")
    #expect(stream.source == Scene.source())
    #expect(stream.extent == seconds(0, 60))
    #expect(stream.finished)
    #expect(stream.modalities == [.vision, .text, .speech, .sound])

    let said = try snapshot.items(modality: .speech)
    let expected = scene.batches.flatMap(\.observations).compactMap { observation -> Utterance? in
      if case .speech(let utterance) = observation.content { return utterance } else { return nil }
    }
    #expect(said.map(\.text) == expected.map(\.text))
    #expect(said.map(\.words) == expected.map(\.words))
    #expect(said.allSatisfy { $0.language == "en" && $0.confidence == 0.8 })
    for (item, utterance) in zip(said, expected) {
      #expect(item.embedding?.space == sentenceSpace)
      #expect(item.embedding?.values == HalfFloat.rounded(utterance.embedding!.values))
    }
    let read = try #require(try snapshot.items(modality: .text).first)
    #expect(read.box == TextLine.Box(x: 0.1, y: 0.2, width: 0.5, height: 0.1))

    let frames = try snapshot.frames(of: "film")
    let ranges: [TimeRange] = (0..<60).map { seconds(Double($0), Double($0 + 1)) }
    #expect(frames.map(\.range) == ranges)
    #expect(frames.allSatisfy { $0.tags.count == 5 && $0.level == .pooled })
  }

  @Test("episodes follow one another without gaps, are cut near the scene changes, and have tags and a picture")
  func episodes() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 200, seed: 2)
    try await scene.write(to: scratch.memory)
    let snapshot = try MemorySnapshot.open(scratch.memory)
    let episodes = try snapshot.episodes(of: "film")
    #expect(episodes.first?.range.start == .zero)
    #expect(episodes.last?.range.end == MediaTime(seconds: 200))
    for (left, right) in zip(episodes, episodes.dropFirst()) { #expect(left.range.end == right.range.start) }
    #expect(episodes.allSatisfy { !$0.isOpen && $0.tags.count == 5 && $0.frames > 0 })
    #expect(episodes.map(\.frames).reduce(0, +) == 200)
    for episode in episodes {
      let path = try #require(episode.thumbnail)
      let bytes = try Data(contentsOf: scratch.memory.appendingPathComponent(path))
      #expect(Thumbnail.isJPEG(Array(bytes)))
    }
    #expect(boundaryF1(found: episodes.dropFirst().map(\.range.start.seconds), truth: scene.cuts.map(Double.init)) >= 0.9)
  }

  @Test("the open episode is there while the stream is still watched")
  func openEpisode() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 30, seed: 3)
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    for (index, batch) in scene.batches.prefix(20).enumerated() {
      try await store.commit(batch)
      let snapshot = try MemorySnapshot.open(scratch.memory)
      let episodes = try snapshot.episodes()
      #expect(episodes.filter(\.isOpen).count == 1)
      #expect(episodes.last?.isOpen == true)
      #expect(episodes.last?.range.end == batch.upTo)
      #expect(try snapshot.frames(of: "film").count == index + 1)
      #expect(try snapshot.frames(of: "film").last?.episode == episodes.last?.id)
    }
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try snapshot.search(terms: ["platforms"]).contains { $0.item.episode == (try? snapshot.episodes().last?.id) })
  }

  @Test("a snapshot sees nothing that is committed after it was taken")
  func snapshotIsStill() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 60, seed: 4)
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    for batch in scene.batches.prefix(20) { try await store.commit(batch) }
    let snapshot = try MemorySnapshot.open(scratch.memory)
    let before = try snapshot.fingerprint(of: "film")
    for batch in scene.batches.dropFirst(20) { try await store.commit(batch) }
    #expect(try snapshot.frames(of: "film").count == 20)
    #expect(try snapshot.frameTrack(of: "film", space: pictureSpace).count == 20)
    #expect(try snapshot.fingerprint(of: "film") == before)
    #expect(try MemorySnapshot.open(scratch.memory).frames(of: "film").count == 60)
  }

  @Test("a second writer is refused with one clear line, and may write when the first has closed")
  func secondWriter() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    let refusal = #expect(throws: MemoryError.self) { _ = try MemoryStore(writing: scratch.memory) }
    #expect(refusal?.code == .unavailable)
    #expect(refusal?.message.contains("being written by another process") == true)
    #expect(refusal?.message.contains("\n") == false)
    await store.close()
    await #expect(throws: MemoryError.self) { _ = try await store.open(stream: "film", source: Scene.source()) }
    _ = try MemoryStore(writing: scratch.memory)
  }

  @Test("a stream is refused when its source has changed, and says where it stands when it has not")
  func sameStream() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    #expect(try await store.open(stream: "film", source: Scene.source()) == nil)
    let scene = Scene(seconds: 10, seed: 5)
    for batch in scene.batches.prefix(4) { try await store.commit(batch) }
    let checkpoint = try await store.open(stream: "film", source: Scene.source())
    #expect(checkpoint == StreamCheckpoint(upTo: MediaTime(seconds: 4), stageStates: ["speech": Data("state 3".utf8)], finished: false))
    let refusal = await #expect(throws: MemoryError.self) { _ = try await store.open(stream: "film", source: Scene.source("other")) }
    #expect(refusal?.code == .misconfigured)
  }

  @Test("a batch that contradicts what is remembered is refused whole")
  func contradictions() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    let scene = Scene(seconds: 10, seed: 6)
    for batch in scene.batches.prefix(5) { try await store.commit(batch) }
    let before = try MemorySnapshot.open(scratch.memory).fingerprint(of: "film")
    await #expect(throws: MemoryError.self) { try await store.commit(scene.batches[2]) }
    var wrong = scene.batches[5]
    wrong.observations.append(
      Observation(
        range: seconds(5, 6),
        content: .text(
          TextLine(
            text: "short", box: .init(x: 0, y: 0, width: 1, height: 1), confidence: 1,
            embedding: Embedding(space: sentenceSpace, values: [1])))))
    await #expect(throws: MemoryError.self) { try await store.commit(wrong) }
    // A vector of another length, a grid that does not belong to it, and a vector without a length.
    for values in [[Float](repeating: 1, count: 3), [Float](repeating: 1, count: 31), [Float](repeating: .nan, count: 32), []] {
      var frame = scene.batches[5]
      let features = FrameFeatures(grid: nil, pooled: Embedding(space: pictureSpace, values: values), textual: nil, tags: [])
      frame.observations = [Observation(range: seconds(5, 6), content: .frame(features))]
      await #expect(throws: MemoryError.self) { try await store.commit(frame) }
    }
    var other = scene.batches[5]
    other.stream = "unknown"
    await #expect(throws: MemoryError.self) { try await store.commit(other) }
    #expect(try MemorySnapshot.open(scratch.memory).fingerprint(of: "film") == before)
    for batch in scene.batches.dropFirst(5) { try await store.commit(batch) }
    await #expect(throws: MemoryError.self) { try await store.commit(scene.batches[9]) }
  }

  @Test("several streams live side by side in one memory")
  func severalStreams() async throws {
    let scratch = try Scratch()
    try await Scene(stream: "a", seconds: 20, seed: 7).write(to: scratch.memory)
    let alone = try MemorySnapshot.open(scratch.memory).fingerprint(of: "a")
    try await Scene(stream: "b", seconds: 20, seed: 8, hasVideo: false).write(to: scratch.memory, hasVideo: false)
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try snapshot.streams.map(\.id) == ["a", "b"])
    #expect(try snapshot.fingerprint(of: "a") == alone)
    #expect(try snapshot.frames(of: "b").isEmpty)
    #expect(try Set(snapshot.items(of: "b").map(\.stream)) == ["b"])
    #expect(try snapshot.search(terms: ["dog"], of: "a").allSatisfy { $0.item.stream == "a" })
  }
}
