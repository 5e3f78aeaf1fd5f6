import CFFmpeg
import Core
import Foundation

/// Cuts a stretch out of a media file as it is, without encoding anything anew.
///
/// *Isolation* its own queue.
package actor ClipCutter {
  private let executor = QueueExecutor("afterimage.clip")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package init() {}

  /// Writes the picture and sound of a stretch into a new file, in the container that its name says.
  ///
  /// - Returns: the stretch that was written. Pictures can only begin at a key frame, so it may begin earlier than what was asked for.
  /// *Throws* `MediaError`: `misconfigured` when there is something at `target` already or its container cannot hold this media,
  /// otherwise as reading does.
  package func cut(_ range: TimeRange, of source: String, to target: String) throws(MediaError) -> TimeRange {
    guard !FileManager.default.fileExists(atPath: target) else {
      throw MediaError(.misconfigured, "\(target): is there already; name a new file for the clip")
    }
    let input = try Container(path: source, limits: MediaLimits(), interruption: Interruption())
    let choice = try StreamChoice(input, MediaOptions())
    do throws(MediaError) {
      let output = try ClipFile(target, from: input, choice)
      return try output.take(range, from: input, choice)
    } catch {
      try? FileManager.default.removeItem(atPath: target)
      throw error
    }
  }
}

/// Owns a file that a clip is written into.
private final class ClipFile {
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let path: String
  /// The stream of the file for each stream that is read.
  private let streams: [Int32: Int32]

