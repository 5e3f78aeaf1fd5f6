import CFFmpeg

/// Converts decoded sound of one format to 16 kHz mono.
final class Resampler {
  private let context: OpaquePointer
  private let format: Int32
  private let rate: Int32
  private let channels: Int32
  private let mask: UInt64
  private var output: [Float] = []

  /// Nil when libswresample cannot convert the frame's format.
  init?(for frame: UnsafeMutablePointer<AVFrame>) {
    guard let context = ffmpeg_mono_resampler(frame, Int32(AudioChunk.sampleRateHertz)) else { return nil }
    self.context = context
    format = frame.pointee.format
    rate = frame.pointee.sample_rate
    channels = frame.pointee.ch_layout.nb_channels
    mask = frame.pointee.ch_layout.u.mask
  }

  deinit {
    var freed: OpaquePointer? = context
    swr_free(&freed)
  }

  func fits(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    frame.pointee.format == format && frame.pointee.sample_rate == rate && frame.pointee.ch_layout.nb_channels == channels
      && frame.pointee.ch_layout.u.mask == mask
  }

  func convert(_ frame: UnsafeMutablePointer<AVFrame>, skipping skipped: Int32, to consume: (UnsafeBufferPointer<Float>) -> Void) {
    run(frame, skipped, capacity: swr_get_out_samples(context, frame.pointee.nb_samples - skipped), consume)
  }

  /// Hands over what the filter still holds, and starts afresh.
  func drain(to consume: (UnsafeBufferPointer<Float>) -> Void) {
    run(nil, 0, capacity: swr_get_out_samples(context, 0) + 64, consume)
    _ = swr_init(context)
  }

  private func run(
    _ frame: UnsafeMutablePointer<AVFrame>?, _ skipped: Int32, capacity: Int32, _ consume: (UnsafeBufferPointer<Float>) -> Void
  ) {
    guard capacity > 0 else { return }
    if output.count < Int(capacity) { output = [Float](repeating: 0, count: Int(capacity)) }
    output.withUnsafeMutableBufferPointer { buffer in
      let written = ffmpeg_resample(context, frame, skipped, buffer.baseAddress, capacity)
      if written > 0 { consume(UnsafeBufferPointer(rebasing: buffer[..<Int(written)])) }
    }
  }
}
