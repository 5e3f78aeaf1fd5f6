import CFFmpeg
import Core

/// One opened input: packets in, items out. Belongs to the actor that reads it and holds every FFmpeg handle.
final class MediaInput {
  let description: MediaDescription
  private let container: Container
  private let interruption: Interruption
  private let packet = NativePacket()
  private var clock: StreamClock
  private let videoStream: Int32?
  private let audioStream: Int32?
  private let pictures: PictureTrack?
  private let sound: SoundTrack?
  /// Where the index of a file that was cut short goes on to, on the clock.
  private let promisedEnd: Int64?
  private let resume: Int64

  private var ready: [MediaItem] = []
  private var isFinished = false
  private var failuresInARow = 0
  private var counts = MediaStatistics()
  private(set) var reached: Int64 = 0

  /// Reading goes on over damaged stretches, but not for ever.
  private static let mostFailures = 1000

  /// - Parameter skipsToResume: false decodes all video before the point of resumption.
  init(path: String, options: MediaOptions, interruption: Interruption, skipsToResume: Bool = true) throws(MediaError) {
    let container = try Container(path: path, limits: options.limits, interruption: interruption)
    var choice = try StreamChoice(container, options)
    var (pictures, sound): (PictureTrack?, SoundTrack?)
    if let index = choice.video, let stream = container.streams[index] {
      pictures = try PictureTrack(stream: stream, options: options, skipsToResume: skipsToResume, path: path)
    }
    if let index = choice.audio, let stream = container.streams[index] {
      sound = try SoundTrack(stream: stream, options: options, path: path)
    }
    for stream in container.streams.compactMap({ $0 }) where ![choice.video, choice.audio].contains(Int(stream.pointee.index)) {
      stream.pointee.discard = AVDISCARD_ALL
    }
    let origin = StreamChoice.origin(container, choice)
    clock = StreamClock(origin: origin, joinsRecordings: container.context.pointee.iformat.pointee.flags & AVFMT_TS_DISCONT != 0)
    promisedEnd = Self.promisedEnd(container, choice, clock)
    resume = options.resume?.time.nanoseconds ?? 0
    choice.description.startTime = MediaTime(nanoseconds: origin ?? 0)
    description = choice.description
    videoStream = choice.video.map { Int32($0) }
    audioStream = choice.audio.map { Int32($0) }
    self.pictures = pictures
    self.sound = sound
    self.interruption = interruption
    self.container = container
  }

  var statistics: MediaStatistics {
    var all = counts
    if let pictures { all.pictures = pictures.statistics }
    if let sound { all.sound = sound.statistics }
    return all
  }

  /// Whether a resumed run must be opened again without skipping.
  var mustStartOver: Bool { pictures?.mustStartOver ?? false }

  func next() throws -> MediaItem? {
    while ready.isEmpty, !isFinished, !mustStartOver {
      if interruption.isRaised { throw CancellationError() }
      try step()
    }
    return ready.isEmpty || mustStartOver ? nil : ready.removeFirst()
  }

  private func step() throws {
    let result = container.read(into: packet)
    defer { av_packet_unref(packet.pointer) }
    if result >= 0 {
      failuresInARow = 0
      counts.packetsRead += 1
      return take(packet.pointer)
    }
    if interruption.isRaised { throw CancellationError() }
    switch result {
    case ffmpeg_error_eof: try finish(nil)
    case ffmpeg_error_again, ffmpeg_error_invalid_data:
      failuresInARow += 1
      if failuresInARow > Self.mostFailures { try finish("the rest of the file is damaged (\(FFmpegFault.reason(result)))") }
    default: try finish("the rest of the file cannot be read (\(FFmpegFault.reason(result)))")
    }
  }

  private func take(_ packet: UnsafeMutablePointer<AVPacket>) {
    let index = packet.pointee.stream_index
    guard index == videoStream || index == audioStream, let stream = container.streams[Int(index)] else { return }
    guard packet.pointee.size <= container.packetLimit else {
      counts.packetsOversized += 1
      return
    }
    clock.mend(packet, timeBase: stream.pointee.time_base)
    if let time = clock.time(packet.pointee.dts, stream.pointee.time_base) { reached = max(reached, time) }
    if index == videoStream {
      pictures?.take(packet, clock: clock, into: &ready)
    } else {
      sound?.take(packet, clock: clock, into: &ready)
    }
  }

  /// Ends the input: what the decoders still have, then the reason when it ends early.
  private func finish(_ reason: String?) throws {
    isFinished = true
    pictures?.finish(clock, into: &ready)
    sound?.finish(clock, into: &ready)
    if mustStartOver { return }
    let end = max(pictures?.end ?? 0, sound?.end ?? 0)
    pictures?.close(at: end, into: &ready)
    reached = max(reached, end)
    let all = statistics
    guard all.pictures.framesDecoded + all.sound.framesDecoded > 0 else {
      if let size = pictures?.oversized?.split(separator: " ").first(where: { $0.contains("x") && $0.first!.isNumber }) {
        throw MediaError(.limitExceeded, "\(container.path): pictures of \(size) are larger than can be read")
      }
      let why = reason ?? "no picture and no sound in it could be decoded"
      throw MediaError(.corruptInput, "\(container.path): not a media file that can be used: \(why)")
    }
    if let promisedEnd, promisedEnd - end >= PictureTrack.shortestGap, promisedEnd > resume {
      ready.append(
        .gap(range(end, promisedEnd), reason ?? "the file is cut short: its index goes on to \(MediaTime(nanoseconds: promisedEnd))"))
    } else if let reason, end >= resume {
      ready.append(.gap(range(end, end), reason))
    }
  }

  private func range(_ start: Int64, _ end: Int64) -> TimeRange {
    TimeRange(start: MediaTime(nanoseconds: start), end: MediaTime(nanoseconds: end))
  }

  /// When the index points beyond the end of the file, the time it goes on to.
  private static func promisedEnd(_ container: borrowing Container, _ choice: StreamChoice, _ clock: StreamClock) -> Int64? {
    var latest: Int64?
    for index in [choice.video, choice.audio].compactMap({ $0 }) {
      guard let stream = container.streams[index] else { continue }
      var (position, last): (Int64, Int64) = (0, 0)
      guard ffmpeg_index_extent(stream, &position, &last) > 0, position > container.fileBytes else { continue }
      if let time = clock.time(last, stream.pointee.time_base) { latest = max(latest ?? time, time) }
    }
    return latest
  }
}
