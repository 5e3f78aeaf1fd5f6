import Core
import Foundation
import Testing

@Suite("Actors on queues of their own")
struct QueueExecutorTests {
  actor Blocker {
    private let executor = QueueExecutor("blocker")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private(set) var count = 0

    func block(seconds: Double) {
      Thread.sleep(forTimeInterval: seconds)
      count += 1
    }

    func step() { count += 1 }
  }

  @Test("blocking calls on several actors run side by side")
  func blockingCallsOverlap() async {
    let started = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { await Blocker().block(seconds: 0.25) } }
    }
    // One after another they would take 2 s; on a shared pool of two threads 1 s.
    #expect(ContinuousClock.now - started < .seconds(0.9))
  }

  @Test("an actor still does one thing at a time")
  func serial() async {
    let actor = Blocker()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<2000 { group.addTask { await actor.step() } }
    }
    #expect(await actor.count == 2000)
  }
}
