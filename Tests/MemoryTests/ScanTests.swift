import Core
import Foundation
import Testing

@testable import Memory

@Suite struct ScanTests {
  @Test("many queries at once score what each scores alone", arguments: [5, 8, 37, 384])
  func manyQueries(dimensions: Int) {
    var random = Seeded(state: UInt64(dimensions))
    for (rows, queries) in [(0, 3), (1, 1), (2, 4), (7, 6), (33, 64)] {
      var block = random.vector(rows * dimensions)
      // A row of no length scores nothing.
      if rows > 2 { for index in dimensions..<2 * dimensions { block[index] = 0 } }
      let wanted = (0..<queries).map { _ in random.vector(dimensions) }
      let together = VectorScan.cosines(rows: block, queries: wanted)
      #expect(together.count == queries)
      for (query, found) in zip(wanted, together) {
        let alone = VectorScan.cosines(rows: block, query: query)
        #expect(found.count == alone.count && zip(found, alone).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }
  }

  @Test("what was stored as halves is widened to the same numbers, whatever the length", arguments: 0..<40)
  func widening(count: Int) {
    var random = Seeded(state: UInt64(count))
    let values = random.vector(count, scale: 300) + [0, -0.0, 1e-7, 65504, -1e6]
    #expect(HalfFloat.values(HalfFloat.blob(values)) == HalfFloat.rounded(values))
  }

  @Test("items read for a scan are the items, in the same order, and equal sounds share a vector")
  func items() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 90, seed: 5).write(to: scratch.memory)
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "sounds", source: Scene.source())
    let names = ["Bark", "Bell", "Bark", "Bark"]
    let sounds = names.enumerated().map { index, name in
      Observation(
        range: seconds(Double(index % 3), 5),
        content: .sound(
          SoundEvent(
            name: name, score: 0.5, embedding: Embedding(space: sentenceSpace, values: Array(repeating: index == 3 ? 2 : 1, count: 16)))))
    }
    try await store.commit(Batch(stream: "sounds", observations: sounds, upTo: MediaTime(seconds: 5), finished: true))
    await store.close()
    let snapshot = try MemorySnapshot.open(scratch.memory)
    for stream in [StreamID("film"), "sounds"] {
      let track = try snapshot.itemTrack(of: stream)
      let items = try snapshot.items(of: stream)
      #expect(track.items.map(\.id) == items.map(\.id))
      for (index, item) in items.enumerated() {
        let (light, row) = (track.items[index], Int(track.rows[index]))
        #expect(light.text == item.text && light.range == item.range && light.modality == item.modality && light.box == item.box)
        #expect(light.confidence == item.confidence && light.episode == item.episode)
        let vector = row < 0 ? nil : Array(track.vectors[row * track.dimensions..<(row + 1) * track.dimensions])
        #expect(vector == item.embedding?.values)
        #expect(try snapshot.item(item.id) == item)
      }
    }
    // Two names, one of them with two vectors.
    #expect(try snapshot.itemTrack(of: "sounds").vectors.count == 3 * 16)
    #expect(try snapshot.itemTrack(of: "unknown").items.isEmpty)
  }

  @Test("labels and boxes are read as the decoder reads them, and what is written otherwise is left to it")
  func bytes() throws {
    var random = Seeded(state: 3)
    let names = ["tabby cat", "Égouttoir à légumes", "", "犬"]
    for count in 0..<200 {
      let tags = (0..<count % 6).map { index in
        FrameFeatures.Tag(
          label: names[(count + index) % 4],
          probability: index == 5 ? 0 : exp(Float.random(in: -30...0, using: &random)))
      }
      let text = try JSON.encode(tags)
      #expect(ByteReader.tags(Data(text.utf8)) == tags, "\(text)")
      let box = TextLine.Box(
        x: .random(in: 0...1, using: &random), y: .random(in: 0...1, using: &random), width: .random(in: 0...1, using: &random), height: 1)
      #expect(ByteReader.box(Data(try JSON.encode(ItemDetail(words: nil, language: nil, box: box)).utf8)) == box)
    }
    for odd in [
      "", "[", "[{", #"[{"label":"a\"b","probability":0.5}]"#, #"[{"label":"a","probability":"nan"}]"#, "[] ",
      #"[{"label":"a","probability":0.5}"#, #"[{"label":"a","probability":}]"#, #"[{"label":"a","probability":0.5},]"#, "null",
    ] { #expect(ByteReader.tags(Data(odd.utf8)) == nil, "\(odd)") }
    #expect(ByteReader.box(Data(#"{"box":{"height":1},"language":"en"}"#.utf8)) == nil)
  }

  @Test("what a stream holds, and up to when, is what its items say")
  func extent() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 40, seed: 8).write(to: scratch.memory)
    let snapshot = try MemorySnapshot.open(scratch.memory)
    let record = try #require(try snapshot.streams.first)
    let items = try snapshot.items(of: record.id)
    #expect(record.modalities == Set(items.map(\.modality)).union([.vision]))
    #expect(record.extent.end >= items.map(\.range.end).max() ?? .zero && record.extent.start == .zero)
  }

  @Test("a commit is noticed, a question is not, and neither is a memory put in the place of another taken for it")
  func watching() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 20, seed: 9)
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source())
    try await store.commit(scene.batches[0])
    let watch = try CommitWatch(of: scratch.memory)
    let before = try #require(try watch.number())
    _ = try MemorySnapshot.open(scratch.memory).items()
    #expect(try watch.number() == before)
    try await store.commit(scene.batches[1])
    let after = try #require(try watch.number())
    #expect(after != before)
    await store.close()
    try FileManager.default.moveItem(at: scratch.memory, to: scratch.url.appendingPathComponent("old.memory"))
    try await scene.write(to: scratch.memory)
    #expect(try watch.number() == nil)
  }
}
