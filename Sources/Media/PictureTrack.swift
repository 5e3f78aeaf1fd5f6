import CFFmpeg
import Core

/// The video stream of an input: its decoder, the choice of packets and frames, and the pictures made of them.
final class PictureTrack {
  private let timeBase: AVRational
  private let stream: UnsafeMutablePointer<AVStream>
  private let decoder: Decoder
  private let frame = NativeFrame()
  private var sampler: FrameSampler
  private var skipper: PacketSkipper
  private var held = PacketQueue()
  private let scalers: [PictureScaler]
  private let resume: Int64
  private let isResuming: Bool
  /// Duration of a frame that does not say its own.
  private let usualDuration: Int64

  /// A sampled frame whose range is not known yet.
  private var pending: (time: Int64, pictures: [Picture])?
  /// The end of the last decoded frame, and of the last packet.
  private var frameEnd: Int64 = 0
  private(set) var end: Int64 = 0
  /// Since when packets have failed to decode.
  private var failingSince: Int64?
  /// Whether the decoder has been fed since it was flushed.
  private var isDecoderClean = true
  /// A key frame at which decoding restarted and whose picture has not come out yet.
  private var awaitedKey: Int64?
  /// Pictures before this lead a key frame at which decoding restarted: what they refer to is gone.
  private var leadersEnd: Int64?

  private(set) var statistics = MediaStatistics.Pictures()
  /// What the decoder said of pictures larger than it may or can decode.
  private(set) var oversized: String?
  /// Set when a resumed run must start over and decode everything, because the key frame it started at cannot be decoded by itself.
  private(set) var mustStartOver = false

  /// How long before the point of resumption a key frame must be, and how short a failure is not worth telling.
  static let resumeMargin: Int64 = 10_000_000_000
  static let shortestGap: Int64 = 1_000_000_000

  init(
    stream: UnsafeMutablePointer<AVStream>, options: MediaOptions, skipsToResume: Bool, path: String
  ) throws(MediaError) {
    self.stream = stream
    timeBase = stream.pointee.time_base
    let decoder = try Decoder(stream: stream, threads: options.decoderThreads, limits: options.limits, path: path)
    self.decoder = decoder
    scalers = options.renditions.map { PictureScaler($0) }
    resume = options.resume?.time.nanoseconds ?? 0
    let limit = resume - Self.resumeMargin
    isResuming = skipsToResume && limit > 0
    sampler = FrameSampler(perSecond: options.samplesPerSecond)
    if isResuming { sampler.start(at: limit) }
    skipper = PacketSkipper(resumingAt: isResuming ? limit : nil, decodesEverything: options.samplesPerSecond.isInfinite)
    let rate = stream.pointee.avg_frame_rate
    usualDuration = rate.num > 0 && rate.den > 0 ? min(Int64(1e9 * Double(rate.den) / Double(rate.num)), 10_000_000_000) : 40_000_000
  }

  /// Takes the contents of a packet whose timestamps are on the clock.
  func take(_ packet: UnsafeMutablePointer<AVPacket>, clock: StreamClock, into items: inout [MediaItem]) {
    let presented = clock.time(packet.pointee.pts, timeBase)
    let decoded = clock.time(packet.pointee.dts, timeBase)
    if let time = presented ?? decoded {
      let duration = StreamClock.nanoseconds(packet.pointee.duration, timeBase)
      end = max(end, time + (duration > 0 ? duration : usualDuration))
    }
    var facts: PacketSkipper.Packet?
    if let presented {
      let isKey = packet.pointee.flags & AV_PKT_FLAG_KEY != 0
      facts = PacketSkipper.Packet(presented: presented, decoded: decoded, isKey: isKey, bytes: Int(packet.pointee.size))
    }
    let decision = skipper.decide(facts, sampler: sampler)
    carryOut(decision, clock, &items)
    if decision.feeds { feed(packet, clock, &items) } else { held.append(taking: packet) }
  }

  private func carryOut(_ decision: PacketSkipper.Decision, _ clock: StreamClock, _ items: inout [MediaItem]) {
    if decision.dropping > 0 {
      statistics.packetsSkipped += decision.dropping
      held.drop(first: decision.dropping)
    }
    if let key = decision.restart { restart(at: key, clock, &items) }
    if decision.releases {
      for packet in held.packets { feed(packet, clock, &items) }
      held.drop(first: held.count)
    }
  }

  /// Gets out what the decoder still has and starts afresh at a key frame.
  private func restart(at key: Int64, _ clock: StreamClock, _ items: inout [MediaItem]) {
    if !isDecoderClean {
      drain(clock, &items)
      decoder.flush()
      isDecoderClean = true
    }
    awaitedKey = key
    leadersEnd = key
  }

