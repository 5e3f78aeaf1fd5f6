import Core
import Foundation
import Testing

@testable import Memory

@Suite struct ResumeTests {
  @Test("a run interrupted at any barrier and resumed ends like one that was not", arguments: [true, false])
  func interrupted(hasVideo: Bool) async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 180, seed: 11, hasVideo: hasVideo)
    try await scene.write(to: scratch.memory, hasVideo: hasVideo)
    let whole = try MemorySnapshot.open(scratch.memory).fingerprint(of: "film")

    var random = Seeded(state: 12)
    for round in 0..<4 {
      let folder = scratch.url.appendingPathComponent("cut-\(round)")
      var next = 0
      while next < scene.batches.count {
        let store = try MemoryStore(writing: folder)
        let checkpoint = try await store.open(stream: "film", source: Scene.source(hasVideo: hasVideo))
        #expect(checkpoint?.upTo.seconds ?? 0 == Double(next))
        let stop = min(scene.batches.count, next + Int.random(in: 1...60, using: &random))
        for batch in scene.batches[next..<stop] {
          // The order within a batch depends on which stage was first, and must not matter.
          var shuffled = batch
          shuffled.observations.shuffle(using: &random)
          try await store.commit(shuffled)
        }
        next = stop
        await store.close()
      }
      #expect(try MemorySnapshot.open(folder).fingerprint(of: "film") == whole, "round \(round)")
    }
  }

  @Test("another stream gives another fingerprint")
  func differs() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 20, seed: 13)
    try await scene.write(to: scratch.memory)
    var other = scene
    other.batches[7].observations[0].range.end = MediaTime(nanoseconds: other.batches[7].observations[0].range.end.nanoseconds - 1)
    try await other.write(to: scratch.url.appendingPathComponent("other"))
    let prints = try [scratch.memory, scratch.url.appendingPathComponent("other")].map {
      try MemorySnapshot.open($0).fingerprint(of: "film")
    }
    #expect(prints[0] != prints[1])
  }

  @Test("a copy taken in the middle of writing, as a crash leaves it, opens, is sound, and can be resumed")
  func crashCopy() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 120, seed: 14)
    try await scene.write(to: scratch.memory)
    let whole = try MemorySnapshot.open(scratch.memory).fingerprint(of: "film")

    let folder = scratch.url.appendingPathComponent("live")
    let store = try MemoryStore(writing: folder)
    _ = try await store.open(stream: "film", source: Scene.source())
    for (index, batch) in scene.batches.enumerated() {
      try await store.commit(batch)
      guard index % 29 == 17 else { continue }
      let copy = scratch.url.appendingPathComponent("copy-\(index)")
      try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
      // What is on the disk after kill -9: everything but the index of the log, which lives in shared memory.
      for name in ["memory.sqlite", "memory.sqlite-wal", "thumbnails"] {
        try FileManager.default.copyItem(at: folder.appendingPathComponent(name), to: copy.appendingPathComponent(name))
      }
      try Data("half".utf8).write(to: copy.appendingPathComponent("thumbnails/1-5.jpg.part"))
      let resumed = try MemoryStore(writing: copy)
      #expect(try await resumed.open(stream: "film", source: Scene.source())?.upTo == batch.upTo)
      #expect(try MemoryVerification(MemorySnapshot.open(copy)).problems == [])
      for batch in scene.batches.dropFirst(index + 1) { try await resumed.commit(batch) }
      await resumed.close()
      #expect(try MemorySnapshot.open(copy).fingerprint(of: "film") == whole)
      #expect(try MemoryVerification(MemorySnapshot.open(copy)).problems == [])
    }
  }
}
