import Core
import Foundation
import Media
import Memory
import Perception

extension Senses {
  /// All stages that are on, for one live stream among several: what a source sends may change while it is followed.
  ///
  /// Nothing is restored: what was in the middle when an earlier run ended cannot be heard again.
  func live(_ configuration: LiveConfiguration) async throws -> LiveLanes {
    var setup = Setup()
    if let vision {
      setup.add(
        pictures: VisionStage.renditions,
        to: Stage(
          name: "vision", input: Pipeline.Wiring.frames(configuration.frames), meter: StageMeter("vision"),
          process: { try await vision.process($0) }, finish: { [] }, checkpoint: { nil },
          adopt: { await vision.adopt($0.vision.stage) }))
    }
    if let text = try textStage(nil) {
      setup.add(
        pictures: TextStage.renditions,
        to: Stage(
          name: "text", input: Pipeline.Wiring.frames(configuration.frames), meter: StageMeter("text"),
          process: { try await text.process($0) }, finish: { await text.finish() }, checkpoint: { nil },
          adopt: { await text.adopt($0.text.stage) }))
    }
    if let speech = try await speechStage(joinGap: configuration.joinGap) {
      setup.add(
        Stage(
          name: "speech", input: Pipeline.Wiring.chunks(configuration.sound), meter: StageMeter("speech"),
          process: { try await speech.process($0) }, finish: { try await speech.finish() }, checkpoint: { nil }),
        from: .zero)
    }
    if let sound = try soundStage() {
      setup.add(
        Stage(
          name: "sound", input: Pipeline.Wiring.chunks(configuration.sound), meter: StageMeter("sound"),
          process: { try await sound.process($0) }, finish: { await sound.finish() }, checkpoint: { nil },
          adopt: { await sound.adopt($0.sound.stage) }),
        from: .zero)
    }
    guard !setup.wiring.lanes.isEmpty else {
      throw PipelineError(
        .badModel, code: .unavailable, "no model is installed that could watch or listen; scripts/fetch-models installs them")
    }
    return LiveLanes(setup, narrow: nil)
  }
}
