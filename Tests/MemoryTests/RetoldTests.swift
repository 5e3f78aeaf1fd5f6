import Core
import Testing

@testable import Memory

@Suite("What is told again while it goes on")
struct RetoldTests {
  private func line(_ text: String, _ range: TimeRange, after earlier: Observation.Earlier? = nil) -> Observation {
    var observation = Observation(
      range: range, content: .text(TextLine(text: text, box: .init(x: 0, y: 0, width: 1, height: 0.1), confidence: 0.9)))
    observation.replaces = earlier
    return observation
  }

  @Test("it takes the place of what was told, in the same words and in others; what is forgotten stays so")
  func retold() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source(hasVideo: false))
    func commit(_ observation: Observation, _ second: Double) async throws {
      try await store.commit(Batch(stream: "film", observations: [observation], upTo: MediaTime(seconds: second)))
    }
    let (first, second) = (seconds(0, 1), seconds(0, 6))
    try await commit(line("PLATFORM 5", first), 1)
    try await commit(line("PLATFORM 5", second, after: .init(range: first, text: "PLATFORM 5")), 6)
    var items = try MemorySnapshot.open(scratch.memory).items(of: "film")
    #expect(items.map(\.text) == ["PLATFORM 5"] && items.map(\.range) == [second])
    #expect(try MemorySnapshot.open(scratch.memory).facts().map(\.range.end) == [second.end])
    try await commit(line("PLATFORM 5\nOSLO", seconds(0, 8), after: .init(range: second, text: "PLATFORM 5")), 8)
    try await commit(line("EXIT", seconds(1, 9), after: .init(range: seconds(1, 4), text: "EXIT")), 9)
    items = try MemorySnapshot.open(scratch.memory).items(of: "film")
    #expect(items.map(\.text) == ["PLATFORM 5\nOSLO"] && items.map(\.range) == [seconds(0, 8)])
    await store.close()
  }

  @Test("where it turns out to have been shorter, the facts made of it are as well")
  func shorter() async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source(hasVideo: false))
    for (range, earlier) in [(seconds(2, 9), nil), (seconds(1, 7), seconds(2, 9)), (seconds(1, 12), seconds(1, 7))] {
      let observation = line("PLATFORM 5", range, after: earlier.map { .init(range: $0, text: "PLATFORM 5") })
      try await store.commit(Batch(stream: "film", observations: [observation], upTo: MediaTime(seconds: 9)))
      let snapshot = try MemorySnapshot.open(scratch.memory)
      #expect(try snapshot.items(of: "film").map(\.range) == [range] && snapshot.facts().map(\.range) == [range])
      #expect(try MemoryVerification(snapshot).problems == [])
    }
    await store.close()
  }
}
