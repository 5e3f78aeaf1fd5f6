import Core
import Foundation

/// What travels to a stage.
enum StageInput<Item: Sendable>: Sendable {
  case item(Item)
  case barrier(Barrier)
}

/// A stage of perception at the end of its channel: takes items in, and hands over what it found at every barrier.
struct Stage<Item: Sendable>: Sendable {
  typealias Input = BoundedChannel<StageInput<Item>>

  var name: String
  var input: Input
  var meter: StageMeter
  var process: @Sendable (Item) async throws -> [Observation]
  var finish: @Sendable () async throws -> [Observation]
  var checkpoint: @Sendable () async throws -> Data?
  /// Goes on with other thresholds, from its next item on.
  var adopt: @Sendable (PipelineConfiguration) async -> Void = { _ in }

  /// Runs until the last barrier.
  func run(into deliveries: BoundedChannel<StageDelivery>) async throws {
    var found: [Observation] = []
    while let next = try await input.receive() {
      switch next {
      case .item(let item): found += try await meter.measure { try await process(item) }
      case .barrier(let barrier):
        if barrier.isLast { found += try await meter.measure { try await finish() } }
        let checkpoint = try await checkpoint()
        try await deliveries.send(StageDelivery(stage: name, barrier: barrier, observations: found, checkpoint: checkpoint))
        found = []
      }
    }
  }
}
