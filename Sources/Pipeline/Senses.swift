import Core
import Foundation
import Media
import Memory
import Perception
import Synchronization

/// The models of perception, loaded once and shared by every stream, whether they are watched one after the other or side by side.
///
/// A model that is not installed switches its stage off with one line; a model that is installed but broken is an error, because
/// silence about it would look like a stream in which nothing happened.
actor Senses {
  let library: ModelLibrary
  let configuration: PipelineConfiguration
  private var notices: [String] = []
  private var said: Set<String> = []
  let vision: VisionStage?
  private var speech: SpeechStage?
  let sound: SoundStage?
  let sentences: SentenceStage?

  /// *Throws* `PipelineError` when a model is broken.
  init(library: ModelLibrary, configuration: PipelineConfiguration) throws {
    self.library = library
    self.configuration = configuration
    let sentenceModel = configuration.sentences.model
    let visionModel = configuration.vision.stage.model
    if library.isInstalled(sentenceModel) {
      sentences = try Self.loading(sentenceModel) { try SentenceStage(library: library, model: sentenceModel) }
    } else {
      sentences = nil
      notices.append("\(sentenceModel) is not installed, so what is seen, read and said is found by its words only; \(Self.advice)")
    }
    if configuration.vision.isEnabled, library.isInstalled(visionModel) {
      vision = try Self.loading(visionModel) { try VisionStage(library: library, configuration: configuration.vision.stage) }
    } else {
      vision = nil
      if configuration.vision.isEnabled { notices.append("\(visionModel) is not installed, so pictures are not looked at; \(Self.advice)") }
    }
    let soundModel = configuration.sound.stage.model
    if configuration.sound.isEnabled, library.isInstalled(soundModel) {
      sound = try Self.loading(soundModel) { try SoundStage(library: library, configuration: configuration.sound.stage) }
    } else {
      sound = nil
      if configuration.sound.isEnabled { notices.append("\(soundModel) is not installed, so sounds are not named; \(Self.advice)") }
    }
  }

  static let advice = "scripts/fetch-models installs it"

  /// Makes what the models need once for all streams.
  ///
  /// - Parameter notice: told when that takes a while.
  func prepare(notice: @escaping @Sendable (String) -> Void) async throws {
    let isTold = Atomic<Bool>(false)
    let progress: @Sendable (Double) -> Void = { _ in
      guard !isTold.exchange(true, ordering: .relaxed) else { return }
      notice(
        "making the vectors of the labels that pictures and sounds are described with; this happens once and takes about half a minute")
    }
    try await vision?.prepare(progress: progress)
    try await sound?.prepare(progress: progress)
  }

  /// What the user should know, each line once.
  func takeNotices() -> [String] {
    defer { notices = [] }
    return notices
  }

  static func loading<Model>(_ model: String, _ load: () throws -> Model) throws -> Model {
    do { return try load() } catch {
      throw PipelineError(.badModel, code: .unavailable, "\(model): \(PipelineError.line(for: error))", cause: error)
    }
  }
}

extension Senses {
  /// What a stream is watched with.
  struct Setup: Sendable {
    var wiring = Pipeline.Wiring()
    var renditions: [Rendition] = []
    /// Where sound must be read again from: the earliest that a stage was restored in the middle of something.
    var audioFrom: MediaTime?
  }

