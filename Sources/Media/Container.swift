import CFFmpeg
import Core
import Foundation

/// Owns an opened local file and its demuxer.
///
/// The demuxer may open nothing else: no protocol is allowed to it, so a playlist or a reference inside a file leads nowhere.
struct Container: ~Copyable {
  let context: UnsafeMutablePointer<AVFormatContext>
  private let io: UnsafeMutablePointer<AVIOContext>
  /// Kept alive for the callbacks of `context` and `io`.
  private let interruption: Interruption
  let path: String
  let fileBytes: Int64
  let packetLimit: Int32

  /// How long opening and probing may take.
  static let openingTime = Duration.seconds(30)

  init(path: String, limits: MediaLimits, interruption: Interruption) throws(MediaError) {
    ffmpeg_capture_log()
    let size = try Self.sizeOfRegularFile(path)
    interruption.allow(Self.openingTime)
    ffmpeg_clear_log()
    let io = try Self.openFile(path, interruption)
    let context: UnsafeMutablePointer<AVFormatContext>
    do throws(MediaError) {
      context = try Self.openDemuxer(path, io, limits, interruption)
    } catch {
      var closed: UnsafeMutablePointer<AVIOContext>? = io
      avio_closep(&closed)
      throw error
    }
    interruption.allow(nil)
    fileBytes = size
    packetLimit = Int32(clamping: limits.packetBytes)
    self.path = path
    self.interruption = interruption
    self.io = io
    self.context = context
  }

  deinit {
    var closed: UnsafeMutablePointer<AVFormatContext>? = context
    avformat_close_input(&closed)
    var file: UnsafeMutablePointer<AVIOContext>? = io
    avio_closep(&file)
  }

  var streams: UnsafeBufferPointer<UnsafeMutablePointer<AVStream>?> {
    UnsafeBufferPointer(start: context.pointee.streams, count: Int(context.pointee.nb_streams))
  }

  var formatName: String { String(cString: context.pointee.iformat.pointee.name) }

  /// The next packet; a negative FFmpeg error at the end or on failure.
  func read(into packet: borrowing NativePacket) -> Int32 {
    ffmpeg_clear_log()
    return av_read_frame(context, packet.pointer)
  }

  /// What is not a regular file is refused before it is opened: opening a FIFO blocks where nothing can interrupt it.
  private static func sizeOfRegularFile(_ path: String) throws(MediaError) -> Int64 {
    if path.contains("://") {
      throw MediaError(.misconfigured, "\(redactingCredentials(in: path)): is an address and not a file")
    }
    var status = stat()
    guard !path.isEmpty, stat(path, &status) == 0 else {
      if errno == EACCES { throw FFmpegFault.opening(path, ffmpeg_error_from_errno(EACCES)) }
      throw MediaError(.unavailable, "\(path.isEmpty ? "\"\"" : path): no such file")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw MediaError(.misconfigured, "\(path): is a folder; name the media files in it")
    default: throw MediaError(.misconfigured, "\(path): is not a regular file (a pipe, device or socket); give a media file")
    }
    guard status.st_size > 0 else { throw MediaError(.corruptInput, "\(path): is empty") }
    return Int64(status.st_size)
  }

  private static func openFile(_ path: String, _ interruption: Interruption) throws(MediaError) -> UnsafeMutablePointer<AVIOContext> {
    var options: OpaquePointer?
    av_dict_set(&options, "protocol_whitelist", "file", 0)
    var callback = interruption.callback
    var io: UnsafeMutablePointer<AVIOContext>?
    let result = avio_open2(&io, "file:" + path, AVIO_FLAG_READ, &callback, &options)
    av_dict_free(&options)
    guard result >= 0, let io else { throw FFmpegFault.opening(path, result) }
    return io
  }

  private static func openDemuxer(
    _ path: String, _ io: UnsafeMutablePointer<AVIOContext>, _ limits: MediaLimits, _ interruption: Interruption
  ) throws(MediaError) -> UnsafeMutablePointer<AVFormatContext> {
    var format: UnsafePointer<AVInputFormat>?
    let most = UInt32(clamping: min(limits.probeBytes, 1 << 20))
    var probed = av_probe_input_buffer2(io, &format, path, nil, 0, most)
    if probed >= 0, let first = format, String(cString: first.pointee.name) == "image2" {
      // By its name a still could be one of a series of files; by its content it is one picture.
      avio_seek(io, 0, SEEK_SET)
      format = nil
      probed = av_probe_input_buffer2(io, &format, nil, nil, 0, most)
    }
    guard probed >= 0, let format else { throw openingFault(path, probed, limits) }
    guard !refersElsewhere(format) else {
      throw MediaError(.misconfigured, "\(path): is a playlist that refers to other files or hosts; give the media file itself")
    }
    // FFmpeg draws what a text file holds, by its name, as letters on a screen.
    guard String(cString: format.pointee.name) != "tty" else {
      throw MediaError(.corruptInput, "\(path): is a text file; give a video, a recording or a picture")
    }
    var context = avformat_alloc_context()
    guard context != nil else { preconditionFailure("out of memory for a demuxer") }
    context?.pointee.pb = io
    context?.pointee.interrupt_callback = interruption.callback
    var options: OpaquePointer?
    av_dict_set(&options, "protocol_whitelist", "none", 0)
    av_dict_set_int(&options, "max_streams", Int64(limits.streams), 0)
    av_dict_set_int(&options, "probesize", Int64(limits.probeBytes), 0)
    av_dict_set_int(&options, "analyzeduration", limits.probeTime.nanoseconds / 1000, 0)
    var result = avformat_open_input(&context, path, format, &options)
    av_dict_free(&options)
    guard result >= 0, let context else {
      // The least score: the file's name speaks for the format, nothing in it does.
      throw probed <= 1
        ? MediaError(.corruptInput, "\(path): not a media file: only its name is one's") : openingFault(path, result, limits)
    }
    result = probe(context, limits)
    guard result >= 0 else {
      var closed: UnsafeMutablePointer<AVFormatContext>? = context
      avformat_close_input(&closed)
      throw openingFault(path, result, limits)
    }
    return context
  }

  private static func openingFault(_ path: String, _ code: Int32, _ limits: MediaLimits) -> MediaError {
    if String(cString: ffmpeg_first_log()).contains("max_streams") {
      return MediaError(.limitExceeded, "\(path): has more than \(limits.streams) streams, the most that are read")
    }
    return FFmpegFault.opening(path, code)
  }

  /// Whether a file of this format only says where the media is.
  static func refersElsewhere(_ format: UnsafePointer<AVInputFormat>) -> Bool {
    let names = String(cString: format.pointee.name).split(separator: ",")
    return names.contains { ["hls", "applehttp", "dash", "concat", "sdp", "rtp", "imf", "image2", "webm_dash_manifest"].contains($0) }
  }

  /// Finds out what the streams are, with pictures no larger than allowed.
  static func probe(_ context: UnsafeMutablePointer<AVFormatContext>, _ limits: MediaLimits) -> Int32 {
    var options = [OpaquePointer?](repeating: nil, count: Int(context.pointee.nb_streams))
    for index in options.indices { av_dict_set_int(&options[index], "max_pixels", Int64(limits.pixels), 0) }
    let result = options.withUnsafeMutableBufferPointer { buffer in
      let result = avformat_find_stream_info(context, buffer.baseAddress)
      for index in buffer.indices { av_dict_free(&buffer[index]) }
      return result
    }
    return result
  }
}
