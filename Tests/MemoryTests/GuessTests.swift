import Core
import Foundation
import GRDB
import Testing

@testable import Memory

@Suite("sounds whose names are guesses") struct GuessTests {
  private func memory(hasVideo: Bool, guesses: Bool, in scratch: Scratch) async throws -> MemorySnapshot {
    var scene = Scene(seconds: 150, seed: 61, hasVideo: hasVideo)
    // Every second something may have been heard, also in the pauses.
    for (second, batch) in scene.batches.enumerated() where guesses {
      let range = seconds(Double(second), Double(second) + 1)
      scene.batches[second].observations =
        batch.observations + [Observation(range: range, content: .sound(.init(name: "Creak", score: 0.05)))]
    }
    if !hasVideo {
      // A minute without a word or a sound.
      for second in 40..<100 {
        scene.batches[second].observations.removeAll { observation in
          if case .sound(let sound) = observation.content { sound.isClear } else { true }
        }
      }
    }
    let folder = scratch.url.appendingPathComponent("\(hasVideo) \(guesses)", isDirectory: true)
    try await scene.write(to: folder, hasVideo: hasVideo)
    return try MemorySnapshot.open(folder)
  }

  @Test("are remembered, begin no episode, are no company and are not counted", arguments: [true, false])
  func quiet(hasVideo: Bool) async throws {
    let scratch = try Scratch()
    let (without, with) = (
      try await memory(hasVideo: hasVideo, guesses: false, in: scratch), try await memory(hasVideo: hasVideo, guesses: true, in: scratch)
    )
    #expect(try with.items().count { $0.text == "Creak" && $0.confidence == 0.05 && $0.embedding == nil } == 150)
    let episodes = (try without.episodes().map(\.range), try with.episodes().map(\.range))
    #expect(episodes.0 == episodes.1 && episodes.0.count > 1)
    let counts = (try MemoryInventory(without).streams.map(\.sounds), try MemoryInventory(with).streams.map(\.sounds))
    #expect(counts.0 == counts.1 && counts.0 != [0])
    #expect(try Self.salience(without) == Self.salience(with))
  }

  private static func salience(_ snapshot: MemorySnapshot) throws -> [Double] {
    try snapshot.read("reading the salience") { try Double.fetchAll($0, sql: "SELECT ifnull(salience, -1) FROM frame ORDER BY start") }
  }
}