  /// Puts the stages together that this input has something for, restored from a checkpoint.
  ///
  /// *Throws* `PipelineError` when there is nothing to perceive, or a stage cannot be restored.
  func setup(for input: MediaDescription, checkpoint: StreamCheckpoint?) async throws -> Setup {
    var setup = Setup()
    if input.video != nil {
      if let vision {
        try await vision.begin(restoring: checkpoint?.stageStates["vision"])
        setup.add(
          pictures: VisionStage.renditions,
          to: Stage(
            name: "vision", input: Pipeline.Wiring.frames(configuration.channels.frames), meter: StageMeter("vision"),
            process: { try await vision.process($0) }, finish: { await vision.finish() }, checkpoint: { try await vision.checkpoint() }))
      }
      if let text = try textStage(checkpoint?.stageStates["text"]) {
        setup.add(
          pictures: TextStage.renditions,
          to: Stage(
            name: "text", input: Pipeline.Wiring.frames(configuration.channels.frames), meter: StageMeter("text"),
            process: { try await text.process($0) }, finish: { await text.finish() }, checkpoint: { try await text.checkpoint() }))
      }
    }
    if input.chosenAudioTrack != nil, let speech = try await speechStage(checkpoint?.stageStates["speech"]) {
      await setup.add(
        Stage(
          name: "speech", input: Pipeline.Wiring.chunks(configuration.channels.sound), meter: StageMeter("speech"),
          process: { try await speech.process($0) }, finish: { try await speech.finish() }, checkpoint: { try await speech.checkpoint() }),
        from: speech.replayFrom)
    }
    if input.chosenAudioTrack != nil, let sound {
      try await sound.begin(restoring: checkpoint?.stageStates["sound"])
      await setup.add(
        Stage(
          name: "sound", input: Pipeline.Wiring.chunks(configuration.channels.sound), meter: StageMeter("sound"),
          process: { try await sound.process($0) }, finish: { await sound.finish() }, checkpoint: { try await sound.checkpoint() }),
        from: sound.replayFrom)
    }
    guard !setup.wiring.lanes.isEmpty else {
      throw PipelineError(
        .badInput, code: .corruptInput, "nothing in this file can be watched: it has no picture or sound that an enabled stage takes")
    }
    return setup
  }

  func textStage(_ state: Data?, isLive: Bool = false) throws -> TextStage? {
    guard configuration.text.isEnabled else { return nil }
    do { return try TextStage(configuration: configuration.text.stage, isLive: isLive, restoring: state) } catch {
      guard error.code == .unavailable else { throw error }
      notify("on-screen text is not read: \(error.message)")
      return nil
    }
  }

  /// A speech stage for one live stream, which writes down sooner what was said and shares its models with the others; nil when a model is
  /// missing.
  func speechStage(_ live: LiveConfiguration) async throws -> SpeechStage? {
    try await speechStage(nil).map { SpeechStage(sharing: $0, joinGap: live.joinGap, longest: live.longestSpeech) }
  }

  private func hasSpeech() -> Bool {
    guard configuration.speech.isEnabled else { return false }
    for model in [configuration.speech.stage.voiceModel, configuration.speech.stage.model] where !library.isInstalled(model) {
      notify("\(model) is not installed, so speech is not transcribed; \(Self.advice)")
      return false
    }
    return true
  }

  /// How many streams may have speech written down at the same time: a core is left for what is seen.
  private static let transcribers = max(1, ProcessInfo.processInfo.activeProcessorCount - 1)

  /// The one speech stage, turned to a stream that begins or goes on: its models are most of what watching takes in memory.
  private func speechStage(_ state: Data?) async throws -> SpeechStage? {
    guard hasSpeech() else { return nil }
    if let speech {
      try await speech.begin(restoring: state)
      return speech
    }
    let loaded = try Self.loading(configuration.speech.stage.model) {
      try SpeechStage(library: library, configuration: configuration.speech.stage, places: Self.transcribers, restoring: state)
    }
    speech = loaded
    return loaded
  }

  /// Says a line once per run.
  func notify(_ line: String) {
    guard said.insert(line).inserted else { return }
    notices.append(line)
  }
}

extension Senses.Setup {
  mutating func add(_ stage: Stage<AudioChunk>, from start: MediaTime) {
    wiring.sound.append(stage)
    audioFrom = min(audioFrom ?? start, start)
  }

  mutating func add(pictures wanted: [Rendition], to stage: Stage<VideoFrame>) {
    wiring.pictures[stage.name] = renditions.count..<(renditions.count + wanted.count)
    renditions += wanted
    wiring.video.append(stage)
  }
}
