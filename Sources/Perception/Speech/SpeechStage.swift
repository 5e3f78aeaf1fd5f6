import Core
import Foundation
import Media
import Neural

/// Writes down what is said: finds speech with a voice detector, transcribes it stretch by stretch, and reports utterances with word times.
///
/// A deterministic function of the sound and of the checkpoint it was restored from. It stores no sound: a restored stage is fed again from
/// `replayFrom`, and runs no model before the position it had reached.
/// *Isolation* its own queue; blocks for as long as Whisper takes, about 0.1 to 0.2 s per second of speech.
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

  private let configuration: SpeechConfiguration
  private let detector: SileroVoiceActivity
  private let whisper: Whisper
  private var state: State
  /// Sound from sample `bufferStart` of the stream on.
  private var buffer: [Float] = []
  private var bufferStart = 0

  /// - Parameter checkpoint: what `checkpoint()` returned; nil starts afresh.
  /// *Throws* `unavailable` when a model is not installed, `misconfigured` for impossible settings, `corruptInput` for a broken checkpoint;
  /// `NeuralError` when a model's files are broken.
  package init(
    library: ModelLibrary, configuration: SpeechConfiguration = SpeechConfiguration(), restoring checkpoint: Data? = nil
  ) throws {
    guard configuration.longest >= 5, configuration.longest + 2 * configuration.padding <= 30, configuration.padding >= 0 else {
      throw PerceptionError(.misconfigured, "speech: 'longest' must be at least 5 s, and with 'padding' on both sides at most 30 s")
    }
    self.configuration = configuration
    detector = try SileroVoiceActivity(folder: library.installedFolder(of: configuration.voiceModel, for: "hearing speech"))
    whisper = try Whisper(folder: library.installedFolder(of: configuration.model, for: "hearing speech"))
    if let language = configuration.language, !whisper.languages.isEmpty, !whisper.languages.contains(language) {
      throw PerceptionError(
        .misconfigured, "speech: the model \(configuration.model) knows no language '\(language)'; it knows \(whisper.languages.sorted())")
    }
    state = try Self.state(from: checkpoint)
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

  /// - Parameter chunk: follows the one before it; when it begins later, there is a hole, and what was being said ends before it.
  /// *Throws* `CancellationError` when the task is cancelled, `NeuralError` from the models.
  package func process(_ chunk: AudioChunk) throws -> [Observation] {
    let start = Int(chunk.start.nanoseconds / 62_500)
    var observations: [Observation] = []
    if buffer.isEmpty {
      bufferStart = start
      // A hole right where the last run stopped.
      if let position = state.position, start > position { observations += try end(at: position) }
    } else if start > bufferStart + buffer.count {
      observations += try end(at: bufferStart + buffer.count)
      (buffer, bufferStart) = ([], start)
    }
    let known = bufferStart + buffer.count - start
    guard known < chunk.samples.count else { return observations }
    buffer += chunk.samples[max(0, known)...]
    var position = state.position ?? start
    while position + SileroVoiceActivity.window <= bufferStart + buffer.count {
      let window = position..<position + SileroVoiceActivity.window
      observations += try hear(buffer[position - bufferStart..<window.upperBound - bufferStart], window: window)
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
  package func finish() throws -> [Observation] {
    defer { (buffer, bufferStart, state) = ([], 0, State()) }
    return state.position == nil ? [] : try end(at: bufferStart + buffer.count)
  }

  /// The state between two chunks: about 4 kB.
  package func checkpoint() throws(PerceptionError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do { return try encoder.encode(state) } catch { throw PerceptionError(.corruptInput, "saving the speech stage: \(error)") }
  }

  private func hear(_ samples: ArraySlice<Float>, window: Range<Int>) throws -> [Observation] {
    let probability = detector.probability(of: samples, state: &state.voice)
    return try state.segmenter.step(probability, window: window, configuration: configuration).flatMap(transcribe)
  }

  /// The sound ends or has a hole at `end`: the rest of a window is heard with silence after it.
  private func end(at end: Int) throws -> [Observation] {
    var observations: [Observation] = []
    if let position = state.position, position < end, position >= bufferStart {
      let rest = buffer[(position - bufferStart)...] + [Float](repeating: 0, count: SileroVoiceActivity.window - (end - position))
      observations += try hear(ArraySlice(Array(rest)), window: position..<end)
    }
    observations += try state.segmenter.finish(at: end, configuration: configuration).flatMap(transcribe)
    state.position = nil
    state.voice = SileroVoiceActivity.State()
    return observations
  }

  private func transcribe(_ stretch: SpeechSegmenter.Stretch) throws -> [Observation] {
    let start = max(bufferStart, stretch.start - (stretch.beginsCut ? 0 : padding))
    let end = min(bufferStart + buffer.count, stretch.end + (stretch.endsCut ? 0 : padding))
    guard start < end else { return [] }
    let seconds = Double(stretch.spans.reduce(0) { $0 + $1.count }) / 16_000
    var options = Whisper.Options()
    options.beamSize = configuration.beamSize
    options.language = configuration.language ?? settledLanguage(for: seconds)
    let transcript = try whisper.transcribe(Array(buffer[start - bufferStart..<end - bufferStart]), options: options)
    let observations = Utterances.observations(
      of: transcript, origin: start, spans: stretch.spans, configuration: configuration)
    if options.language == nil, !observations.isEmpty {
      state.languages[transcript.language, default: 0] += seconds * Double(transcript.languageProbability)
    }
    return observations
  }

  /// The language most speech so far was in, for a stretch too short to tell by itself; nil finds out.
  private func settledLanguage(for seconds: Double) -> String? {
    guard seconds < 5 else { return nil }
    return state.languages.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
