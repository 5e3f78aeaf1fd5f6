import Core
import Foundation
import GRDB
import Testing

@testable import Memory

@Suite struct CorrectionStoreTests {
  private func correction(_ answer: String = "Gate 9", stream: StreamID? = "film") -> Correction {
    Correction(
      question: "Which gate is it?", answer: answer, author: "Ada", stream: stream, range: seconds(2, 8),
      key: Embedding(space: sentenceSpace, values: [Float](repeating: 0.25, count: 16)),
      probes: (0..<5).map { [Float](repeating: Float($0), count: 16) })
  }

  @Test("a correction reads back as it was written, and what is undone stays")
  func roundTrip() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 12, seed: 71).write(to: scratch.memory)
    let before = try MemorySnapshot.open(scratch.memory)
    let store = try MemoryStore(writing: scratch.memory)
    let (now, later) = (Date(timeIntervalSince1970: 1000), Date(timeIntervalSince1970: 2000))
    let first = try await store.correct(correction(), at: now)
    var everywhere = correction("Gate 10", stream: nil)
    (everywhere.range, everywhere.key, everywhere.probes) = (nil, nil, [])
    let second = try await store.correct(everywhere, at: now)
    try await store.undo(correction: first.id, at: later)
    await #expect(throws: MemoryError.self) { try await store.undo(correction: first.id) }
    await #expect(throws: MemoryError.self) { try await store.undo(correction: 99) }
    await store.close()
    let after = try MemorySnapshot.open(scratch.memory)
    #expect(
      try after.corrections() == [CorrectionRecord(id: first.id, content: correction(), writtenAt: now, undoneAt: later), second])
    #expect(try before.corrections().isEmpty)
    #expect(try MemoryVerification(after).problems == [])
    // What was perceived is what it was.
    #expect(try before.fingerprint(of: "film") == after.fingerprint(of: "film"))
    #expect(try MemoryExport(after).corrections?.map(\.answer) == ["Gate 9", "Gate 10"])
  }

  @Test("what cannot be a correction is refused and nothing is written")
  func refused() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 5, seed: 72).write(to: scratch.memory)
    let store = try MemoryStore(writing: scratch.memory)
    var uneven = correction()
    uneven.probes[2].removeLast()
    var short = correction()
    short.key?.values.removeLast()
    var silent = correction()
    silent.question = " \n"
    for wrong in [correction(""), correction(String(repeating: "x", count: 2001)), correction(stream: "unknown"), uneven, short, silent] {
      await #expect(throws: MemoryError.self) { try await store.correct(wrong) }
    }
    #expect(throws: MemoryError.self) { _ = try MemoryStore(writing: scratch.memory) }
    await store.close()
    #expect(try MemorySnapshot.open(scratch.memory).corrections().isEmpty)
  }

  @Test("a damaged correction is found and is an error, not a crash")
  func damaged() async throws {
    for change in [
      "UPDATE correction SET key = x'00'", "UPDATE correction SET probes = x'0000'", "UPDATE correction SET key = NULL",
      "UPDATE correction SET space = NULL", "UPDATE correction SET start = 9000000000000", "UPDATE correction SET end = NULL",
    ] {
      let scratch = try Scratch()
      try await Scene(seconds: 5, seed: 73).write(to: scratch.memory)
      let store = try MemoryStore(writing: scratch.memory)
      try await store.correct(correction())
      await store.close()
      let database = try DatabaseQueue(path: scratch.memory.appendingPathComponent("memory.sqlite").path)
      try await database.write { try $0.execute(sql: change) }
      try database.close()
      let snapshot = try MemorySnapshot.open(scratch.memory)
      #expect(try !MemoryVerification(snapshot).problems.isEmpty, "\(change)")
      _ = try? snapshot.corrections()
    }
  }
}
