import Core
import Synchronization

/// Whether there is more to do than the machine can, over all streams of a tail: they share its cores.
package final class Overload: Sendable {
  private struct Guarded {
    var shedding = Shedding()
    var strained: Set<StreamID> = []
    var last = ContinuousClock.now
  }

  private let guarded = Mutex(Guarded())
  private static let every = Duration.seconds(1)

  package init() {}

  package var level: Shedding.Level { guarded.withLock { $0.shedding.level } }

  /// Tells how one stream fares. Once a second all of it is judged.
  func note(_ stream: StreamID, isStrained: Bool) async {
    guarded.withLock {
      if isStrained { $0.strained.insert(stream) }
      let now = ContinuousClock.now
      guard now - $0.last >= Self.every else { return }
      $0.last = now
      $0.shedding.advance(isStrained: !$0.strained.isEmpty)
      $0.strained = []
    }
  }
}
