/// Decides from timestamps alone which packets of a video stream need decoding, so that no more is decoded than the samples need.
///
/// Once everything up to the next sample has been fed, later packets are held back. If a key frame comes at or before the next due
/// time, what was held before it is dropped; if the due time comes first, what was held is fed. So at most the packets between two
/// samples are held, no index is needed, and what is picked is what decoding everything would have picked.
struct PacketSkipper {
  /// What there is to know of a packet, in nanoseconds since time 0.
  struct Packet {
    var presented: Int64
    /// Nil where the container does not say, as Matroska does for its first packets.
    var decoded: Int64?
    var isKey: Bool
    var bytes: Int
  }

  /// What to do, in this order, when a packet arrives.
  struct Decision: Equatable {
    /// Packets to drop from the front of the held ones; when there are any, decoding goes on at the key frame behind them.
    var dropping = 0
    /// Presentation time of the key frame at which decoding restarts: drain and flush the decoder first.
    var restart: Int64?
    /// Feed all that is held.
    var releases = false
    /// Feed the packet itself; otherwise hold it.
    var feeds = true
  }

  private enum State {
    /// Feeding until the sample due is surely among what was fed; `best` is the earliest presentation time at or after it so far.
    case feeding(due: Int64, best: Int64?)
    /// The last sample is in the decoder. `key` is a key frame after the due time among the held packets, at which decoding may restart
    /// if nothing presented between the two follows.
    case holding(due: Int64, key: (index: Int, presented: Int64)?)
    /// Looking for the last key frame before a point at which an interrupted run goes on.
    case resuming(limit: Int64, key: Int64?)
    /// Timestamps are missing or key frames cannot be trusted: everything is fed.
    case off
  }

  private var state: State
  private var held = 0
  private var heldBytes = 0
  static let largestHold = 64 << 20

  init(resumingAt limit: Int64? = nil, decodesEverything: Bool = false) {
    state = limit.map { .resuming(limit: $0, key: nil) } ?? (decodesEverything ? .off : .feeding(due: 0, best: nil))
  }

  /// Feeds everything from now on.
  mutating func stop() { state = .off }

  /// Whether a packet of this presentation time can hold the sample that is due; others may be decoded for reference only.
  func isNeeded(_ presented: Int64?, by sampler: FrameSampler) -> Bool {
    guard let presented, case .feeding(let due, _) = state else { return true }
    return presented >= due - FrameSampler.tolerance
  }

  /// *Returns* what to do with the packet; nil, for one without a presentation time, ends skipping for good.
  mutating func decide(_ packet: Packet?, sampler: FrameSampler) -> Decision {
    guard let packet else {
      state = .off
      return released(Decision())
    }
    switch state {
    case .off: return Decision()
    case .resuming(let limit, let key): return resume(packet, limit, key, sampler)
    case .feeding(let due, let best):
      guard let best, let decoded = packet.decoded, decoded > best else {
        feed(packet, due, best)
        return Decision()
      }
      state = .holding(due: sampler.due(after: best), key: nil)
      return decide(packet, sampler: sampler)
    case .holding(let due, let key): return hold(packet, due, key)
    }
  }

  /// At the end of the input: whether something held back is still needed.
  mutating func finish() -> Decision {
    switch state {
    case .resuming(_, let key):
      state = .off
      var decision = released(Decision())
      decision.restart = key
      return decision
    case .holding(_, let key?):
      state = .off
      return released(Decision(dropping: key.index, restart: key.presented))
    case .holding, .feeding, .off: return Decision()
    }
  }

  private mutating func feed(_ packet: Packet, _ due: Int64, _ best: Int64?) {
    let candidate = packet.presented >= due - FrameSampler.tolerance ? packet.presented : nil
    state = .feeding(due: due, best: [best, candidate].compactMap { $0 }.min())
  }

  private mutating func hold(_ packet: Packet, _ due: Int64, _ key: (index: Int, presented: Int64)?) -> Decision {
    let isDue = packet.presented >= due - FrameSampler.tolerance
    if let key {
      if packet.presented > key.presented {
        // Nothing between the due time and the key frame: pictures that lead a key frame follow it at once.
        feed(packet, due, key.presented)
        return released(Decision(dropping: key.index, restart: key.presented))
      }
      return isDue || heldBytes > Self.largestHold ? releaseAndFeed(packet, due, key.presented) : keep(packet, key)
    }
    if packet.isKey, packet.presented <= due + FrameSampler.tolerance {
      let decision = Decision(dropping: held, restart: packet.presented, feeds: isDue)
      (held, heldBytes) = (0, 0)
      if isDue { feed(packet, due, nil) } else { hold(packet) }
      return decision
    }
    if packet.isKey { return keep(packet, (held, packet.presented)) }
    return isDue || heldBytes > Self.largestHold ? releaseAndFeed(packet, due) : keep(packet, nil)
  }

  private mutating func resume(_ packet: Packet, _ limit: Int64, _ key: Int64?, _ sampler: FrameSampler) -> Decision {
    if packet.presented <= limit, heldBytes <= Self.largestHold {
      var decision = Decision(feeds: false)
      if packet.isKey {
        decision.dropping = held
        (held, heldBytes) = (0, 0)
        state = .resuming(limit: limit, key: packet.presented)
      }
      hold(packet)
      return decision
    }
    var decision = releaseAndFeed(packet, sampler.due)
    decision.restart = key
    return decision
  }

  private mutating func keep(_ packet: Packet, _ key: (index: Int, presented: Int64)?) -> Decision {
    if case .holding(let due, _) = state { state = .holding(due: due, key: key) }
    hold(packet)
    return Decision(feeds: false)
  }

  private mutating func hold(_ packet: Packet) {
    held += 1
    heldBytes += packet.bytes
  }

  private mutating func releaseAndFeed(_ packet: Packet, _ due: Int64, _ best: Int64? = nil) -> Decision {
    feed(packet, due, best)
    return released(Decision())
  }

  private mutating func released(_ decision: Decision) -> Decision {
    (held, heldBytes) = (0, 0)
    var decision = decision
    decision.releases = true
    return decision
  }
}
