import CFFmpeg
import Core

/// Turns the container's timestamps into times since its first presented frame or sample, and keeps them going forward over timestamp
/// resets. A pure value: the same packets in the same order give the same times.
struct StreamClock {
  /// What the container calls time 0 of ours, in nanoseconds; nil until known.
  private(set) var origin: Int64?
  /// Whether the container joins recordings end to end, so that a long jump ahead is a new recording and not a pause.
  let joinsRecordings: Bool
  /// Added to every timestamp since the last reset.
  private var shift: Int64 = 0
  /// Where each stream's next packet should begin, shifted.
  private var expected: [Int32: Int64] = [:]

  static let longestStepBack: Int64 = 1_000_000_000
  static let longestPause: Int64 = 60_000_000_000
  /// Three years: beyond it a timestamp is a lie.
  static let largest: Int64 = 100_000_000_000_000_000

  init(origin: Int64?, joinsRecordings: Bool) {
    self.origin = origin
    self.joinsRecordings = joinsRecordings
  }

  /// Rewrites a packet's timestamps so that they go on from the last ones after a reset: more than a second back, or, in containers that
  /// join recordings, more than a minute ahead. Timestamps beyond reason are taken away.
  mutating func mend(_ packet: UnsafeMutablePointer<AVPacket>, timeBase: AVRational) {
    drop(&packet.pointee.pts, timeBase)
    drop(&packet.pointee.dts, timeBase)
    let stamp = packet.pointee.dts != ffmpeg_nopts_value ? packet.pointee.dts : packet.pointee.pts
    guard stamp != ffmpeg_nopts_value else { return }
    let time = Self.nanoseconds(stamp, timeBase)
    if origin == nil { origin = time }
    let stream = packet.pointee.stream_index
    if let due = expected[stream] {
      let jump = time + shift - due
      if jump < -Self.longestStepBack || joinsRecordings && jump > Self.longestPause { shift -= jump }
    }
    expected[stream] = time + shift + max(0, Self.nanoseconds(packet.pointee.duration, timeBase))
    guard shift != 0 else { return }
    let ticks = av_rescale_q(shift, AVRational(num: 1, den: 1_000_000_000), timeBase)
    if packet.pointee.pts != ffmpeg_nopts_value { packet.pointee.pts += ticks }
    if packet.pointee.dts != ffmpeg_nopts_value { packet.pointee.dts += ticks }
  }

  /// Nanoseconds since time 0; nil for a missing timestamp.
  func time(_ stamp: Int64, _ timeBase: AVRational) -> Int64? {
    guard stamp != ffmpeg_nopts_value else { return nil }
    let time = Self.nanoseconds(stamp, timeBase)
    return abs(time) > Self.largest ? nil : time - (origin ?? 0)
  }

  private func drop(_ stamp: inout Int64, _ timeBase: AVRational) {
    if stamp != ffmpeg_nopts_value, abs(max(Self.nanoseconds(stamp, timeBase), -.max)) > Self.largest { stamp = ffmpeg_nopts_value }
  }

  /// Rounded to the nearest, clamped far beyond `largest` so that sums cannot overflow.
  static func nanoseconds(_ ticks: Int64, _ timeBase: AVRational) -> Int64 {
    guard timeBase.num > 0, timeBase.den > 0 else { return 0 }
    let result = av_rescale_q(ticks, timeBase, AVRational(num: 1, den: 1_000_000_000))
    return min(max(result, -(1 << 60)), 1 << 60)
  }
}
