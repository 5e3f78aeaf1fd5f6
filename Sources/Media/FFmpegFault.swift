import CFFmpeg
import Core
import Foundation

/// FFmpeg's failures in words.
enum FFmpegFault {
  /// What the error number means, preferring what FFmpeg first logged about it on this thread.
  static func reason(_ code: Int32) -> String {
    let logged = String(cString: ffmpeg_first_log())
    return logged.isEmpty ? text(code) : logged
  }

  static func text(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    av_strerror(code, &buffer, buffer.count)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Why an input could not be opened, and what to do.
  static func opening(_ path: String, _ code: Int32) -> MediaError {
    let logged = String(cString: ffmpeg_first_log())
    switch code {
    case ffmpeg_error_from_errno(ENOENT): return MediaError(.unavailable, "\(path): no such file")
    case ffmpeg_error_from_errno(EACCES), ffmpeg_error_from_errno(EPERM):
      return MediaError(.unavailable, "\(path): no permission to read it; change its permissions or run as its owner")
    case ffmpeg_error_from_errno(ENOMEM): return MediaError(.limitExceeded, "\(path): opening it asks for more memory than there is")
    case ffmpeg_error_exit:
      return MediaError(.corruptInput, "\(path): FFmpeg could not make sense of it in time; the file is damaged or made to stall readers")
    default: break
    }
    if logged.contains("moov atom not found") {
      return MediaError(
        .corruptInput, "\(path): cut short, its index (moov atom) is missing, so nothing in it can be found; copy or record it again")
    }
    let detail = logged.isEmpty || code == ffmpeg_error_invalid_data && logged.count > 200 ? text(code) : logged
    return MediaError(.corruptInput, "\(path): not a media file that FFmpeg can read (\(detail))")
  }
}
