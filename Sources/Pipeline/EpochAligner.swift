import Core
import DequeModule
import Foundation

/// What a stage hands over at a barrier: everything it found since the one before, and how to go on from here.
struct StageDelivery: Sendable {
  var stage: String
  var barrier: Barrier
  var observations: [Observation]
  /// The stage's own checkpoint; nil for a stage without memory of its own.
  var checkpoint: Data?
}

/// Everything all stages found up to one media time, with the state of each at exactly that time.
struct AlignedEpoch: Sendable {
  var barrier: Barrier
  var observations: [Observation]
  var checkpoints: [String: Data]
}

/// Brings the deliveries of stages that run at different speeds back together, in order of time, as a value.
///
/// An epoch is complete once every stage has delivered a barrier at or after it. A stage that had no item near a barrier need not have
/// delivered that very one: its state has not changed since the one before.
struct EpochAligner {
  private var queues: [String: Deque<StageDelivery>]
  private var newest: [String: Barrier] = [:]
  private var checkpoints: [String: Data]

  /// - Parameter checkpoints: the states the stages were restored from; kept until a stage delivers a newer one.
  init(stages: [String], checkpoints: [String: Data] = [:]) {
    queues = Dictionary(uniqueKeysWithValues: stages.map { ($0, []) })
    self.checkpoints = checkpoints.filter { stages.contains($0.key) }
  }

  /// How many deliveries wait for a slower stage.
  var pending: Int { queues.values.reduce(0) { $0 + $1.count } }

  /// Takes a delivery in and returns the epochs it completes, earliest first.
  mutating func deliver(_ delivery: StageDelivery) -> [AlignedEpoch] {
    queues[delivery.stage, default: []].append(delivery)
    newest[delivery.stage] = max(delivery.barrier, newest[delivery.stage] ?? delivery.barrier)
    guard newest.count == queues.count, let complete = newest.values.min() else { return [] }
    var epochs: [AlignedEpoch] = []
    while let barrier = queues.values.compactMap({ $0.first?.barrier }).min(), barrier <= complete { epochs.append(epoch(at: barrier)) }
    return epochs
  }

  private mutating func epoch(at barrier: Barrier) -> AlignedEpoch {
    var observations: [Observation] = []
    for stage in queues.keys.sorted() {
      while let first = queues[stage]?.first, first.barrier <= barrier {
        observations += first.observations
        if let checkpoint = first.checkpoint { checkpoints[stage] = checkpoint }
        queues[stage]?.removeFirst()
      }
    }
    let order = observations.indices.sorted {
      let (a, b) = (observations[$0], observations[$1])
      if a.range.start != b.range.start { return a.range.start < b.range.start }
      if a.modality != b.modality { return a.modality < b.modality }
      return $0 < $1
    }
    return AlignedEpoch(barrier: barrier, observations: order.map { observations[$0] }, checkpoints: checkpoints)
  }
}
