import Core
import Foundation
import Media
import Neural

/// Hears what is not speech: names sounds, with the time each of them lasted.
///
/// A deterministic function of the sound and of the checkpoint it was restored from. It stores no sound: a restored stage is fed again from
/// `replayFrom`, and hears nothing twice.
/// *Isolation* its own queue. *Complexity* four windows a second of sound, about 2 ms each.
package actor SoundStage {
  private let executor = QueueExecutor("afterimage.sound")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Samples from one window to the next: half of what YAMNet's own front end takes, because a window that holds a short sound whole hears it
  /// better than two that share it.
  static let hop = YAMNet.hop / 2
  /// How far into a window a sound must reach to be heard by it, samples: so the first window that hears a sound ends this long after the
  /// sound began, and the last one begins this long before it ended.
  static let reach = 12_400
  /// What is said, and where: other stages tell what is said, and the room is not an event.
  static let unreported: Set<String> = [
    "Speech", "Child speech, kid speaking", "Conversation", "Narration, monologue", "Babbling", "Speech synthesizer", "Silence",
    "Inside, small room", "Inside, large room or hall", "Inside, public space", "Outside, urban or manmade", "Outside, rural or natural",
  ]

  private struct State: Codable {
    /// The start of the next window; nil before any sound.
    var position: Int?
    /// Whether a window was heard since the sound began, or began again after a hole.
    var hasHeard = false
    var tracker = SoundTracker()
  }

  private var configuration: SoundConfiguration
  private let folder: URL
  private let network: YAMNet
  private let reported: [Bool]
  /// nil when the sentence model is not installed.
  private let sentenceFolder: URL?
  private var vectors: LabelVectors?
  private var state: State
  /// Sound from sample `bufferStart` of the stream on.
  private var buffer: [Float] = []
  private var bufferStart = 0

  /// - Parameter checkpoint: what `checkpoint()` returned; nil starts afresh.
  /// *Throws* `unavailable` when the model is not installed, `corruptInput` for a broken checkpoint; `NeuralError` when the model's files
  /// are broken. Without the sentence model, sounds have no vector.
  package init(
    library: ModelLibrary, configuration: SoundConfiguration = SoundConfiguration(), restoring checkpoint: Data? = nil
  ) throws {
    self.configuration = configuration
    folder = try library.installedFolder(of: configuration.model, for: "naming sounds")
    network = try YAMNet(folder: folder)
    reported = network.labels.map { !Self.unreported.contains($0) }
    sentenceFolder = library.isInstalled(configuration.sentenceModel) ? library.folder(of: configuration.sentenceModel) : nil
    state = try Self.state(from: checkpoint)
  }

  private init(
    _ configuration: SoundConfiguration, folder: URL, network: YAMNet, reported: [Bool], sentenceFolder: URL?, vectors: LabelVectors?
  ) {
    (self.configuration, self.folder, self.network, self.reported) = (configuration, folder, network, reported)
    (self.sentenceFolder, self.vectors, state) = (sentenceFolder, vectors, State())
  }

  /// A stage for another stream, with the model of this one.
  package func sibling() -> SoundStage {
    SoundStage(
      configuration, folder: folder, network: network, reported: reported, sentenceFolder: sentenceFolder, vectors: vectors)
  }

  private static func state(from checkpoint: Data?) throws -> State {
    do {
      return try checkpoint.map { try JSONDecoder().decode(State.self, from: $0) } ?? State()
    } catch {
      throw PerceptionError(.corruptInput, "restoring the sound stage: its saved state cannot be read (\(error))")
    }
  }

  /// Makes the vectors of the names, if they are not there yet: about 5 s the first time, milliseconds later. `process` does it when this
  /// was not called.
  ///
  /// - Parameter progress: told 0...1 while they are made; not called when they were there.
  /// *Throws* `CancellationError`.
  package func prepare(progress: @Sendable (Double) -> Void = { _ in }) throws {
    guard vectors == nil, let sentenceFolder else { return }
    let encoder = try SentenceEncoder(folder: sentenceFolder)
    vectors = try LabelVectors(
      folder: folder, texts: network.labels.map(Self.texts), digest: Self.digest(of: network.labels), encoder: encoder, progress: progress)
  }

  static func texts(about label: String) -> [String] { [label, "the sound of \(label)"] }
  static func digest(of labels: [String]) -> String { sha256(of: Array(labels.joined(separator: "\n").utf8)) }

  /// Turns to another stream, keeping the model.
  ///
  /// *Throws* `corruptInput` for a broken checkpoint; the stage is then as it was.
  package func begin(restoring checkpoint: Data? = nil) throws {
    state = try Self.state(from: checkpoint)
    (buffer, bufferStart) = ([], 0)
  }

  /// Where sound must be fed from again after a restore: the start of the window that was not complete.
  package var replayFrom: MediaTime { MediaTime(nanoseconds: Int64(state.position ?? 0) * 62_500) }

  /// - Parameter chunk: follows the one before it; when it begins later, there is a hole, and what was heard ends before it.
  /// - Returns: the sounds that have ended.
  /// *Throws* `NeuralError` from the models.
  package func process(_ chunk: AudioChunk) throws -> [Observation] {
    try prepare()
    let start = Int(chunk.start.nanoseconds / 62_500)
    var observations: [Observation] = []
    if buffer.isEmpty {
      bufferStart = start
      // A hole right where the last run stopped.
      if let position = state.position, start > position { observations += end() }
    } else if start > bufferStart + buffer.count {
      observations += end()
      (buffer, bufferStart) = ([], start)
    }
    let known = bufferStart + buffer.count - start
    guard known < chunk.samples.count else { return observations }
    buffer += chunk.samples[max(0, known)...]
    var position = state.position ?? start
    while position + YAMNet.window <= bufferStart + buffer.count {
      observations += hear(buffer[position - bufferStart..<position - bufferStart + YAMNet.window], at: position)
      position += Self.hop
    }
    state.position = position
    let unneeded = min(buffer.count, position - bufferStart)
    if unneeded > 0 {
      buffer.removeFirst(unneeded)
      bufferStart += unneeded
    }
    return observations
  }

  /// Other thresholds from the next chunk on; the models stay.
  package func adopt(_ configuration: SoundConfiguration) { self.configuration = configuration }

  /// Ends every open sound. The stage starts afresh after it.
  package func finish() -> [Observation] {
    defer { (buffer, bufferStart, state) = ([], 0, State()) }
    return state.position == nil ? [] : end()
  }

  /// The state between two chunks: about 3 kB.
  package func checkpoint() throws(PerceptionError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    do { return try encoder.encode(state) } catch { throw PerceptionError(.corruptInput, "saving the sound stage: \(error)") }
  }

  private func hear(_ window: ArraySlice<Float>, at position: Int) -> [Observation] {
    state.hasHeard = true
    let power = window.reduce(0) { $0 + $1 * $1 } / Float(window.count)
    guard power > powf(10, configuration.leastLevel / 10) else {
      return state.tracker.pause(at: position, configuration: configuration).map(observation)
    }
    return state.tracker.step(
      network.probabilities(of: window), reported: reported, at: position, hop: Self.hop, configuration: configuration
    ).map(observation)
  }

  /// The sound ends or has a hole where the buffer ends: sound too short for a window is heard with silence after it.
  private func end() -> [Observation] {
    var observations: [Observation] = []
    if let position = state.position, !state.hasHeard, buffer.count >= Self.hop {
      observations += hear(ArraySlice(buffer + [Float](repeating: 0, count: YAMNet.window - buffer.count)), at: position)
    }
    observations += state.tracker.finish().map(observation)
    (state.position, state.hasHeard) = (nil, false)
    return observations
  }

  private func observation(_ event: SoundTracker.Event) -> Observation {
    let (start, end) = (event.first + YAMNet.window - Self.reach, event.last + Self.reach)
    var sound = SoundEvent(name: network.labels[event.label], score: event.peak)
    if sound.isClear { sound.embedding = vectors?.embedding(of: event.label) }
    return Observation(
      range: TimeRange(start: MediaTime(nanoseconds: Int64(start) * 62_500), end: MediaTime(nanoseconds: Int64(end) * 62_500)),
      content: .sound(sound))
  }
}
