import CFFmpeg
import Core
import Foundation

/// Owns an opened live source and its demuxer.
///
/// Whether a call was cut short is told by our own deadline and never by what it returned. *Isolation* the queue that reads it; closing
/// may block, and whoever waits for that gives it a deadline of its own.
struct LiveContainer: ~Copyable {
  let context: UnsafeMutablePointer<AVFormatContext>
  private let io: UnsafeMutablePointer<AVIOContext>?
  /// Kept alive for the callbacks.
  let file: PolledFile?
  private let interruption: Interruption
  /// Options of the user's that nothing took.
  let leftOver: [String]
  let packetLimit: Int32

  init(_ source: LiveSource, _ options: LiveOptions, _ interruption: Interruption) throws(LiveFault) {
    ffmpeg_capture_log()
    ffmpeg_register_devices()
    ffmpeg_clear_log()
    let file = source.isDescriptor ? try PolledFile(source, interruption) : nil
    let io = file?.context()
    if file != nil, io == nil { throw LiveFault(.absent, "\(source.display): out of memory") }
    (context, leftOver) = try Self.opened(source, options, io, interruption)
    interruption.allow(nil)
    self.io = io
    self.file = file
    self.interruption = interruption
    packetLimit = Int32(clamping: options.limits.packetBytes)
  }

  /// Opens and probes; on failure nothing is left.
  private static func opened(
    _ source: LiveSource, _ options: LiveOptions, _ io: UnsafeMutablePointer<AVIOContext>?, _ interruption: Interruption
  ) throws(LiveFault) -> (UnsafeMutablePointer<AVFormatContext>, [String]) {
    do throws(LiveFault) {
      interruption.allow(options.openTime)
      let (context, leftOver) = try open(source, options, io, interruption)
      interruption.allow(options.probeTime)
      do throws(LiveFault) { try probe(context, source, options, interruption) } catch {
        var closed: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&closed)
        throw error
      }
      return (context, leftOver)
    } catch {
      free(io)
      throw error
    }
  }

  deinit {
    var closed: UnsafeMutablePointer<AVFormatContext>? = context
    interruption.allow(.seconds(2))
    avformat_close_input(&closed)
    Self.free(io)
  }

  private static func free(_ io: UnsafeMutablePointer<AVIOContext>?) {
    guard var io else { return }
    av_freep(&io.pointee.buffer)
    withUnsafeMutablePointer(to: &io) { pointer in
      pointer.withMemoryRebound(to: UnsafeMutablePointer<AVIOContext>?.self, capacity: 1) { avio_context_free($0) }
    }
  }

  var streams: UnsafeBufferPointer<UnsafeMutablePointer<AVStream>?> {
    UnsafeBufferPointer(start: context.pointee.streams, count: Int(context.pointee.nb_streams))
  }

  var formatName: String { String(cString: context.pointee.iformat.pointee.name) }

  /// Whether all of a source of known length has been read.
  var isComplete: Bool {
    if let file { return file.isWhole }
    guard let pb = context.pointee.pb else { return false }
    let size = avio_size(pb)
    return size > 0 && ffmpeg_position(pb) >= size
  }

  func read(into packet: borrowing NativePacket) -> Int32 {
    ffmpeg_clear_log()
    return av_read_frame(context, packet.pointer)
  }

  private static func open(
    _ source: LiveSource, _ options: LiveOptions, _ io: UnsafeMutablePointer<AVIOContext>?, _ interruption: Interruption
  ) throws(LiveFault) -> (UnsafeMutablePointer<AVFormatContext>, [String]) {
    var format: UnsafePointer<AVInputFormat>?
    if let name = source.format {
      format = av_find_input_format(name)
      guard format != nil else { throw LiveFault(.misconfigured, "\(source.display): this FFmpeg has no '\(name)'") }
    } else if let io {
      let probed = av_probe_input_buffer2(io, &format, source.path ?? "", nil, 0, UInt32(clamping: min(options.limits.probeBytes, 1 << 20)))
      guard probed >= 0, format != nil else { throw fault(source, probed, interruption, .opening) }
      if let format, Container.refersElsewhere(format) {
        throw LiveFault(.refused, "\(source.display): is a playlist that refers to other files or hosts; give its own address")
      }
    }
    var context = avformat_alloc_context()
    guard context != nil else { throw LiveFault(.absent, "\(source.display): out of memory") }
    context?.pointee.pb = io
    context?.pointee.interrupt_callback = interruption.callback
    var dictionary: OpaquePointer?
    for (key, value) in SourceOptions.dictionary(for: source, options) { av_dict_set(&dictionary, key, value, 0) }
    let result = avformat_open_input(&context, source.url, format, &dictionary)
    defer { av_dict_free(&dictionary) }
    // It may say that it succeeded when it was interrupted.
    guard result >= 0, let opened = context, !interruption.hasFired else {
      if result >= 0 { avformat_close_input(&context) }
      throw fault(source, result, interruption, .opening)
    }
    let left = options.extra.keys.filter { av_dict_get(dictionary, $0, nil, 0) != nil }
    return (opened, left.sorted())
  }

  private static func probe(
    _ context: UnsafeMutablePointer<AVFormatContext>, _ source: LiveSource, _ options: LiveOptions, _ interruption: Interruption
  ) throws(LiveFault) {
    let result = Container.probe(context, options.limits)
    // What it found until it was stopped may do; reading on will tell.
    let hasFired = interruption.hasFired || (context.pointee.pb?.pointee.error ?? 0) == ffmpeg_error_exit
    guard result >= 0, !interruption.isRaised, !hasFired else {
      throw fault(source, result, interruption, .probing)
    }
  }

  /// What an error means for a live source, or the deadline that was behind it.
  static func fault(_ source: LiveSource, _ code: Int32, _ interruption: Interruption, _ moment: LiveFault.Moment) -> LiveFault {
    if interruption.isRaised { return LiveFault(.cancelled, "\(source.display): stopped") }
    if interruption.hasFired {
      return LiveFault(.absent, "\(source.display): \(moment == .probing ? "no media that makes sense came" : "no answer") in time")
    }
    return .of(code, source, at: moment, logged: redactingCredentials(in: String(cString: ffmpeg_first_log())))
  }
}
