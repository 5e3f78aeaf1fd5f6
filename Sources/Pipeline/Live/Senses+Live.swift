import Core
import Foundation
import Media
import Memory
import Perception

extension Senses {
  /// All stages that are on, for one live stream among several: what a source sends may change while it is followed.
  ///
  /// Nothing is restored: what was in the middle when an earlier run ended cannot be heard again. The models are those of all streams, the
  /// state is each stream's own.
  func live(_ configuration: LiveConfiguration, overload: Overload, time: LiveTime) async throws -> LiveLanes {
    var setup = Setup()
    if let vision = await vision?.sibling() {
      setup.add(
        pictures: VisionStage.renditions,
        to: Stage(
          name: "vision", input: Pipeline.Wiring.frames(configuration.frames), meter: StageMeter("vision"),
          process: { try await vision.process($0) }, finish: { await vision.finish() }, checkpoint: { nil },
          adopt: { await vision.adopt($0.vision.stage) }))
    }
    if let text = try textStage(nil, isLive: true) {
      setup.add(
        pictures: TextStage.renditions,
        to: Stage(
          name: "text", input: Pipeline.Wiring.frames(configuration.frames), meter: StageMeter("text"),
          process: { try await text.process($0) }, finish: { await text.finish() }, checkpoint: { nil },
          adopt: { await text.adopt($0.text.stage) }))
    }
    let speech = try await speechStage(configuration)
    if let speech {
      let input = Pipeline.Wiring.chunks(configuration.sound)
      setup.add(
        Stage(
          name: "speech", input: input, meter: StageMeter("speech"),
          process: {
            let hurry = SpeechHurry(waiting: Pipeline.Wiring.seconds(in: input), isGreedy: overload.level >= .beam)
            return try await speech.process($0, hurry: hurry)
          },
          finish: {
            let found = try await speech.finish()
            guard let range = await speech.unheard else { return found }
            return found + [Observation(range: range, content: .gap(Outage.text(range, "sound was not listened to", "stopped", time)))]
          }, checkpoint: { nil }),
        from: .zero)
    }
    if let sound = await sound?.sibling() {
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
    return LiveLanes(setup) { await speech?.end(by: $0) }
  }
}

extension Pipeline.Wiring {
  /// How much sound waits in a channel, in seconds.
  static func seconds(in input: Stage<AudioChunk>.Input) -> Double {
    Double(input.levels.bytes) / Double(AudioChunk.sampleRateHertz * MemoryLayout<Float>.stride)
  }
}
