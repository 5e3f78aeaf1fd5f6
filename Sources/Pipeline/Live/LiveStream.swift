import Core
import Foundation
import Media
import Memory
import Perception

/// Follows one live source for as long as it is told to: connects, perceives, remembers, and connects again whatever happens to the signal.
///
/// One loop takes in everything that happens, from the connection and from the clock, in order; what can block does so elsewhere.
actor LiveStream {
  let id: StreamID
  let source: LiveSource
  let options: LiveOptions
  let configuration: LiveConfiguration
  let store: MemoryStore
  let sentences: SentenceStage?
  let overload: Overload
  let alerts: AlertWatch
  let report: @Sendable (TailEvent) -> Void
  let known: StreamRecord?

  let signals = BoundedChannel<LiveSignal>(limits: ChannelLimits(count: 64))
  let time: LiveTime
  var lanes: LiveLanes
  var state = State.connecting(since: .now)
  var connection: LiveConnection?
  var connections = 0
  var backoff: Backoff
  var outages: Outages
  var hasOpened = false
  var isStopping = false
  private var deadline: ContinuousClock.Instant?
  var endsForGood = false
  /// The end of what was dealt out, and of each lane.
  var reached: MediaTime
  var reachedPictures: MediaTime?
  var reachedSound: MediaTime?
  var lastMedia = ContinuousClock.now
  var goodSince: ContinuousClock.Instant?
  var flushedOutage = false
  /// Whether media comes in bursts by nature, so that a pause in its arrival says nothing.
  var sendsInBursts = false
  /// Whether what comes first belongs to a certain moment and not to that of its arrival.
  var isAnchored = false
  var droppedBefore = 0
  var status: TailStatus
  var earlier = TailStatus(stream: StreamID(""))
  var noticer: Noticer

  enum State {
    case connecting(since: ContinuousClock.Instant)
    case live
    /// Open, and nothing comes.
    case quiet
    case waiting(until: ContinuousClock.Instant)
    case over
  }

  /// How often the clock is looked at, and how long a connection may take beyond its own deadlines before it is left behind.
  static let tick = Duration.milliseconds(250)
  static let grace = Duration.seconds(3)

  init(
    _ id: StreamID, source: LiveSource, options: LiveOptions, configuration: LiveConfiguration, lanes: LiveLanes, time: LiveTime,
    known: StreamRecord?, store: MemoryStore, sentences: SentenceStage?, overload: Overload, alerts: AlertWatch,
    report: @escaping @Sendable (TailEvent) -> Void
  ) {
    (self.id, self.source, self.configuration, self.lanes, self.known) = (id, source, configuration, lanes, known)
    (self.store, self.sentences, self.overload, self.alerts, self.report) = (store, sentences, overload, alerts, report)
    var options = options
    options.renditions = lanes.renditions
    options.video = !lanes.wiring.video.isEmpty
    if lanes.wiring.sound.isEmpty { options.audioTrack = .none }
    self.options = options
    reached = known?.upTo ?? .zero
    self.time = time
    outages = Outages(from: known == nil ? .zero : max(time.now, reached))
    backoff = Backoff(configuration)
    status = TailStatus(stream: id)
    noticer = Noticer(id)
  }

  /// Follows the source until it is told to stop or the source ends for good.
  ///
  /// *Throws* what keeps the memory or a stage from going on; a fault of the source never does.
  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      let signals = self.signals
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: Self.tick)
          if signals.levels.depth < 32 { try? await signals.send(.tick) }
        }
      }
      connect()
      do {
        while !isOver, let signal = try await signals.receive() {
          if case .opened(let number, let description, _) = signal, number == connection?.number, !hasOpened {
            try await begin(description)
            startStages(in: &group)
          }
          try await take(signal)
        }
      } catch {
        connection?.cancel()
        group.cancelAll()
        throw error
      }
      connection?.cancel()
      status.phase = .ended
      if hasOpened { try await close() }
      tellStatus()
      group.cancelAll()
    }
  }

  var stageTasks: Task<Void, any Error>?

  /// Stops reading and lets what was read be remembered; in a hurry, what was said only as far as it can be written down soon.
  func stop(inHurry: Bool = false) {
    isStopping = true
    if inHurry { deadline = .now + configuration.farewell }
    connection?.cancel()
  }

  /// Goes on with another configuration, from what arrives next on.
  func adopt(_ configuration: PipelineConfiguration) async {
    lanes.adopt(configuration)
    let wiring = lanes.wiring
    for stage in wiring.video { await stage.adopt(configuration) }
    for stage in wiring.sound { await stage.adopt(configuration) }
  }

  private var isOver: Bool {
    if case .over = state { return true }
    return isStopping
  }

  // MARK: Beginning and ending

  private func begin(_ description: MediaDescription) async throws {
    hasOpened = true
    let startedAt = time.begin()
    let hasPicture = description.video != nil && !lanes.wiring.video.isEmpty
    let place = SourceDescription(
      path: source.kind == .file ? URL(fileURLWithPath: source.display).path : source.display,
      fingerprint: known?.source.fingerprint ?? Self.fingerprint(of: source), hasVideo: hasPicture,
      hasSound: description.chosenAudioTrack != nil, startedAt: startedAt)
    do { _ = try await store.open(stream: id, source: place) } catch let error as MemoryError {
      throw MemoryReading.failure(error, opening: .writing)
    }
    noticer.hasPicture = hasPicture
    guard let known, known.upTo > .zero, !isAnchored else { return outages.begin(at: reached) }
    // What is missed while the program runs is an outage; before that nobody watched.
    outages.begin(at: outages.current == nil ? time.now : outages.end)
    let missed = TimeRange(start: known.upTo, end: max(outages.end, known.upTo))
    reached = missed.end
    let text = Outage.text(missed, "not watched", nil, time)
    try await lanes.tell([Observation(range: missed, content: .gap(text))], at: missed.end)
  }

  static func fingerprint(of source: LiveSource) -> String { SourceDescription.livePrefix + source.display }

  private func startStages(in group: inout ThrowingTaskGroup<Void, any Error>) {
    let (wiring, signals) = (lanes.wiring, signals)
    let leading = Set((noticer.hasPicture ? wiring.video.filter { $0.name == "vision" }.map(\.name) : wiring.sound.map(\.name)))
    let committer = LiveCommitter(
      stream: id, store: store, sentences: sentences, deliveries: wiring.deliveries, leading: leading, stages: Set(wiring.stageNames),
      start: reached, report: { await self.remembered($0) })
    func guarded(_ work: @escaping @Sendable () async throws -> Void) -> @Sendable () async throws -> Void {
      {
        do { try await work() } catch is CancellationError { return } catch {
          // Whoever waits to hand something over must not wait for ever.
          wiring.deliveries.fail(error)
          try? await signals.send(.failed(error))
          throw error
        }
      }
    }
    let task = Task {
      try await withThrowingTaskGroup(of: Void.self) { stages in
        for stage in wiring.video { stages.addTask(operation: guarded { try await stage.run(into: wiring.deliveries) }) }
        for stage in wiring.sound { stages.addTask(operation: guarded { try await stage.run(into: wiring.deliveries) }) }
        stages.addTask(operation: guarded { try await committer.run { await self.endsForGood } })
        try await stages.waitForAll()
      }
    }
    stageTasks = task
    group.addTask {
      try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
    }
  }

  /// Lets the stages finish what they have.
  private func close() async throws {
    let end = outages.current == nil ? reached : max(time.now, reached)
    try await carryOut(outages.finish(at: end))
    if let loss = lanes.loss { try await tell(loss) }
    try await lanes.finish(at: end, by: deadline)
    try await stageTasks?.value
  }

  // MARK: What happens

  private func take(_ signal: LiveSignal) async throws {
    switch signal {
    case .tick: try await tick()
    case .failed(let error): throw error
    case .opened(let number, let description, let leftOver):
      guard number == connection?.number else { return }
      state = .live
      lastMedia = .now
      outages.connect(at: time.now)
      sendsInBursts = source.kind == .file || Self.segmented.contains(description.container)
      goodSince = .now
      for option in leftOver {
        report(.notice(id, "FFmpeg did not take the option '\(option)' for \(source.display)"))
      }
      report(.connected(id, description: Self.text(description), from: time.now))
    case .media(let number, let batch):
      guard number == connection?.number else { return }
      try await take(batch)
    case .lost(let number, let fault):
      guard number == connection?.number else { return }
      try await lose(fault)
    }
  }

  /// Formats that are fetched piece by piece.
  private static let segmented: Set<String> = ["hls", "dash"]

  private static func text(_ description: MediaDescription) -> String {
    let picture = description.video.map { "\($0.codec) \($0.width)x\($0.height)" }
    let sound = description.audioTracks.first { $0.index == description.chosenAudioTrack }.map { "\($0.codec) \($0.sampleRateHertz) Hz" }
    return [picture, sound].compactMap { $0 }.joined(separator: ", ")
  }

  private func take(_ batch: LiveBatch) async throws {
    status.received = earlier.received + batch.bytes
    status.corruptPackets = earlier.corruptPackets + batch.corruptPackets
    status.undecodable =
      earlier.undecodable + batch.statistics.pictures.packetsUndecodable + batch.statistics.sound.packetsUndecodable
    status.jumps = earlier.jumps + batch.jumps
    for range in batch.stretches {
      lastMedia = .now
      if case .quiet = state { state = .live }
      if status.phase == .connecting, !batch.items.isEmpty { status.phase = .live }
      try await carryOut(outages.come(range, at: time.now))
    }
    for item in batch.items {
      if isStopping { return }
      try await waitWhileAhead(of: item)
      switch item {
      case .frame(let frame):
        reachedPictures = max(reachedPictures ?? .zero, frame.time)
        reached = max(reached, frame.range.end)
        let level = overload.level
        if lanes.takesFrame(shedding: level) { try await lanes.deal(frame, shedding: level) }
      case .audio(let chunk):
        reachedSound = max(reachedSound ?? .zero, chunk.range.end)
        reached = max(reached, chunk.range.end)
        try await lanes.deal(chunk)
        lanes.noteLosses(length: chunk.range.duration)
      case .gap(let range, let reason):
        reached = max(reached, range.end)
        try await lanes.tell([Observation(range: range, content: .gap(Outage.text(range, "lost", reason, time)))], at: range.end)
      }
    }
    outages.settle(at: time.now)
  }

  /// What comes faster than it happened, a file or the beginning of a playlist, can wait: nothing of it is dropped.
  private func waitWhileAhead(of item: MediaItem) async throws {
    let start: MediaTime
    switch item {
    case .frame(let frame): start = frame.time
    case .audio(let chunk): start = chunk.start
    case .gap: return
    }
    guard start - time.now > MediaTime(seconds: 2) || source.kind == .file else { return }
    while !isStopping, lanes.isFilling { try await Task.sleep(for: .milliseconds(10)) }
  }

  func lose(_ fault: LiveFault) async throws {
    let good = goodSince.map { ContinuousClock.now - $0 } ?? .zero
    goodSince = nil
    connection?.cancel()
    connection = nil
    earlier = status
    if isStopping || fault.kind == .cancelled { return }
    if fault.kind == .ended || fault.kind == .misconfigured {
      endsForGood = fault.kind == .ended && source.kind != .fifo
      state = .over
      report(.ended(id, reason: fault.message, failed: fault.kind == .misconfigured || !hasOpened))
      return
    }
    let pause = backoff.pause(after: fault.kind, good: good)
    state = .waiting(until: .now + pause)
    if fault.kind == .changed {
      report(.notice(id, fault.message, isDetail: true))
    } else {
      try await loseSignal(fault.message)
      // What never was there may be misspelt: that is said to everybody, once.
      let isFirst = !hasOpened && connections == 1
      let again = "\(fault.message); trying again in \(Outage.duration(max(1, pause.seconds)))"
      report(.notice(id, again, isDetail: !isFirst))
    }
  }

  func connect() {
    connections += 1
    if connections > 1, hasOpened { status.reconnects += 1 }
    state = .connecting(since: .now)
    let anchor = anchor
    isAnchored = anchor != nil
    connection = LiveConnection(
      connections, source: source, options: options, from: reached, anchor: anchor, time: time, into: signals)
  }

  /// A growing file began when it was made: its beginning is the stream's, and what of it is remembered already is left out.
  private var anchor: MediaTime? {
    guard connections == 1 || !hasOpened, let birth = source.birth else { return nil }
    guard let known else {
      time.begin(at: birth)
      return .zero
    }
    return known.startedAt.map { abs($0.timeIntervalSince(birth)) < 0.01 } == true ? .zero : nil
  }
}
