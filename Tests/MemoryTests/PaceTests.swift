import Core
import Foundation
import Testing

@testable import Memory

/// Serialised, because it measures.
@Suite(.serialized) struct PaceTests {
  @Test("a second of video at real sizes is remembered, and an hour's vectors read, far faster than they come")
  func pace() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    var random = Seeded(state: 61)
    let clock = ContinuousClock()
    var times: [Duration] = []
    let (length, noise) = (600, random.vector(49 * 1280))
    var look = random.vector(1280)
    for second in 0..<length {
      if second % 11 == 0 { look = random.vector(1280) }
      let range = seconds(Double(second), Double(second + 1))
      let pooled = look.indices.map { look[$0] + 0.3 * noise[($0 + second * 131) % noise.count] }
      let features = FrameFeatures(
        grid: FeatureGrid(rows: 7, columns: 7, channels: 1280, values: noise), pooled: Embedding(space: pictureSpace, values: pooled),
        textual: Embedding(space: sentenceSpace, values: Array(noise[second..<second + 384])),
        tags: (0..<5).map { .init(label: "a label \($0)", probability: 0.1) },
        thumbnail: picture(second) + [UInt8](repeating: 7, count: 8000))
      let line = TextLine(
        text: "a line of text \(second)", box: .init(x: 0, y: 0, width: 1, height: 1), confidence: 1,
        embedding: Embedding(space: sentenceSpace, values: Array(noise[second..<second + 384])))
      let batch = Batch(
        stream: "film",
        observations: [Observation(range: range, content: .frame(features)), Observation(range: range, content: .text(line))],
        upTo: range.end, stageStates: ["speech": Data(count: 4000), "text": Data(count: 4000)], finished: second == length - 1)
      let start = clock.now
      try await store.commit(batch)
      times.append(clock.now - start)
    }
    let sorted = times.sorted()
    let snapshot = try MemorySnapshot.open(scratch.memory)
    let opening = try clock.measure { _ = try MemorySnapshot.open(scratch.memory) }
    let pooled = try clock.measure { _ = try snapshot.frameTrack(of: "film", space: pictureSpace) }
    let textual = try clock.measure { _ = try snapshot.frameTrack(of: "film", space: sentenceSpace) }
    let search = try clock.measure { _ = try snapshot.search(terms: ["line", "text", "599"]) }
    let nearest = try clock.measure { _ = try snapshot.nearest(to: Embedding(space: sentenceSpace, values: Array(noise[0..<384]))) }
    let inventory = try MemoryInventory(snapshot)
    await store.close()
    print("commit of a second: median \(sorted[length / 2]), p99 \(sorted[length * 99 / 100]), worst \(sorted[length - 1])")
    print("\(length) frames: snapshot \(opening), pooled track \(pooled), textual track \(textual), search \(search), nearest \(nearest)")
    print("bytes by kind \(inventory.bytesByKind), total \(inventory.totalBytes)")
    // Generous, because the machine may be busy and the database library is not optimised in a debug build.
    #expect(sorted[length / 2] < .milliseconds(200))
    #expect(pooled + textual + search + nearest < .seconds(5))
  }
}
