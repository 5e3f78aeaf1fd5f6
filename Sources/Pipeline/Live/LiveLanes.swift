import Core
import Media
import Perception

/// The stages of a live stream behind their channels, and how items are dealt out to them without ever waiting for one.
struct LiveLanes: Sendable {
  var wiring: Pipeline.Wiring
  var renditions: [Rendition]
  /// Lets what is written down of speech end by a moment.
  private let hush: @Sendable (ContinuousClock.Instant) async -> Void
  private var droppedSound: [String: Int] = [:]
  private var frameNumber = 0
  /// Stages that a later pipeline switched off: they are told how time passes, and nothing else.
  private var off: Set<String> = []
  /// Sound that gave way, as far as it is not remembered yet.
  private(set) var loss: TimeRange?
  private var lossGrew = false
  /// How far of it was told while it grew.
  private var lossTold: MediaTime?
  private static let lossStep = MediaTime(seconds: 5)

  /// One picture in this many is looked at when vision is shed.
  private static let sparse = 4
  /// Seconds of sound that may wait before something is left out.
  private static let patience = 15.0

  init(_ setup: Senses.Setup, hush: @escaping @Sendable (ContinuousClock.Instant) async -> Void) {
    wiring = setup.wiring
    renditions = setup.renditions
    self.hush = hush
  }

  /// Whether the next frame is looked at at all.
  mutating func takesFrame(shedding: Shedding.Level) -> Bool {
    frameNumber += 1
    return shedding < .vision || frameNumber.isMultiple(of: Self.sparse)
  }

  /// A barrier follows every item: what a stage makes of it is handed over at once.
  func deal(_ frame: VideoFrame, shedding: Shedding.Level) async throws {
    for stage in wiring.video where shedding < .text || stage.name != "text" {
      var share = frame
      if let range = wiring.pictures[stage.name] { share.pictures = Array(frame.pictures[range]) }
      if !off.contains(stage.name) { try await stage.input.send(.item(share)) }
      try await stage.input.send(.barrier(Barrier(time: frame.range.end)))
    }
  }

  func deal(_ chunk: AudioChunk) async throws {
    for stage in wiring.sound {
      if !off.contains(stage.name) { try await stage.input.send(.item(chunk)) }
      try await stage.input.send(.barrier(Barrier(time: chunk.range.end)))
    }
  }

  /// Switches stages on and off. Their thresholds are theirs to take over.
  mutating func adopt(_ configuration: PipelineConfiguration) {
    let isOn = [
      "vision": configuration.vision.isEnabled, "text": configuration.text.isEnabled, "speech": configuration.speech.isEnabled,
      "sound": configuration.sound.isEnabled,
    ]
    off = Set(isOn.filter { !$0.value }.keys)
  }

  /// Sees what had to give way to a chunk.
  mutating func noteLosses(length: MediaTime) {
    for stage in wiring.sound {
      let levels = stage.input.levels
      let lost = levels.dropped - (droppedSound[stage.name] ?? 0)
      guard lost > 0, let time = levels.lastDropped else { continue }
      let start = time - MediaTime(nanoseconds: length.nanoseconds * Int64(lost - 1))
      let range = TimeRange(start: start, end: time + length)
      loss = loss.map { $0.union(range) } ?? range
      lossGrew = true
      droppedSound[stage.name] = levels.dropped
    }
  }

  /// The loss to remember: one that is over, as nothing was lost since the last time, and every few seconds one that goes on.
  mutating func takeLoss() -> TimeRange? {
    defer { lossGrew = false }
    guard let found = loss else { return nil }
    if lossGrew {
      guard found.end - (lossTold ?? found.start) >= Self.lossStep else { return nil }
      lossTold = found.end
    } else {
      (loss, lossTold) = (nil, nil)
    }
    return found
  }

  /// Carries lanes along that have had nothing for a while.
  func pass(_ time: MediaTime, pictures: Bool, sound: Bool) async throws {
    if pictures { for stage in wiring.video { try await stage.input.send(.barrier(Barrier(time: time))) } }
    if sound { for stage in wiring.sound { try await stage.input.send(.barrier(Barrier(time: time))) } }
  }

  func tell(_ observations: [Observation], at time: MediaTime, isLast: Bool = false) async throws {
    try await wiring.deliveries.send(
      StageDelivery(
        stage: Pipeline.Wiring.sourceName, barrier: Barrier(time: time, isLast: isLast), observations: observations, checkpoint: nil))
  }

  /// Nothing follows.
  ///
  /// - Parameter deadline: what has not been listened to by then is left out, and remembered as such.
  func finish(at time: MediaTime, by deadline: ContinuousClock.Instant? = nil) async throws {
    if let deadline { await hush(deadline) }
    let last = Barrier(time: time, isLast: true)
    for stage in wiring.video {
      try await stage.input.send(.barrier(last))
      stage.input.finish()
    }
    for stage in wiring.sound {
      try await stage.input.send(.barrier(last))
      stage.input.finish()
    }
    try await tell([], at: time, isLast: true)
  }

  /// Whether a stage has about as much before it as may wait.
  var isFilling: Bool {
    wiring.video.contains { $0.input.levels.depth > 6 } || wiring.sound.contains { Pipeline.Wiring.seconds(in: $0.input) > Self.patience }
  }

  var depths: [String: Int] {
    var depths: [String: Int] = [:]
    for stage in wiring.video { depths[stage.name] = stage.input.levels.depth }
    for stage in wiring.sound { depths[stage.name] = stage.input.levels.depth }
    return depths
  }

  var droppedFrames: Int { wiring.video.map(\.input.levels.dropped).max() ?? 0 }
  var droppedChunks: Int { wiring.sound.map(\.input.levels.dropped).max() ?? 0 }

  var stageSeconds: [String: Double] {
    Dictionary(
      uniqueKeysWithValues: wiring.video.map { ($0.name, $0.meter.busy.seconds) } + wiring.sound.map { ($0.name, $0.meter.busy.seconds) })
  }
}