  private func feed(_ packet: UnsafeMutablePointer<AVPacket>, _ clock: StreamClock, _ items: inout [MediaItem]) {
    let time = clock.time(packet.pointee.pts, timeBase)
    if let leadersEnd, let time {
      if time < leadersEnd {
        statistics.packetsSkipped += 1
        return
      }
      if time > leadersEnd { self.leadersEnd = nil }
    }
    decoder.skipsNonReference(!skipper.isNeeded(time, by: sampler))
    isDecoderClean = false
    ffmpeg_clear_log()
    let result = decoder.send(packet)
    if result < 0 { fail(at: time) }
    receive(clock, &items)
  }

  private func receive(_ clock: StreamClock, _ items: inout [MediaItem]) {
    while true {
      let result = decoder.receive(into: frame)
      if result == ffmpeg_error_again || result == ffmpeg_error_eof { return }
      if result < 0 { return fail(at: nil) }
      take(frame.pointer, clock, &items)
      av_frame_unref(frame.pointer)
    }
  }

  private func drain(_ clock: StreamClock, _ items: inout [MediaItem]) {
    decoder.skipsNonReference(false)
    _ = decoder.send(nil)
    receive(clock, &items)
  }

  private func fail(at time: Int64?) {
    statistics.packetsUndecodable += 1
    awaitedKey = nil
    let log = String(cString: ffmpeg_first_log())
    if log.hasPrefix("Picture size") { oversized = log }
    if failingSince == nil { failingSince = max(time ?? frameEnd, frameEnd) }
  }

  private func take(_ frame: UnsafeMutablePointer<AVFrame>, _ clock: StreamClock, _ items: inout [MediaItem]) {
    let time = clock.time(frame.pointee.best_effort_timestamp, timeBase) ?? frameEnd
    statistics.framesDecoded += 1
    if frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 || frame.pointee.decode_error_flags != 0 { statistics.framesDamaged += 1 }
    checkAwaitedKey(time)
    if let since = failingSince {
      failingSince = nil
      gap(from: since, to: time, &items)
    }
    let duration = StreamClock.nanoseconds(frame.pointee.pkt_duration, timeBase)
    frameEnd = max(frameEnd, time + (duration > 0 ? duration : usualDuration))
    end = max(end, frameEnd)
    guard sampler.takes(time) else { return }
    var pictures: [Picture] = []
    if time >= resume {
      let orientation = Orientation(matrix: ffmpeg_display_matrix(frame, stream))
      for scaler in scalers {
        guard let picture = scaler.picture(of: frame, orientation: orientation) else {
          statistics.packetsUndecodable += 1
          return
        }
        pictures.append(picture)
      }
    }
    deliverPending(until: time, &items)
    pending = (time, pictures)
  }

  /// A key frame that does not come out first cannot be started at (gradual refresh): skipping would lose pictures.
  private func checkAwaitedKey(_ time: Int64) {
    guard let key = awaitedKey else { return }
    awaitedKey = nil
    guard abs(time - key) > FrameSampler.tolerance else { return }
    skipper.stop()
    if isResuming { mustStartOver = true }
  }

  private func gap(from start: Int64, to end: Int64, _ items: inout [MediaItem]) {
    guard end - start >= Self.shortestGap else { return }
    deliverPending(until: start, &items)
    guard end > resume else { return }
    let range = TimeRange(start: MediaTime(nanoseconds: start), end: MediaTime(nanoseconds: end))
    items.append(.gap(range, "video could not be decoded"))
  }

  private func deliverPending(until end: Int64, _ items: inout [MediaItem]) {
    guard let (time, pictures) = pending else { return }
    pending = nil
    guard time >= resume else { return }
    statistics.framesSampled += 1
    let start = MediaTime(nanoseconds: time)
    let range = TimeRange(start: start, end: MediaTime(nanoseconds: end))
    items.append(.frame(VideoFrame(time: start, range: range, pictures: pictures)))
  }

  /// Decodes what was held back and what the decoder still has, at the end of the input.
  func finish(_ clock: StreamClock, into items: inout [MediaItem]) {
    carryOut(skipper.finish(), clock, &items)
    statistics.packetsSkipped += held.count
    held.drop(first: held.count)
    drain(clock, &items)
    if let since = failingSince { gap(from: since, to: end, &items) }
  }

  /// Delivers the last frame, whose range runs to the end of the media.
  func close(at end: Int64, into items: inout [MediaItem]) { deliverPending(until: max(end, frameEnd), &items) }
}
