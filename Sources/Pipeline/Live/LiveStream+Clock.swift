import Core
import Foundation
import Media

/// What happens by the clock: deadlines, outages that go on, lanes that stand still, and telling how things are.
extension LiveStream {
  func tick() async throws {
    let now = ContinuousClock.now
    switch state {
    case .connecting(let since):
      if now - since > options.openTime + options.probeTime + Self.grace {
        try await lose(LiveFault(.absent, "\(source.display): no answer"))
      }
    case .live:
      if now - lastMedia > options.silence + Self.grace {
        if source.kind == .file {
          state = .quiet
          try await loseSignal("the file does not grow", stands: true)
        } else {
          try await lose(LiveFault(.absent, "\(source.display): neither picture nor sound any more"))
        }
      }
    case .waiting(let until): if now >= until { connect() }
    case .quiet, .over: break
    }
    if hasOpened { try await pass() }
    await overload.note(id, isStrained: isStrained)
    tellStatus()
  }

  func loseSignal(_ reason: String, stands: Bool = false) async throws {
    let prefix = source.display + ": "
    let short = reason.hasPrefix(prefix) ? String(reason.dropFirst(prefix.count)) : reason
    try await carryOut(outages.lose(short, at: time.now, stands: stands))
  }

  /// Tells and remembers what happened to the signal.
  func carryOut(_ actions: [Outages.Action]) async throws {
    for action in actions {
      switch action {
      case .lost(let outage):
        status.phase = hasOpened ? .lost : .connecting
        flushedOutage = false
        report(.lost(id, reason: outage.reason, at: hasOpened ? time.date(of: outage.start) : Date()))
      case .returned(let outage, let end):
        status.phase = .live
        report(.returned(id, after: .seconds((end - outage.start).seconds), at: hasOpened ? time.date(of: end) : Date()))
      case .tell(let outage, let until, let isOver):
        try await lanes.tell([outage.observation(until: until, isOver: isOver, time: time)], at: until)
      }
    }
  }

  /// Carries on what stands still: an outage, a lane without media, a loss that is over.
  private func pass() async throws {
    let now = time.now
    try await carryOut(outages.wait(until: now, isSteady: isSteady))
    if let outage = outages.current {
      if !flushedOutage, (now - outage.start).seconds > (outages.isPause ? 10 : 2), let end = reachedSound {
        // Silence lets what was being said or heard come to its end.
        flushedOutage = true
        let silence = [Float](repeating: 0, count: 3 * AudioChunk.sampleRateHertz / 2)
        try await lanes.deal(AudioChunk(start: end, samples: silence))
      }
    }
    let idle = now - MediaTime(seconds: 2)
    let isBehind = { (lane: MediaTime?) in (lane ?? .zero) < idle }
    try await lanes.pass(idle, pictures: isBehind(reachedPictures), sound: isBehind(reachedSound))
    if let loss = lanes.takeLoss() { try await tell(loss) }
  }

  /// Remembers sound that gave way.
  func tell(_ loss: TimeRange) async throws {
    let text = Outage.text(loss, "sound was not listened to", "too much to do at once", time)
    try await lanes.tell([Observation(range: loss, content: .gap(text))], at: loss.end)
  }

  /// Whether media arrives as it happens, so that a pause is one.
  private var isSteady: Bool {
    if case .live = state { !sendsInBursts } else { false }
  }

  private var isStrained: Bool {
    let dropped = lanes.droppedFrames + lanes.droppedChunks
    defer { droppedBefore = dropped }
    return dropped > droppedBefore || lanes.isFilling && (time.now - reached).seconds < 2
  }

  func tellStatus() {
    status.time = max(reached, outages.current == nil ? .zero : time.now)
    status.droppedFrames = lanes.droppedFrames
    status.droppedSound = lanes.droppedChunks
    status.depths = lanes.depths
    status.stageSeconds = lanes.stageSeconds
    status.shedding = overload.level
    report(.status(status))
  }

  /// After a commit: what can now be asked about.
  func remembered(_ committed: LiveCommitter.Committed) async {
    status.counts.add(committed.observations)
    status.counts.episodes += committed.episodes.count
    status.remembered = committed.upTo
    let now = time.now
    let newest = committed.observations.filter { $0.modality != .gap }.map(\.range).map { $0.start }.max()
    if let newest { status.lag = .seconds(max(0, (now - newest).seconds)) }
    for event in noticer.events(committed, now: now, time: time) { report(.noticed(event)) }
    do { try await alerts.take(committed, of: id, time: time) } catch is CancellationError { return } catch {
      report(.notice(id, "alerts: \(PipelineError.line(for: error))"))
    }
  }
}
