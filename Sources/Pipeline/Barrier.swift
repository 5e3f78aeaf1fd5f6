import Core

/// A mark that travels through every channel between the items of a stream, so that all stages can be checkpointed at one media time.
///
/// Items with a time before the barrier go ahead of it, the others follow. *Source* aligned checkpoints: Chandy and Lamport 1985;
/// Carbone et al. 2015, "Lightweight asynchronous snapshots for distributed dataflows", section 4.
package struct Barrier: Sendable, Hashable, Comparable {
  package var time: MediaTime
  /// The end of the stream: nothing follows.
  package var isLast: Bool

  package init(time: MediaTime, isLast: Bool = false) {
    self.time = time
    self.isLast = isLast
  }

  package static func < (a: Barrier, b: Barrier) -> Bool { a.isLast == b.isLast ? a.time < b.time : b.isLast }
}
