import CFFmpeg
import Core

/// A picture as a baseline JPEG file.
///
/// *Units* `quality` is 1 (smallest) to 100 (best). *Throws* `misconfigured` for a size that JPEG cannot hold.
package func jpeg(_ picture: Picture, quality: Int) throws(MediaError) -> [UInt8] {
  guard (1...65_500).contains(picture.width), (1...65_500).contains(picture.height), [1, 3].contains(picture.planes) else {
    throw MediaError(.misconfigured, "a picture of \(picture.width)x\(picture.height)x\(picture.planes) cannot become a JPEG")
  }
  ffmpeg_capture_log()
  let frame = try jpegFrame(of: picture)
  // libavcodec's scale runs from 2 (best) to 31.
  let scale = 2 + (100 - min(max(quality, 1), 100)) * 29 / 99
  return try encode(frame, scale: Int32(scale))
}

private func fault(_ code: Int32) -> MediaError { MediaError(.needsReset, "encoding a JPEG failed: \(FFmpegFault.reason(code))") }

/// The picture in full-range 4:2:0.
private func jpegFrame(of picture: Picture) throws(MediaError) -> NativeFrame {
  let frame = NativeFrame()
  frame.pointer.pointee.width = Int32(picture.width)
  frame.pointer.pointee.height = Int32(picture.height)
  frame.pointer.pointee.format = AV_PIX_FMT_YUVJ420P.rawValue
  frame.pointer.pointee.color_range = AVCOL_RANGE_JPEG
  let allocated = av_frame_get_buffer(frame.pointer, 0)
  guard allocated >= 0 else { throw fault(allocated) }
  let format = picture.planes == 3 ? AV_PIX_FMT_GBRP : AV_PIX_FMT_GRAY8
  let (width, height) = (Int32(picture.width), Int32(picture.height))
  guard
    let context = sws_getContext(
      width, height, format, width, height, AV_PIX_FMT_YUVJ420P, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, nil, nil, nil)
  else { throw fault(ffmpeg_error_invalid_data) }
  defer { sws_freeContext(context) }
  _ = ffmpeg_set_scale_colours(context, SWS_CS_ITU601, 1, 1)
  let rows = picture.samples.withUnsafeBufferPointer {
    ffmpeg_scale_planes(context, $0.baseAddress, width, height, Int32(picture.planes), frame.pointer)
  }
  guard rows > 0 else { throw fault(rows) }
  return frame
}

private func encode(_ frame: borrowing NativeFrame, scale: Int32) throws(MediaError) -> [UInt8] {
  guard let codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG), let context = avcodec_alloc_context3(codec) else {
    throw MediaError(.unavailable, "this FFmpeg has no JPEG encoder")
  }
  var freed: UnsafeMutablePointer<AVCodecContext>? = context
  defer { avcodec_free_context(&freed) }
  context.pointee.width = frame.pointer.pointee.width
  context.pointee.height = frame.pointer.pointee.height
  context.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
  context.pointee.color_range = AVCOL_RANGE_JPEG
  context.pointee.time_base = AVRational(num: 1, den: 1)
  context.pointee.thread_count = 1
  context.pointee.flags |= AV_CODEC_FLAG_QSCALE | Int32(AV_CODEC_FLAG_BITEXACT)
  context.pointee.global_quality = scale * FF_QP2LAMBDA
  frame.pointer.pointee.quality = scale * FF_QP2LAMBDA
  let packet = NativePacket()
  var result = avcodec_open2(context, codec, nil)
  if result >= 0 { result = avcodec_send_frame(context, frame.pointer) }
  if result >= 0 { result = avcodec_send_frame(context, nil) }
  if result >= 0 { result = avcodec_receive_packet(context, packet.pointer) }
  guard result >= 0 else { throw fault(result) }
  return Array(UnsafeBufferPointer(start: packet.pointer.pointee.data, count: Int(packet.pointer.pointee.size)))
}
