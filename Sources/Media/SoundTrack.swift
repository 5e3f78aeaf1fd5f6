import CFFmpeg
import Core

/// The audio stream of an input: its decoder, the resampler to 16 kHz mono, and the placing of samples on the clock.
final class SoundTrack {
  private let timeBase: AVRational
  private let decoder: Decoder
  private let frame = NativeFrame()
  private var resampler: Resampler?
  private var timeline: SoundTimeline
  private let resume: Int64
  /// Nanoseconds at which the resampler was started, and the samples it took since.
  private var anchor: Int64?
  private var taken: Int64 = 0
  private var failingSince: Int64?
  private(set) var statistics = MediaStatistics.Sound()

  /// Timestamps may jitter this much before the sample count gives way to them, in nanoseconds.
  private let jitter: Int64
  /// What a resampler is made for: a filter for a rate that lies takes memory without end.
  private static let rates: ClosedRange<Int64> = 1000...1_536_000

  init(
    stream: UnsafeMutablePointer<AVStream>, options: MediaOptions, path: String, chunksPerSecond: Int = 1, jitter: Int64 = 40_000_000
  ) throws(MediaError) {
    self.jitter = jitter
    timeBase = stream.pointee.time_base
    decoder = try Decoder(stream: stream, threads: 1, limits: options.limits, path: path)
    timeline = SoundTimeline(from: options.resume?.audioFrom ?? .zero, chunksPerSecond: chunksPerSecond)
    resume = options.resume?.time.nanoseconds ?? 0
  }

  var end: Int64 { timeline.end }

  func take(_ packet: UnsafeMutablePointer<AVPacket>, clock: StreamClock, into items: inout [MediaItem]) {
    if decoder.send(packet) < 0 { fail() }
    receive(clock, &items)
  }

  func finish(_ clock: StreamClock, into items: inout [MediaItem]) {
    _ = decoder.send(nil)
    receive(clock, &items)
    resampler?.drain { timeline.append($0, into: &items) }
    timeline.flush(into: &items)
  }

  private func receive(_ clock: StreamClock, _ items: inout [MediaItem]) {
    while true {
      let result = decoder.receive(into: frame)
      if result == ffmpeg_error_again || result == ffmpeg_error_eof { return }
      if result < 0 { return fail() }
      take(frame.pointer, clock, &items)
      av_frame_unref(frame.pointer)
    }
  }

  private func fail() {
    statistics.packetsUndecodable += 1
    if failingSince == nil { failingSince = timeline.end }
  }

  private func take(_ frame: UnsafeMutablePointer<AVFrame>, _ clock: StreamClock, _ items: inout [MediaItem]) {
    let (count, rate) = (Int64(frame.pointee.nb_samples), Int64(frame.pointee.sample_rate))
    guard count > 0, Self.rates.contains(rate), frame.pointee.ch_layout.nb_channels > 0 else { return fail() }
    if resampler.map({ !$0.fits(frame) }) ?? true {
      resampler?.drain { timeline.append($0, into: &items) }
      anchor = nil
      resampler = Resampler(for: frame)
    }
    guard let resampler else { return fail() }
    statistics.framesDecoded += 1
    let skipped = place(frame, clock, resampler, &items)
    guard skipped < count else { return }
    resampler.convert(frame, skipping: Int32(skipped)) { timeline.append($0, into: &items) }
    taken += count - skipped
  }

  /// Puts the resampler's clock right where the frame's timestamp says that sound is missing.
  ///
  /// *Returns* how many of the frame's first samples to leave out, because they lie before time 0 or overlap what came before.
  private func place(
    _ frame: UnsafeMutablePointer<AVFrame>, _ clock: StreamClock, _ resampler: Resampler, _ items: inout [MediaItem]
  ) -> Int64 {
    let rate = Int64(frame.pointee.sample_rate)
    let stamp = clock.time(frame.pointee.best_effort_timestamp, timeBase)
    if let anchor {
      let expected = anchor + taken / rate * 1_000_000_000 + taken % rate * 1_000_000_000 / rate
      let drift = (stamp ?? expected) - expected
      if drift <= jitter {
        failingSince = nil
        return drift < -jitter ? Self.samples(-drift, rate) : 0
      }
      resampler.drain { timeline.append($0, into: &items) }
      tellGap(until: expected + drift, &items)
    }
    let start = stamp ?? timeline.end
    let skipped = start < 0 ? Self.samples(-start, rate) : 0
    anchor = max(start, 0)
    taken = 0
    timeline.start(at: max(start, 0), into: &items)
    return skipped
  }

  /// Nanoseconds in samples, to the nearest.
  private static func samples(_ nanoseconds: Int64, _ rate: Int64) -> Int64 {
    let limited = min(nanoseconds, 1_000_000_000_000)
    return (limited / 1000 * rate + 500_000) / 1_000_000
  }

  private func tellGap(until end: Int64, _ items: inout [MediaItem]) {
    guard let since = failingSince else { return }
    failingSince = nil
    guard end - since >= PictureTrack.shortestGap else { return }
    timeline.flush(into: &items)
    guard end > resume else { return }
    let range = TimeRange(start: MediaTime(nanoseconds: since), end: MediaTime(nanoseconds: end))
    items.append(.gap(range, "sound could not be decoded"))
  }
}
