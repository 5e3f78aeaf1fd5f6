import Core
import Foundation

/// Everything that was perceived up to one barrier, and what the stages need to go on from there. Committed whole or not at all.
package struct Batch: Sendable {
  package var stream: StreamID
  /// In any order; the store sorts them. Frames are never earlier than a frame that was committed before.
  package var observations: [Observation]
  /// The barrier: everything before it has been handed over, except what a stage still holds in its state.
  package var upTo: MediaTime
  /// The checkpoint of each stage at the barrier, by stage name. A stage that is not named keeps its last one.
  package var stageStates: [String: Data]
  /// Whether the stream ends here. Closes the open episode.
  package var finished: Bool

  package init(stream: StreamID, observations: [Observation], upTo: MediaTime, stageStates: [String: Data] = [:], finished: Bool = false) {
    self.stream = stream
    self.observations = observations
    self.upTo = upTo
    self.stageStates = stageStates
    self.finished = finished
  }
}
