import CFFmpeg
import Core
import Foundation

/// One connection to a live source: packets in, items on the stream's clock out. Belongs to the actor that reads it.
final class LiveInput {
  let description: MediaDescription
  let leftOver: [String]
  private let source: LiveSource
  private let options: LiveOptions
  private let container: LiveContainer
  private let interruption: Interruption
  private let now: @Sendable () -> Int64
  private let packet = NativePacket()
  private var burst = LiveBurst()
  private let began: ContinuousClock.Instant
  private var hasBegun = false
  private var clock: LiveClock
  /// Timestamps of packets are rewritten to the stream's clock, which this reads as they are.
  private let stamps = StreamClock(origin: 0, joinsRecordings: false)
  private let videoStream: Int32?
  private let audioStream: Int32?
  private let pictures: LivePictures?
  private let sound: SoundTrack?
  private let streamCount: Int
  private var lastMedia = ContinuousClock.now
  private var failuresInARow = 0
  private var counts = MediaStatistics()
  private var bytes: Int64 = 0
  private var corrupt = 0
  private var newestPicture: Int64?

  private static let mostFailures = 1000
  private static let batch = Duration.milliseconds(50)

  /// - Parameters:
  ///   - start: where on the stream's clock the connection before this one ended.
  ///   - anchor: where the first thing that comes belongs; nil when it belongs where it arrives. What lies before `start` is left out.
  ///   - now: the stream's clock as the wall clock has it, in nanoseconds.
  init(
    _ source: LiveSource, _ options: LiveOptions, from start: Int64, anchor: Int64?, now: @escaping @Sendable () -> Int64,
    _ interruption: Interruption
  ) throws(LiveFault) {
    self.source = source
    self.options = options
    self.interruption = interruption
    self.now = now
    began = .now
    let container = try LiveContainer(source, options, interruption)
    do throws(MediaError) {
      let choice = try StreamChoice(
        streams: container.streams.compactMap { $0 }, context: container.context, name: source.display, format: container.formatName,
        options.media(from: start))
      var (pictures, sound): (LivePictures?, SoundTrack?)
      if let index = choice.video, let stream = container.streams[index] {
        pictures = try LivePictures(stream: stream, options: options, from: start, path: source.display)
      }
      if let index = choice.audio, let stream = container.streams[index] {
        sound = try SoundTrack(
          stream: stream, options: options.media(from: start), path: source.display, chunksPerSecond: options.chunksPerSecond,
          jitter: 200_000_000)
      }
      for stream in container.streams.compactMap({ $0 }) where ![choice.video, choice.audio].contains(Int(stream.pointee.index)) {
        stream.pointee.discard = AVDISCARD_ALL
      }
      description = choice.description
      videoStream = choice.video.map { Int32($0) }
      audioStream = choice.audio.map { Int32($0) }
      self.pictures = pictures
      self.sound = sound
    } catch {
      throw LiveFault(error.code == .misconfigured ? .misconfigured : .refused, redactingCredentials(in: error.message))
    }
    leftOver = container.leftOver
    streamCount = container.streams.count
    clock = LiveClock(from: start, anchor: anchor)
    self.container = container
  }

  /// What has come since the last call, within a twentieth of a second or with the first item.
  func next() -> LiveBatch {
    var batch = LiveBatch()
    let due = ContinuousClock.now + Self.batch
    do throws(LiveFault) {
      repeat { try step(into: &batch) } while batch.items.isEmpty && ContinuousClock.now < due
    } catch {
      pictures?.finish(stamps, into: &batch.items)
      sound?.finish(stamps, into: &batch.items)
      batch.fault = error
    }
    batch.statistics = statistics
    batch.bytes = bytes
    batch.corruptPackets = corrupt
    batch.jumps = clock.epoch
    batch.picturesUpTo = newestPicture.map { MediaTime(nanoseconds: $0) }
    batch.soundUpTo = sound.map { MediaTime(nanoseconds: $0.end) }
    return batch
  }

  private var statistics: MediaStatistics {
    var all = counts
    if let pictures { all.pictures = pictures.statistics }
    if let sound { all.sound = sound.statistics }
    return all
  }

  private func step(into batch: inout LiveBatch) throws(LiveFault) {
    // A file that does not grow may grow again; whoever reads it sees that nothing comes.
    interruption.allow(source.kind == .file ? nil : max(.milliseconds(1), options.silence - (ContinuousClock.now - lastMedia)))
    let result = read()
    defer { av_packet_unref(packet.pointer) }
    if interruption.isRaised { throw LiveFault(.cancelled, "\(source.display): stopped") }
    if result >= 0 {
      failuresInARow = 0
      counts.packetsRead += 1
      bytes += Int64(packet.pointer.pointee.size)
      return try take(packet.pointer, &batch)
    }
    if interruption.hasFired {
      let seconds = options.silence.components.seconds
      throw LiveFault(.absent, "\(source.display): neither picture nor sound for \(seconds) s")
    }
    switch result {
    case ffmpeg_error_eof:
      if let ending = container.file?.ending { throw LiveFault(.absent, "\(source.display): \(ending)") }
      if container.formatName == "hls" { throw Playlist.ending(of: source, options, interruption) }
      let isOver = source.endsForGood || container.isComplete
      throw LiveFault(isOver ? .ended : .absent, "\(source.display): \(isOver ? "ended" : "the source stopped sending")")
    case ffmpeg_error_again, ffmpeg_error_invalid_data:
      failuresInARow += 1
      if failuresInARow > Self.mostFailures { throw LiveFault(.changed, "\(source.display): what it sends makes no sense any more") }
      if result == ffmpeg_error_again { _ = poll(nil, 0, 5) }
    default:
      var fault = LiveContainer.fault(source, result, interruption, .reading)
      if fault.kind == .refused { fault.kind = .absent }
      throw fault
    }
  }

