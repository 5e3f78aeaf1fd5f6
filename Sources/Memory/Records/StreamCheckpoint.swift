import Core
import Foundation

/// Where a stream stands in the memory, and what is needed to go on from there.
package struct StreamCheckpoint: Sendable, Equatable {
  /// The last barrier that was committed.
  package var upTo: MediaTime
  /// What each stage handed over at that barrier, by stage name.
  package var stageStates: [String: Data]
  /// Whether the stream was watched to its end.
  package var finished: Bool

  package init(upTo: MediaTime, stageStates: [String: Data], finished: Bool) {
    self.upTo = upTo
    self.stageStates = stageStates
    self.finished = finished
  }
}
