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
          try await beginOutage(reason: "\(source.display): the file does not grow")
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

  func beginOutage(reason: String) async throws {
    let prefix = source.display + ": "
    let short = reason.hasPrefix(prefix) ? String(reason.dropFirst(prefix.count)) : reason
    guard outage == nil else {
      outage?.reason = short
      return
    }
    status.phase = hasOpened ? .lost : .connecting
    outage = Outage(start: reached, reason: short)
    flushedOutage = false
    report(.lost(id, reason: short, at: hasOpened ? time.date(of: reached) : Date()))
    if hasOpened { try await tellOutage() }
  }

  private func tellOutage() async throws {
    guard let outage else { return }
    outageTold = .now
    let end = max(time.now, outage.start)
    try await lanes.tell([outage.observation(until: end, isOver: false, time: time)], at: end)
  }

  func endOutage(at end: MediaTime) async throws {
    status.phase = .live
    guard let over = outage else { return }
    outage = nil
    let end = max(end, over.start)
    let length = Duration.seconds((end - over.start).seconds)
    report(.returned(id, after: length, at: hasOpened ? time.date(of: end) : Date()))
    guard length > .milliseconds(200), hasOpened, over.start > .zero else { return }
    try await lanes.tell([over.observation(until: end, isOver: true, time: time)], at: end)
  }

  /// Carries on what stands still: an outage, a lane without media, a loss that is over.
  private func pass() async throws {
    let now = time.now
    if let outage {
      if outageTold.map({ ContinuousClock.now - $0 >= Self.outageEvery }) ?? true { try await tellOutage() }
      if !flushedOutage, (now - outage.start).seconds > 2, let end = reachedSound {
        // Silence lets what was being said or heard come to its end.
        flushedOutage = true
        let silence = [Float](repeating: 0, count: 3 * AudioChunk.sampleRateHertz / 2)
        try await lanes.deal(AudioChunk(start: end, samples: silence))
      }
    }
    let idle = now - MediaTime(seconds: 2)
    let isBehind = { (lane: MediaTime?) in (lane ?? .zero) < idle }
    try await lanes.pass(idle, pictures: isBehind(reachedPictures), sound: isBehind(reachedSound))
    if let loss = lanes.takeLoss() {
      let text = Outage.text(loss, "sound was not listened to", "too much to do at once", time)
      try await lanes.tell([Observation(range: loss, content: .gap(text))], at: loss.end)
    }
  }

  private var isStrained: Bool {
    let dropped = lanes.droppedFrames + lanes.droppedChunks
    defer { droppedBefore = dropped }
    return dropped > droppedBefore || lanes.isFilling && (time.now - reached).seconds < 2
  }

  private func tellStatus() {
    status.time = max(reached, outage == nil ? .zero : time.now)
    status.droppedFrames = lanes.droppedFrames
    status.droppedSound = lanes.droppedChunks
    status.depths = lanes.depths
    status.stageSeconds = lanes.stageSeconds
    status.shedding = overload.level
    report(.status(status))
  }

  /// After a commit: what can now be asked about.
  func remembered(_ committed: LiveCommitter.Committed) {
    status.counts.add(committed.observations)
    status.counts.episodes += committed.episodes.count
    status.remembered = committed.upTo
    let now = time.now
    let newest = committed.observations.filter { $0.modality != .gap }.map(\.range).map { $0.start }.max()
    if let newest { status.lag = .seconds(max(0, (now - newest).seconds)) }
    for event in noticer.events(committed, now: now, time: time) { report(.noticed(event)) }
  }
}
