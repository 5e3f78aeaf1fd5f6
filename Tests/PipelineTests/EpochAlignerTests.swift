import Core
import Foundation
import Testing

@testable import Pipeline

@Suite("Aligning the barriers of stages that run at different speeds")
struct EpochAlignerTests {
  private func gap(_ seconds: Double, _ name: String) -> Observation {
    Observation(range: TimeRange(seconds: seconds...seconds), content: .gap(name))
  }

  @Test(
    "every observation comes out once, in its own epoch, with the states its stages had then, whatever the interleaving", arguments: 0..<100
  )
  func alignment(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed + 1)
    let stages = ["speech", "text", "vision"]
    let end = 30
    var waiting: [String: [StageDelivery]] = [:]
    for stage in stages {
      var deliveries: [StageDelivery] = []
      for second in 1...end where second == end || Int.random(in: 0..<4, using: &random) > 0 {
        let isLast = second == end
        deliveries.append(
          StageDelivery(
            stage: stage, barrier: Barrier(time: MediaTime(seconds: Double(second)), isLast: isLast),
            observations: [gap(Double(second) - 0.5, stage)], checkpoint: Data("\(stage)@\(second)".utf8)))
      }
      waiting[stage] = deliveries
    }
    let all = waiting.values.flatMap { $0 }
    var aligner = EpochAligner(stages: stages)
    var epochs: [AlignedEpoch] = []
    while let stage = stages.filter({ !(waiting[$0]?.isEmpty ?? true) }).randomElement(using: &random) {
      if let delivery = waiting[stage]?.removeFirst() { epochs += aligner.deliver(delivery) }
    }
    #expect(aligner.pending == 0)
    #expect(epochs.map(\.barrier) == Set(all.map(\.barrier)).sorted(), "seed \(seed)")
    for epoch in epochs {
      for stage in stages {
        let newest = all.filter { $0.stage == stage && $0.barrier <= epoch.barrier }.max { $0.barrier < $1.barrier }
        #expect(epoch.checkpoints[stage] == newest?.checkpoint, "seed \(seed): the state of \(stage) at \(epoch.barrier.time)")
      }
      let expected = all.filter { $0.barrier == epoch.barrier }.flatMap(\.observations)
      #expect(epoch.observations.count == expected.count, "seed \(seed)")
      #expect(epoch.observations.map(\.range.start) == expected.map(\.range.start).sorted(), "seed \(seed)")
    }
  }

  @Test("an epoch waits for the slowest stage")
  func waitsForSlowest() {
    var aligner = EpochAligner(stages: ["speech", "vision"])
    func delivery(_ stage: String, _ second: Double) -> StageDelivery {
      StageDelivery(stage: stage, barrier: Barrier(time: MediaTime(seconds: second)), observations: [], checkpoint: nil)
    }
    #expect(aligner.deliver(delivery("vision", 1)).isEmpty)
    #expect(aligner.deliver(delivery("vision", 2)).isEmpty)
    #expect(aligner.pending == 2)
    #expect(aligner.deliver(delivery("speech", 1)).map(\.barrier.time.seconds) == [1])
    #expect(aligner.deliver(delivery("speech", 2)).map(\.barrier.time.seconds) == [2])
  }
}
