import CFFmpeg
import Core

/// The picture of a live source: everything is decoded, and each sample is delivered as soon as it is.
///
/// A sample's range runs to the time the next one is due, because the next one is not here yet.
final class LivePictures {
  private let timeBase: AVRational
  private let stream: UnsafeMutablePointer<AVStream>
  private let decoder: Decoder
  private let frame = NativeFrame()
  private var sampler: FrameSampler
  private let scalers: [PictureScaler]
  private let usualDuration: Int64
  /// Whether decoding has begun: it begins at a key frame, or after a while without one.
  private var hasBegun = false
  private var firstPacket: Int64?
  private var failingSince: Int64?
  private var failuresInARow = 0
  /// The end of the last decoded frame.
  private(set) var end: Int64
  private(set) var statistics = MediaStatistics.Pictures()

  /// How long a key frame is waited for.
  private static let patience: Int64 = 5_000_000_000
  /// Packets in a row that do not decode, over at least `hopeless`, that mean that the source sends something else by now.
  private static let mostFailures = 40
  private static let hopeless: Int64 = 3_000_000_000

  /// - Parameter start: frames before it are not delivered; where the connection before this one ended.
  init(stream: UnsafeMutablePointer<AVStream>, options: LiveOptions, from start: Int64, path: String) throws(MediaError) {
    self.stream = stream
    timeBase = stream.pointee.time_base
    decoder = try Decoder(stream: stream, threads: options.decoderThreads, limits: options.limits, path: path)
    scalers = options.renditions.map { PictureScaler($0) }
    sampler = FrameSampler(perSecond: options.samplesPerSecond)
    sampler.start(at: start)
    end = start
    let rate = stream.pointee.avg_frame_rate
    usualDuration = rate.num > 0 && rate.den > 0 ? min(Int64(1e9 * Double(rate.den) / Double(rate.num)), 10_000_000_000) : 40_000_000
  }

  /// Whether what comes is not what the decoder was made for.
  var isHopeless: Bool { failuresInARow >= Self.mostFailures && failingSince.map { end - $0 >= Self.hopeless } ?? false }

  /// - Parameter clock: timestamps are on the stream's clock already.
  func take(_ packet: UnsafeMutablePointer<AVPacket>, clock: StreamClock, into items: inout [MediaItem]) {
    let time = clock.time(packet.pointee.pts, timeBase) ?? clock.time(packet.pointee.dts, timeBase)
    if !hasBegun {
      firstPacket = firstPacket ?? time
      let waited = (time ?? 0) - (firstPacket ?? 0)
      guard packet.pointee.flags & AV_PKT_FLAG_KEY != 0 || waited > Self.patience else {
        statistics.packetsSkipped += 1
        return
      }
      hasBegun = true
    }
    // A picture that nothing refers to and that is not due is not needed.
    decoder.skipsNonReference(time.map { $0 < sampler.due - FrameSampler.tolerance } ?? false)
    ffmpeg_clear_log()
    if decoder.send(packet) < 0 { fail(at: time) }
    receive(clock, &items)
  }

  private func fail(at time: Int64?) {
    statistics.packetsUndecodable += 1
    failuresInARow += 1
    failingSince = failingSince ?? max(time ?? end, end)
    end = max(end, time ?? end)
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

  private func take(_ frame: UnsafeMutablePointer<AVFrame>, _ clock: StreamClock, _ items: inout [MediaItem]) {
    let time = clock.time(frame.pointee.best_effort_timestamp, timeBase) ?? end
    statistics.framesDecoded += 1
    failuresInARow = 0
    if frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 || frame.pointee.decode_error_flags != 0 { statistics.framesDamaged += 1 }
    if let since = failingSince {
      failingSince = nil
      tellGap(from: since, to: time, &items)
    }
    let duration = StreamClock.nanoseconds(frame.pointee.pkt_duration, timeBase)
    end = max(end, time + (duration > 0 ? min(duration, 10_000_000_000) : usualDuration))
    guard sampler.takes(time) else { return }
    var pictures: [Picture] = []
    let orientation = Orientation(matrix: ffmpeg_display_matrix(frame, stream))
    for scaler in scalers {
      guard let picture = scaler.picture(of: frame, orientation: orientation) else {
        statistics.packetsUndecodable += 1
        return
      }
      pictures.append(picture)
    }
    statistics.framesSampled += 1
    let range = TimeRange(start: MediaTime(nanoseconds: time), end: MediaTime(nanoseconds: sampler.due))
    items.append(.frame(VideoFrame(time: range.start, range: range, pictures: pictures)))
  }

  /// What the decoder still has, at the end of a connection, and what it could not make sense of.
  func finish(_ clock: StreamClock, into items: inout [MediaItem]) {
    _ = decoder.send(nil)
    receive(clock, &items)
    if let since = failingSince { tellGap(from: since, to: end, &items) }
  }

  private func tellGap(from start: Int64, to end: Int64, _ items: inout [MediaItem]) {
    guard end - start >= PictureTrack.shortestGap else { return }
    let range = TimeRange(start: MediaTime(nanoseconds: start), end: MediaTime(nanoseconds: end))
    items.append(.gap(range, "the picture could not be decoded"))
  }
}
