/// Maps the timestamps of one connection onto the stream's clock, which only goes forward: a pure value.
///
/// Timestamps of live sources start anywhere, wrap, jump and start over. What goes on evenly keeps its offset to the stream's clock; what steps
/// back by more than a second, or ahead by more than a second beyond the time that has really passed, begins a new epoch that goes on
/// where the last one ended, plus the pause there really was. Sound and picture cross such a jump some packets apart, so the first
/// to cross decides the offset and the other takes it over when its own timestamps have jumped.
///
/// *Units* nanoseconds; `now` is the stream's clock as the wall clock would have it, at the arrival of the packet.
struct LiveClock {
  /// The first timestamp of a connection becomes this or `now`, whichever is later.
  private let floor: Int64
  private let anchor: Int64?
  /// How much of what comes first had come before it was looked at: the first timestamp becomes this much less than `now`.
  var lead: Int64 = 0
  private var offset: Int64?
  /// How often the timestamps have jumped.
  private(set) var epoch = 0
  private var tracks: [Int32: Track] = [:]

  private struct Track {
    var epoch: Int
    var offset: Int64
    /// Where the next packet should begin, in the source's own time.
    var expected: Int64
    /// The end of what has come, on the stream's clock.
    var end: Int64
    var arrived: Int64
  }

  static let longestStepBack: Int64 = 1_000_000_000
  static let longestStepAhead: Int64 = 1_000_000_000
  /// What no timestamp of a packet exceeds here: three years.
  static let reach = StreamClock.largest
  /// How far apart two streams of one source may lie.
  private static let apart: Int64 = 5_000_000_000
  /// A pause shorter than this is the network's, not the source's.
  private static let pause: Int64 = 1_000_000_000
  /// After a pause, a smaller step back is one too.
  private static let tolerance: Int64 = 50_000_000

  /// - Parameter anchor: what the first timestamp becomes instead.
  init(from floor: Int64, anchor: Int64? = nil) {
    self.floor = floor
    self.anchor = anchor
  }

  /// The end of everything so far.
  var end: Int64 { tracks.values.map(\.end).max() ?? floor }

  /// Where a packet without timestamps lies: behind what has come, or, as the first of a connection, where it arrives.
  func place(at now: Int64) -> Int64 { tracks.isEmpty ? max(floor, now, 0) : max(end, 0) }

  /// What to add to the packet's timestamps.
  ///
  /// - Parameter stamp: the packet's decoding time in the source's own time; nil when it has none.
  mutating func shift(of stamp: Int64?, duration: Int64, in track: Int32, now: Int64) -> Int64 {
    let length = max(0, min(duration, 10_000_000_000))
    guard let stamp else {
      let known = tracks[track]
      return known?.offset ?? offset ?? max(floor, now)
    }
    guard var known = tracks[track] else {
      let start = join(stamp, now: now)
      tracks[track] = Track(epoch: epoch, offset: start, expected: stamp + length, end: stamp + start + length, arrived: now)
      return start
    }
    let step = stamp - known.expected
    let before = known.epoch
    let passed = max(0, now - known.arrived)
    let isReset = step < -Self.longestStepBack || passed > Self.pause && step < -Self.tolerance
    if isReset || step > Self.longestStepAhead + passed {
      if known.epoch < epoch, let offset, abs(stamp + offset - end) <= Self.apart, stamp + offset >= known.end - Self.longestStepBack {
        known.offset = offset
      } else {
        let start = max(known.end, end - Self.apart) + (passed > Self.pause ? passed : 0)
        epoch += 1
        known.offset = start - stamp
        offset = known.offset
      }
      known.epoch = epoch
    }
    // What goes on evenly after a pause may be the last that was held back, and the pause still before what comes next.
    known.arrived = passed > Self.pause && known.epoch == before ? min(now, known.arrived + max(0, step) + length) : now
    known.expected = stamp + length
    known.end = max(known.end, stamp + known.offset + length)
    tracks[track] = known
    return known.offset
  }

  /// The offset of a track that begins: that of the epoch, unless its time has nothing to do with it.
  private mutating func join(_ stamp: Int64, now: Int64) -> Int64 {
    if let offset, abs(stamp + offset - end) <= Self.apart || abs(stamp + offset - now) <= Self.apart { return offset }
    if offset != nil { return max(floor, end) - stamp }
    let start = (anchor ?? max(floor, now - lead)) - stamp
    offset = start
    return start
  }
}
