import CFFmpeg
import Core
import Foundation

/// A live playlist (HLS), looked at when FFmpeg says that it has ended.
///
/// FFmpeg answers "end of file" alike when a playlist says that it is complete, when it is not there for a moment, when its server is gone and
/// when it stands still. Only the playlist itself knows.
struct Playlist {
  /// Whether nothing will be added.
  let isComplete: Bool
  /// The first playlist this one chooses from; nil for one that lists media.
  let variant: String?

  /// More than any playlist has.
  private static let most = 4 << 20

  /// - Parameter text: RFC 8216.
  init(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    isComplete = lines.contains("#EXT-X-ENDLIST")
    let choice = lines.firstIndex { $0.hasPrefix("#EXT-X-STREAM-INF") }
    variant = choice.flatMap { index in lines[index...].first { !$0.isEmpty && !$0.hasPrefix("#") } }
  }

  /// Why a source that is followed by a playlist sends nothing more.
  static func ending(of source: LiveSource, _ options: LiveOptions, _ interruption: Interruption) -> LiveFault {
    do throws(LiveFault) {
      var url = source.url
      var playlist = Playlist(try fetch(url, source, options, interruption))
      if let variant = playlist.variant {
        url = URL(string: variant, relativeTo: URL(string: url))?.absoluteString ?? variant
        playlist = Playlist(try fetch(url, source, options, interruption))
      }
      if playlist.isComplete { return LiveFault(.ended, "\(source.display): ended") }
      return LiveFault(.absent, "\(source.display): the playlist is not continued")
    } catch {
      let reason = error.message.dropFirst(source.display.count + 2)
      return error.kind == .cancelled ? error : LiveFault(.absent, "\(source.display): the playlist is gone: \(reason)")
    }
  }

  /// The text behind an address, with the options and the protocols of the source.
  private static func fetch(
    _ url: String, _ source: LiveSource, _ options: LiveOptions, _ interruption: Interruption
  ) throws(LiveFault) -> String {
    interruption.allow(options.openTime)
    defer { interruption.allow(nil) }
    ffmpeg_clear_log()
    var dictionary: OpaquePointer?
    for (key, value) in SourceOptions.dictionary(for: source, options) { av_dict_set(&dictionary, key, value, 0) }
    defer { av_dict_free(&dictionary) }
    var callback = interruption.callback
    var io: UnsafeMutablePointer<AVIOContext>?
    let opened = avio_open2(&io, url, AVIO_FLAG_READ, &callback, &dictionary)
    guard opened >= 0, let stream = io else { throw LiveContainer.fault(source, opened, interruption, .opening) }
    defer { avio_closep(&io) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count < most {
      let got = avio_read(stream, &block, Int32(block.count))
      guard got > 0 else { break }
      bytes += block.prefix(Int(got))
    }
    guard !interruption.hasFired else { throw LiveContainer.fault(source, ffmpeg_error_exit, interruption, .opening) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
