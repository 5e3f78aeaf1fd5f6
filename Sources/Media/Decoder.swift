import CFFmpeg
import Core

/// Owns one decoder.
struct Decoder: ~Copyable {
  let context: UnsafeMutablePointer<AVCodecContext>

  /// *Throws* `unavailable` when FFmpeg has no decoder for the stream or refuses to open it.
  init(stream: UnsafeMutablePointer<AVStream>, threads: Int, limits: MediaLimits, path: String) throws(MediaError) {
    let parameters = stream.pointee.codecpar!
    let name = String(cString: avcodec_get_name(parameters.pointee.codec_id))
    guard let codec = avcodec_find_decoder(parameters.pointee.codec_id), let context = avcodec_alloc_context3(codec) else {
      throw MediaError(.unavailable, "\(path): this FFmpeg has no decoder for \(name)")
    }
    ffmpeg_clear_log()
    var result = avcodec_parameters_to_context(context, parameters)
    if result >= 0 {
      context.pointee.pkt_timebase = stream.pointee.time_base
      context.pointee.max_pixels = Int64(limits.pixels)
      context.pointee.thread_count = Int32(clamping: threads)
      result = avcodec_open2(context, codec, nil)
    }
    guard result >= 0 else {
      var freed: UnsafeMutablePointer<AVCodecContext>? = context
      avcodec_free_context(&freed)
      throw MediaError(.corruptInput, "\(path): the \(name) decoder cannot be opened: \(FFmpegFault.reason(result))")
    }
    self.context = context
  }

  /// Makes the decoder leave out pictures that no other picture needs.
  func skipsNonReference(_ skips: Bool) {
    let wanted = skips ? AVDISCARD_NONREF : AVDISCARD_DEFAULT
    if context.pointee.skip_frame != wanted { context.pointee.skip_frame = wanted }
  }

  /// Nil starts draining.
  func send(_ packet: UnsafeMutablePointer<AVPacket>?) -> Int32 { avcodec_send_packet(context, packet) }

  func receive(into frame: borrowing NativeFrame) -> Int32 { avcodec_receive_frame(context, frame.pointer) }

  func flush() { avcodec_flush_buffers(context) }

  deinit {
    var freed: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&freed)
  }
}
