import Core
import Foundation
import Memory
import Perception

/// Remembers what the stages of a live stream find, as soon as they find it.
///
/// A file is committed at aligned barriers, so that it can be watched again from any of them. A live stream cannot be watched again, so no
/// stage waits for another here: what is seen can be asked about while what is said is still being written down.
struct LiveCommitter: Sendable {
  var stream: StreamID
  var store: MemoryStore
  var sentences: SentenceStage?
  var deliveries: BoundedChannel<StageDelivery>
  /// The stages whose progress is the stream's: those that see, or where nothing is seen, those that hear.
  var leading: Set<String>
  var stages: Set<String>
  var start: MediaTime
  /// Told after every commit.
  var report: @Sendable (Committed) async -> Void

  struct Committed: Sendable {
    var observations: [Observation]
    /// Where episodes begin of which this is now certain.
    var episodes: [MediaTime]
    var upTo: MediaTime
    /// Nothing follows.
    var isLast = false
  }

  /// Least and most time between two commits.
  private static let shortest = Duration.milliseconds(200)
  private static let longest = Duration.seconds(2)
  /// How long a disk that refuses is tried again before the stream is given up.
  private static let patience = Duration.seconds(60)

  /// Runs until every stage has delivered its last barrier.
  ///
  /// - Parameter finishes: asked at the end; whether the stream has ended for good.
  func run(finishes: @Sendable () async -> Bool) async throws {
    var pending: [Observation] = []
    var reached: [String: MediaTime] = [:]
    var open = stages
    var upTo = start
    var last = ContinuousClock.now
    var refusedSince: ContinuousClock.Instant?
    while let delivery = try await deliveries.receive() {
      pending.tell(delivery.observations)
      reached[delivery.stage] = max(reached[delivery.stage] ?? start, delivery.barrier.time)
      if delivery.barrier.isLast { open.remove(delivery.stage) }
      upTo = max(upTo, leading.map { reached[$0] ?? start }.min() ?? delivery.barrier.time)
      let passed = ContinuousClock.now - last
      guard open.isEmpty || passed >= Self.longest || !pending.isEmpty && passed >= Self.shortest else { continue }
      last = .now
      do {
        let found = try await sentences?.embed(pending) ?? pending
        let isFinished = open.isEmpty ? await finishes() : false
        let episodes = try await store.commit(Batch(stream: stream, observations: found, upTo: upTo, finished: isFinished))
        pending = []
        refusedSince = nil
        await report(Committed(observations: found, episodes: episodes, upTo: upTo, isLast: open.isEmpty))
      } catch let error as MemoryError where error.code == .unavailable && !open.isEmpty {
        // A full disk may be emptied; until then what is found waits.
        let since = refusedSince ?? .now
        refusedSince = since
        if ContinuousClock.now - since > Self.patience { throw error }
      }
      if open.isEmpty { return }
    }
  }
}

extension [Observation] {
  /// Appends what was observed. What takes the place of something that is not committed yet takes it here, so that a batch, which has no order of
  /// its own, never holds two tellings of one thing.
  mutating func tell(_ new: [Observation]) {
    for var observation in new {
      if let earlier = observation.replaces, let index = lastIndex(where: { $0.isTold(as: earlier) }) {
        observation.replaces = remove(at: index).replaces
      }
      append(observation)
    }
  }
}

extension Observation {
  fileprivate func isTold(as earlier: Earlier) -> Bool {
    guard case .text(let line) = content else { return false }
    return range == earlier.range && line.text == earlier.text
  }
}
