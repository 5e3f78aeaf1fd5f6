import Core
import Foundation
import Media
import Neural

/// Writes down what is said: finds speech with a voice detector, transcribes it stretch by stretch, and reports utterances with word times.
///
/// A deterministic function of the sound and of the checkpoint it was restored from. It stores no sound: a restored stage is fed again from
/// `replayFrom`, and runs no model before the position it had reached.
/// *Isolation* its own queue. Whisper runs elsewhere, for about 0.1 to 0.2 s per second of speech: whoever feeds the stage waits for it and
/// calls nothing but `end` meanwhile.
package actor SpeechStage {
  private let executor = QueueExecutor("afterimage.speech")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private struct State: Codable {
    /// The next sample the voice detector hears; nil before any sound.
    var position: Int?
    var voice = SileroVoiceActivity.State()
    var segmenter = SpeechSegmenter()
    /// Seconds of speech heard in each language, weighted by how sure the model was.
    var languages: [String: Double] = [:]
  }

  private nonisolated let configuration: SpeechConfiguration
  /// The configuration without what makes a live stream's speech written down sooner.
  private nonisolated let thrifty: SpeechConfiguration
  private nonisolated let detector: SileroVoiceActivity
  private nonisolated let transcriber: Transcriber
  private var state: State
  /// Sound from sample `bufferStart` of the stream on.
  private var buffer: [Float] = []
  private var bufferStart = 0
  private var hurry = SpeechHurry()
  private var deadline: ContinuousClock.Instant?
  private var writing: Task<Transcript, any Error>?
  /// What was not listened to because the deadline had come; nil when that is nothing.
  package private(set) var unheard: TimeRange?

  /// - Parameters:
  ///   - places: how many of the stages that share this one's models may write at the same time.
  ///   - checkpoint: what `checkpoint()` returned; nil starts afresh.
  /// *Throws* `unavailable` when a model is not installed, `misconfigured` for impossible settings, `corruptInput` for a broken checkpoint;
  /// `NeuralError` when a model's files are broken.
  package init(
    library: ModelLibrary, configuration: SpeechConfiguration = SpeechConfiguration(), places: Int = 1, restoring checkpoint: Data? = nil
  ) throws {
    guard configuration.longest >= 5, configuration.longest + 2 * configuration.padding <= 30, configuration.padding >= 0 else {
      throw PerceptionError(.misconfigured, "speech: 'longest' must be at least 5 s, and with 'padding' on both sides at most 30 s")
    }
    (self.configuration, thrifty) = (configuration, configuration)
    detector = try SileroVoiceActivity(folder: library.installedFolder(of: configuration.voiceModel, for: "hearing speech"))
    let weights = try Whisper.Weights(folder: library.installedFolder(of: configuration.model, for: "hearing speech"))
    if let language = configuration.language, !weights.languages.isEmpty, !weights.languages.contains(language) {
      throw PerceptionError(
        .misconfigured, "speech: the model \(configuration.model) knows no language '\(language)'; it knows \(weights.languages.sorted())")
    }
    transcriber = Transcriber(weights, places: places)
    state = try Self.state(from: checkpoint)
  }

  /// A stage for another stream, with the models of this one.
  ///
  /// - Parameters:
  ///   - joinGap: in place of the configuration's, where that is longer and there is no hurry.
  ///   - longest: likewise.
  package init(sharing stage: SpeechStage, joinGap: Double, longest: Double) {
    var configuration = stage.configuration
    configuration.joinGap = min(configuration.joinGap, joinGap)
    configuration.longest = min(configuration.longest, longest)
    (self.configuration, thrifty) = (configuration, stage.thrifty)
    (detector, transcriber, state) = (stage.detector, stage.transcriber, State())
  }

  private static func state(from checkpoint: Data?) throws -> State {
    do {
      return try checkpoint.map { try JSONDecoder().decode(State.self, from: $0) } ?? State()
    } catch {
      throw PerceptionError(.corruptInput, "restoring the speech stage: its saved state cannot be read (\(error))")
    }
  }

  /// Turns to another stream, keeping the models: they are most of what a stage costs in memory and in time to make.
  ///
  /// *Throws* `corruptInput` for a broken checkpoint; the stage is then as it was.
  package func begin(restoring checkpoint: Data? = nil) throws {
    state = try Self.state(from: checkpoint)
    buffer = []
    bufferStart = 0
  }

  /// Where sound must be fed from again after a restore: the start of unfinished speech with its padding, or of what was not heard yet.
  package var replayFrom: MediaTime {
    MediaTime(nanoseconds: Int64(neededFrom) * 62_500)
  }

  private var neededFrom: Int {
    max(0, min(state.position ?? 0, state.segmenter.neededFrom ?? .max) - padding)
  }

  private var padding: Int { Int(configuration.padding * 16_000) }

  /// - Parameters:
  ///   - chunk: follows the one before it; when it begins later, there is a hole, and what was being said ends before it.
  ///   - hurry: how much there is to do besides. Without any, what comes out depends on the sound alone.
  /// *Throws* `CancellationError` when the task is cancelled, `NeuralError` from the models.
  package func process(_ chunk: AudioChunk, hurry: SpeechHurry = SpeechHurry()) async throws -> [Observation] {
    self.hurry = hurry
    guard !isOver else {
      leaveOut(chunk.range)
      return []
    }
    let start = Int(chunk.start.nanoseconds / 62_500)
    var observations: [Observation] = []
    if buffer.isEmpty {
      bufferStart = start
      // A hole right where the last run stopped.
      if let position = state.position, start > position { observations += try await end(at: position) }
    } else if start > bufferStart + buffer.count {
      observations += try await end(at: bufferStart + buffer.count)
      (buffer, bufferStart) = ([], start)
    }
    let known = bufferStart + buffer.count - start
    guard known < chunk.samples.count else { return observations }
    buffer += chunk.samples[max(0, known)...]
    var position = state.position ?? start
    while position + SileroVoiceActivity.window <= bufferStart + buffer.count {
      let window = position..<position + SileroVoiceActivity.window
      observations += try await hear(buffer[position - bufferStart..<window.upperBound - bufferStart], window: window)
      position = window.upperBound
      state.position = position
    }
    state.position = position
    let unneeded = neededFrom - bufferStart
    if unneeded > 0 {
      buffer.removeFirst(min(unneeded, buffer.count))
      bufferStart += unneeded
    }
    return observations
  }

  /// Ends what was being said. The stage starts afresh after it.
  package func finish() async throws -> [Observation] {
    defer { (buffer, bufferStart, state) = ([], 0, State()) }
    return state.position == nil ? [] : try await end(at: bufferStart + buffer.count)
  }

  /// From this moment on nothing is listened to any more; what is being written down then is left out as well.
  package func end(by deadline: ContinuousClock.Instant) {
    self.deadline = deadline
    Task {
      try? await Task.sleep(until: deadline)
      writing?.cancel()
    }
  }

  private var isOver: Bool { deadline.map { $0 <= .now } ?? false }

  private func leaveOut(_ range: TimeRange) { unheard = unheard?.union(range) ?? range }

  /// The state between two chunks: about 4 kB.
  package func checkpoint() throws(PerceptionError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do { return try encoder.encode(state) } catch { throw PerceptionError(.corruptInput, "saving the speech stage: \(error)") }
  }

  private func hear(_ samples: ArraySlice<Float>, window: Range<Int>) async throws -> [Observation] {
    let probability = detector.probability(of: samples, state: &state.voice)
    let cutting = hurry.chosen(prompt: configuration, thrifty: thrifty)
    return try await transcribe(state.segmenter.step(probability, window: window, configuration: cutting))
  }

  /// The sound ends or has a hole at `end`: the rest of a window is heard with silence after it.
  private func end(at end: Int) async throws -> [Observation] {
    var observations: [Observation] = []
    if let position = state.position, position < end, position >= bufferStart {
      let rest = buffer[(position - bufferStart)...] + [Float](repeating: 0, count: SileroVoiceActivity.window - (end - position))
      observations += try await hear(ArraySlice(Array(rest)), window: position..<end)
    }
    observations += try await transcribe(state.segmenter.finish(at: end, configuration: configuration))
    state.position = nil
    state.voice = SileroVoiceActivity.State()
    return observations
  }

  private func transcribe(_ stretches: [SpeechSegmenter.Stretch]) async throws -> [Observation] {
    var observations: [Observation] = []
    for stretch in stretches { observations += try await transcribe(stretch) }
    return observations
  }

  private func transcribe(_ stretch: SpeechSegmenter.Stretch) async throws -> [Observation] {
    let start = max(bufferStart, stretch.start - (stretch.beginsCut ? 0 : padding))
    let end = min(bufferStart + buffer.count, stretch.end + (stretch.endsCut ? 0 : padding))
    guard start < end else { return [] }
    let seconds = Double(stretch.spans.reduce(0) { $0 + $1.count }) / 16_000
    var options = Whisper.Options()
    options.beamSize = hurry.isGreedy ? 1 : configuration.beamSize
    if hurry.isGreedy { options.temperatures = [0] }
    options.language = configuration.language ?? settledLanguage(for: seconds)
    guard let transcript = try await write(Array(buffer[start - bufferStart..<end - bufferStart]), options) else {
      leaveOut(
        TimeRange(start: MediaTime(nanoseconds: Int64(stretch.start) * 62_500), end: MediaTime(nanoseconds: Int64(stretch.end) * 62_500)))
      return []
    }
    let observations = Utterances.observations(
      of: transcript, origin: start, spans: stretch.spans, configuration: configuration)
    if options.language == nil, !observations.isEmpty {
      state.languages[transcript.language, default: 0] += seconds * Double(transcript.languageProbability)
    }
    return observations
  }

  /// - Returns: nil when the deadline came before the end.
  private func write(_ samples: [Float], _ options: Whisper.Options) async throws -> Transcript? {
    guard !isOver else { return nil }
    let since = ContinuousClock.now - .seconds(hurry.waiting)
    let transcriber = transcriber
    let task = Task { try await transcriber.transcribe(samples, options: options, since: since) }
    writing = task
    defer { writing = nil }
    do {
      return try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
    } catch is CancellationError where isOver && !Task.isCancelled {
      return nil
    }
  }

  /// The language most speech so far was in, for a stretch too short to tell by itself; nil finds out.
  private func settledLanguage(for seconds: Double) -> String? {
    guard seconds < 5 else { return nil }
    return state.languages.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
