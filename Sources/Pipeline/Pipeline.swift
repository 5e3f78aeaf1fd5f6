import Core
import Foundation
import Media
import Memory
import Perception

/// Watches one stream from where it stands to its end: reads, perceives, remembers.
///
/// All stages run side by side as structured tasks; what they find is committed second by second of media, together with their
/// checkpoints, so that a run that was killed goes on and ends with the same memory as one that was not.
struct Pipeline: Sendable {
  var stream: StreamID
  var wiring: Wiring
  var reader: MediaReader
  var sentences: SentenceStage?
  var store: MemoryStore
  var checkpoint: StreamCheckpoint?

  /// - Parameter report: called after every commit, on the committing task.
  /// - Returns: the end of the stream.
  /// *Throws* the first error of any part; everything committed before it stays.
  func run(report: @escaping @Sendable (_ time: MediaTime, _ found: [Observation]) async -> Void) async throws -> MediaTime {
    let start = checkpoint?.upTo ?? .zero
    return try await withThrowingTaskGroup(of: MediaTime?.self) { group in
      for stage in wiring.video {
        group.addTask {
          try await stage.run(into: wiring.deliveries)
          return nil
        }
      }
      for stage in wiring.sound {
        group.addTask {
          try await stage.run(into: wiring.deliveries)
          return nil
        }
      }
      group.addTask {
        try await withTaskCancellationHandler {
          try await wiring.pump(reader, from: start)
        } onCancel: {
          reader.cancel()
        }
        return nil
      }
      group.addTask { try await commit(report) }
      var end: MediaTime?
      do { while let result = try await group.next() { end = result ?? end } } catch {
        group.cancelAll()
        throw error
      }
      return end ?? start
    }
  }

  /// Puts the stages' deliveries back in order and remembers them, epoch by epoch.
  private func commit(_ report: @Sendable (MediaTime, [Observation]) async -> Void) async throws -> MediaTime {
    var aligner = EpochAligner(stages: wiring.stageNames, checkpoints: checkpoint?.stageStates ?? [:])
    while let delivery = try await wiring.deliveries.receive() {
      for epoch in aligner.deliver(delivery) {
        try Task.checkCancellation()
        let found = try await sentences?.embed(epoch.observations) ?? epoch.observations
        let batch = Batch(
          stream: stream, observations: found, upTo: epoch.barrier.time, stageStates: epoch.checkpoints, finished: epoch.barrier.isLast)
        try await store.commit(batch)
        await report(epoch.barrier.time, found)
        if epoch.barrier.isLast { return epoch.barrier.time }
      }
    }
    throw PipelineError(.internalFault, code: .needsReset, "watching '\(stream)': the stages ended without their last barrier")
  }
}