  init(_ path: String, from input: borrowing Container, _ choice: StreamChoice) throws(MediaError) {
    var made: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_alloc_output_context2(&made, nil, nil, path) >= 0, let context = made else {
      throw MediaError(.misconfigured, "\(path): its ending names no container for a clip; name a .mp4, .mkv or .mov file")
    }
    var streams: [Int32: Int32] = [:]
    for index in [choice.video, choice.audio].compactMap({ $0 }) {
      guard let source = input.streams[index], let stream = avformat_new_stream(context, nil) else { continue }
      avcodec_parameters_copy(stream.pointee.codecpar, source.pointee.codecpar)
      stream.pointee.codecpar.pointee.codec_tag = 0
      stream.pointee.time_base = source.pointee.time_base
      stream.pointee.sample_aspect_ratio = source.pointee.sample_aspect_ratio
      // Pictures that are stored turned stay turned.
      if let matrix = ffmpeg_display_matrix(nil, source), let copy = av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 36) {
        memcpy(copy, matrix, 36)
      }
      streams[Int32(index)] = stream.pointee.index
    }
    (self.context, self.path, self.streams) = (context, path, streams)
    ffmpeg_clear_log()
    var result = avio_open(&context.pointee.pb, "file:" + path, AVIO_FLAG_WRITE)
    guard result >= 0 else { throw MediaError(.unavailable, "\(path): cannot be written (\(FFmpegFault.text(result)))") }
    result = avformat_write_header(context, nil)
    guard result >= 0 else {
      throw MediaError(
        .misconfigured, "\(path): this container cannot hold the media of \(input.path) (\(FFmpegFault.reason(result))); try a .mkv file")
    }
  }

  deinit {
    avio_closep(&context.pointee.pb)
    avformat_free_context(context)
  }

  /// Copies the packets of a stretch, from the last key frame before it on.
  func take(_ range: TimeRange, from input: borrowing Container, _ choice: StreamChoice) throws(MediaError) -> TimeRange {
    let origin = StreamChoice.origin(input, choice) ?? 0
    guard let lead = (choice.video ?? choice.audio).map({ Int32($0) }), let first = keyTime(range.start, input, lead, origin) else {
      throw MediaError(.corruptInput, "\(input.path): holds nothing at \(range.start)")
    }
    let packet = NativePacket()
    var (hasBegun, end) = (false, first)
    var done: Set<Int32> = []
    while done.count < streams.count, input.read(into: packet) >= 0 {
      defer { av_packet_unref(packet.pointer) }
      let index = packet.pointer.pointee.stream_index
      guard let target = streams[index], !done.contains(index), let base = input.streams[Int(index)]?.pointee.time_base,
        let time = Self.time(of: packet, base, origin)
      else { continue }
      if time.decoded >= range.end.nanoseconds {
        done.insert(index)
        continue
      }
      if index == lead, time.presented == first { hasBegun = true }
      guard hasBegun, index == lead || time.decoded >= first else { continue }
      end = max(end, time.presented + max(0, StreamClock.nanoseconds(packet.pointer.pointee.duration, base)))
      try write(packet, from: base, shift: first + origin, to: target)
    }
    let result = av_write_trailer(context)
    guard result >= 0 else { throw fault(result) }
    return TimeRange(start: MediaTime(nanoseconds: first), end: MediaTime(nanoseconds: end))
  }

  /// When the last key packet at or before a time is presented; the input then stands in front of it. nil when the input ends before.
  ///
  /// Some containers find a place only nearly, so it is looked for from further and further back.
  private func keyTime(_ time: MediaTime, _ input: borrowing Container, _ lead: Int32, _ origin: Int64) -> Int64? {
    let packet = NativePacket()
    for back: Int64 in [0, 5_000_000_000, 30_000_000_000, time.nanoseconds] {
      var (key, isReached): (Int64?, Bool) = (nil, false)
      seek(to: time.nanoseconds - back + origin, input)
      while !isReached, input.read(into: packet) >= 0 {
        defer { av_packet_unref(packet.pointer) }
        guard packet.pointer.pointee.stream_index == lead, let base = input.streams[Int(lead)]?.pointee.time_base,
          let found = Self.time(of: packet, base, origin)
        else { continue }
        let isKey = packet.pointer.pointee.flags & AV_PKT_FLAG_KEY != 0
        if isKey, found.presented <= time.nanoseconds + Self.slack { key = found.presented }
        isReached = found.decoded >= time.nanoseconds - Self.slack
      }
      if !isReached { return nil }
      if let key {
        seek(to: time.nanoseconds - back + origin, input)
        return key
      }
    }
    return nil
  }
  /// A moment may begin this long after the last packet's time, and with sound this long before the next.
  private static let slack: Int64 = 50_000_000

  private func seek(to time: Int64, _ input: borrowing Container) {
    _ = avformat_seek_file(input.context, -1, Int64.min, time / 1000, time / 1000, 0)
  }

  /// Nanoseconds on the stream's clock; nil for an empty packet and one without a time.
  private static func time(of packet: borrowing NativePacket, _ base: AVRational, _ origin: Int64) -> (decoded: Int64, presented: Int64)? {
    let (pts, dts) = (packet.pointer.pointee.pts, packet.pointer.pointee.dts)
    guard packet.pointer.pointee.size > 0, pts != ffmpeg_nopts_value || dts != ffmpeg_nopts_value else { return nil }
    let decoded = StreamClock.nanoseconds(dts != ffmpeg_nopts_value ? dts : pts, base) - origin
    return (decoded, pts != ffmpeg_nopts_value ? StreamClock.nanoseconds(pts, base) - origin : decoded)
  }

  private func write(_ packet: borrowing NativePacket, from base: AVRational, shift: Int64, to stream: Int32) throws(MediaError) {
    let ticks = av_rescale_q(shift, AVRational(num: 1, den: 1_000_000_000), base)
    if packet.pointer.pointee.pts != ffmpeg_nopts_value { packet.pointer.pointee.pts -= ticks }
    if packet.pointer.pointee.dts != ffmpeg_nopts_value { packet.pointer.pointee.dts -= ticks }
    guard let target = context.pointee.streams[Int(stream)] else { return }
    av_packet_rescale_ts(packet.pointer, base, target.pointee.time_base)
    packet.pointer.pointee.stream_index = stream
    packet.pointer.pointee.pos = -1
    ffmpeg_clear_log()
    let result = av_interleaved_write_frame(context, packet.pointer)
    guard result >= 0 else { throw fault(result) }
  }

  private func fault(_ code: Int32) -> MediaError {
    MediaError(.unavailable, "\(path): writing the clip failed (\(FFmpegFault.reason(code)))")
  }
}
