import Core

/// When one stream's signal is gone and when it is back: a value that is told what comes and what time it is, and says what to do.
///
/// All times are on the stream's clock; `now` is that clock as the wall clock has it. There are two ways to lose a signal without losing the
/// connection: nothing arrives for a while, or what arrives leaves a hole on the stream's clock. Sources that send in bursts by nature (playlists,
/// growing files) are judged by the holes alone.
struct Outages: Sendable {
  enum Action: Sendable, Equatable {
    /// The signal is gone.
    case lost(Outage)
    /// To be remembered; told again with a later end, it takes the place of what was told before.
    case tell(Outage, until: MediaTime, isOver: Bool)
    /// The signal is back.
    case returned(Outage, at: MediaTime)
  }

  /// The outage that goes on.
  private(set) var current: Outage?
  /// The end of what has come.
  private(set) var end: MediaTime
  /// Whether the stream has begun, so that there is something to remember an outage of.
  private(set) var hasBegun = false
  /// Whether the connection still stands, so that what was missed may come late.
  private(set) var isPause = false
  private var arrived: MediaTime?
  private var told: MediaTime?
  private var patience = Self.shortest

  /// Nothing for longer than this is a pause.
  static let shortest = MediaTime(seconds: 2)
  /// What lacks more than this on the stream's clock has a hole.
  static let hole = MediaTime(seconds: 1.5)
  /// What comes after a pause within this of its beginning was late and not lost.
  private static let slack = MediaTime(seconds: 1)
  /// As much may have been on its way when the signal went, and comes when it is back.
  private static let held = MediaTime(seconds: 0.5)
  /// How often an outage that goes on is told anew.
  static let every = MediaTime(seconds: 5)
  static let pauseReason = "the source stopped sending"

  /// - Parameter end: where on the stream's clock following begins.
  init(from end: MediaTime) { self.end = end }

  /// The stream has begun, or goes on after a time when it was not followed.
  ///
  /// - Parameter start: where what can be missed begins; an outage that goes on already began no earlier.
  mutating func begin(at start: MediaTime) {
    hasBegun = true
    if current == nil { end = start } else { current?.start = end }
  }

  /// A connection stands; nothing has come over it yet.
  mutating func connect(at now: MediaTime) {
    arrived = nil
    patience = Self.shortest
  }

  /// The connection is gone or does not come about, or gives nothing any more though it stands.
  mutating func lose(_ reason: String, at now: MediaTime, stands: Bool = false) -> [Action] {
    isPause = stands
    arrived = nil
    guard current == nil else {
      current?.reason = reason
      return []
    }
    return open(reason, at: now)
  }

  /// Media from `range.start` to `range.end` has come.
  mutating func come(_ range: TimeRange, at now: MediaTime) -> [Action] {
    defer {
      end = max(end, range.end)
      arrived = now
    }
    if let over = current {
      let isLate = range.start - over.start < Self.slack
      // The last that was held back before the pause does not end it.
      if isLate, max(end, range.end) - over.start < Self.held { return [] }
      // What was never away long enough, or comes in bursts, teaches how long to wait the next time.
      if isLate, isPause { patience = max(patience, MediaTime(nanoseconds: (now - over.start).nanoseconds * 3 / 2)) }
      return close(at: isLate ? now : range.start, isLate: isLate)
    }
    guard hasBegun, range.start - end > Self.hole else { return [] }
    let hole = Outage(start: end, reason: Self.pauseReason)
    return [.lost(hole), .tell(hole, until: range.start, isOver: true), .returned(hole, at: range.start)]
  }

  /// What came has been dealt with, which may have taken a while.
  mutating func settle(at now: MediaTime) { if arrived != nil { arrived = now } }

  /// Time has passed.
  ///
  /// - Parameter isSteady: whether media arrives as it happens, over a connection that stands, so that a pause is one.
  mutating func wait(until now: MediaTime, isSteady: Bool) -> [Action] {
    if let current {
      guard hasBegun, now - (told ?? .zero) >= Self.every || told == nil else { return [] }
      return [tell(current, until: now)]
    }
    guard isSteady, let arrived, now - arrived > patience, now > end else { return [] }
    isPause = true
    return open(Self.pauseReason, at: now)
  }

  /// Nothing more is followed.
  mutating func finish(at now: MediaTime) -> [Action] { hasBegun ? close(at: now, isLate: false).filter(\.isTelling) : [] }

  private mutating func open(_ reason: String, at now: MediaTime) -> [Action] {
    let outage = Outage(start: end, reason: reason)
    current = outage
    return hasBegun ? [.lost(outage), tell(outage, until: now)] : [.lost(outage)]
  }

  private mutating func tell(_ outage: Outage, until now: MediaTime) -> Action {
    let until = max(now, outage.start)
    told = now
    return .tell(outage, until: until, isOver: false)
  }

  private mutating func close(at time: MediaTime, isLate: Bool) -> [Action] {
    guard var over = current else { return [] }
    // What was told until then is not taken back.
    let end = max(time, over.start, told ?? over.start)
    if isLate, isPause { over.reason += "; what it sent meanwhile came late" }
    let isKnown = told != nil || hasBegun && !isLate && end - over.start > Self.hole
    (current, told, isPause) = (nil, nil, false)
    return (isKnown ? [.tell(over, until: end, isOver: true)] : []) + [.returned(over, at: end)]
  }
}

extension Outages.Action {
  fileprivate var isTelling: Bool {
    if case .tell = self { true } else { false }
  }
}