  private func read() -> Int32 {
    if !hasBegun {
      hasBegun = true
      if isTimely {
        burst.read(container, into: packet)
        let length = burst.length(of: [videoStream, audioStream].compactMap { $0 }) { index in
          container.streams[Int(index)]?.pointee.time_base ?? AVRational(num: 1, den: 1_000_000_000)
        }
        // More than there was time for did not happen meanwhile.
        clock.lead = min(length, Int64((ContinuousClock.now - began) / .nanoseconds(1)))
      }
    }
    return burst.next(into: packet) ?? container.read(into: packet)
  }

  /// Whether what comes first happens as it comes: what a file or a playlist begins with happened at some time before.
  private var isTimely: Bool { source.kind != .file && !container.formatName.hasPrefix("hls") }

  private func take(_ packet: UnsafeMutablePointer<AVPacket>, _ batch: inout LiveBatch) throws(LiveFault) {
    if container.streams.count > streamCount, hasNewKind() {
      throw LiveFault(.changed, "\(source.display): a stream was added")
    }
    let index = packet.pointee.stream_index
    guard index == videoStream || index == audioStream, let stream = container.streams[Int(index)] else { return }
    lastMedia = .now
    guard packet.pointee.size <= container.packetLimit else {
      counts.packetsOversized += 1
      return
    }
    if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { corrupt += 1 }
    batch.note(place(packet, stream.pointee.time_base))
    if index == videoStream {
      pictures?.take(packet, clock: stamps, into: &batch.items)
      newestPicture = max(newestPicture ?? .min, pictures?.end ?? .min)
      if pictures?.isHopeless == true { throw LiveFault(.changed, "\(source.display): the picture cannot be decoded any more") }
    } else {
      var size = 0
      if av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, &size) != nil {
        throw LiveFault(.changed, "\(source.display): the sound has another format")
      }
      sound?.take(packet, clock: stamps, into: &batch.items)
    }
  }

  /// Puts a packet's timestamps on the stream's clock; one without any gets the time of its arrival.
  ///
  /// - Returns: where it lies.
  private func place(_ packet: UnsafeMutablePointer<AVPacket>, _ timeBase: AVRational) -> TimeRange {
    func drop(_ stamp: inout Int64) {
      if stamp != ffmpeg_nopts_value, abs(max(StreamClock.nanoseconds(stamp, timeBase), -.max)) > StreamClock.largest {
        stamp = ffmpeg_nopts_value
      }
    }
    drop(&packet.pointee.pts)
    drop(&packet.pointee.dts)
    let stamp = packet.pointee.dts != ffmpeg_nopts_value ? packet.pointee.dts : packet.pointee.pts
    let time = stamp == ffmpeg_nopts_value ? nil : StreamClock.nanoseconds(stamp, timeBase)
    let arrival = now()
    let length = max(0, min(StreamClock.nanoseconds(packet.pointee.duration, timeBase), 10_000_000_000))
    let shift = clock.shift(of: time, duration: length, in: packet.pointee.stream_index, now: arrival)
    let second = AVRational(num: 1, den: 1_000_000_000)
    func range(_ start: Int64) -> TimeRange {
      TimeRange(start: MediaTime(nanoseconds: start), end: MediaTime(nanoseconds: start + length))
    }
    guard let time else {
      let start = clock.place(at: arrival)
      packet.pointee.dts = av_rescale_q(start, second, timeBase)
      packet.pointee.pts = packet.pointee.dts
      return range(start)
    }
    let ticks = av_rescale_q(shift, second, timeBase)
    if packet.pointee.pts != ffmpeg_nopts_value { packet.pointee.pts &+= ticks }
    if packet.pointee.dts != ffmpeg_nopts_value { packet.pointee.dts &+= ticks }
    return range(time &+ shift)
  }

  /// Whether a stream has come that gives what this connection lacks.
  private func hasNewKind() -> Bool {
    container.streams.dropFirst(streamCount).contains { stream in
      let type = stream?.pointee.codecpar.pointee.codec_type
      return type == AVMEDIA_TYPE_VIDEO && videoStream == nil && options.video
        || type == AVMEDIA_TYPE_AUDIO && audioStream == nil && options.audioTrack != .none
    }
  }
}
