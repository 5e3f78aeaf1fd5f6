import Synchronization

/// How much one stage has done and how long it was busy doing it.
package final class StageMeter: Sendable {
  package let name: String
  private let busyNanoseconds = Atomic<Int64>(0)
  private let itemCount = Atomic<Int64>(0)

  init(_ name: String) { self.name = name }

  /// Time spent inside the stage, waiting for its own queue included.
  package var busy: Duration { .nanoseconds(busyNanoseconds.load(ordering: .relaxed)) }
  package var items: Int { Int(itemCount.load(ordering: .relaxed)) }

  func measure<Result>(_ work: () async throws -> Result) async rethrows -> Result {
    let began = ContinuousClock.now
    defer {
      let spent = (ContinuousClock.now - began).components
      busyNanoseconds.add(spent.seconds * 1_000_000_000 + spent.attoseconds / 1_000_000_000, ordering: .relaxed)
      itemCount.add(1, ordering: .relaxed)
    }
    return try await work()
  }
}
