import CFFmpeg
import Core
import Foundation

extension LiveFault {
  /// When a fault happened.
  enum Moment: Sendable {
    case opening, probing, reading
  }

  /// What an error of FFmpeg's means for a live source, in words for people.
  ///
  /// The same number means different things: an input/output error is a server that went away while a stream was read, and one that did not
  /// answer before.
  ///
  /// - Parameter logged: what FFmpeg said of it, without credentials; "" when it said nothing.
  static func of(_ code: Int32, _ source: LiveSource, at moment: Moment, logged: String) -> LiveFault {
    let detail = isTelling(logged, code) ? " (\(logged.prefix(160)))" : ""
    func made(_ kind: Kind, _ reason: String) -> LiveFault {
      LiveFault(kind, "\(source.display): \(reason)\(logged.contains(reason) ? "" : detail)")
    }
    switch code {
    case ffmpeg_error_unauthorized: return made(.refused, "user name or password missing or wrong (401)")
    case ffmpeg_error_forbidden: return made(.refused, "access forbidden (403)")
    case ffmpeg_error_not_found: return made(.refused, "not found (404)")
    case ffmpeg_error_bad_request, ffmpeg_error_other_4xx: return made(.refused, "the server refused the request")
    case ffmpeg_error_server: return made(.absent, "the server has a fault of its own (5xx)")
    case ffmpeg_error_from_errno(EACCES): return made(.refused, "no permission")
    case ffmpeg_error_from_errno(EPERM): return made(.refused, "the server refused")
    case ffmpeg_error_invalid_data: return made(.refused, "what it sends is no media that FFmpeg knows")
    case ffmpeg_error_eof:
      if source.kind == .standardInput { return made(.ended, "standard input held no media") }
      return made(.absent, moment == .reading ? "the source stopped sending" : "it sends nothing")
    default: return made(.absent, lost(code, source, at: moment) ?? FFmpegFault.text(code))
    }
  }

  /// What became of the connection; nil where the error is about something else.
  private static func lost(_ code: Int32, _ source: LiveSource, at moment: Moment) -> String? {
    switch code {
    case ffmpeg_error_exit, ffmpeg_error_from_errno(ETIMEDOUT): return moment == .reading ? "the source stopped sending" : "no answer"
    case ffmpeg_error_from_errno(ECONNREFUSED): return "connection refused"
    case ffmpeg_error_from_errno(ECONNRESET), ffmpeg_error_from_errno(EPIPE): return "the server broke the connection off"
    case ffmpeg_error_from_errno(ENETUNREACH), ffmpeg_error_from_errno(ENETDOWN): return "the network is not there"
    case ffmpeg_error_from_errno(EHOSTUNREACH): return "the host cannot be reached"
    case ffmpeg_error_from_errno(EADDRINUSE): return "the address is in use by another program here"
    case ffmpeg_error_from_errno(ENOENT): return "there is no such \(source.isDevice ? "device" : "file")"
    case ffmpeg_error_from_errno(ENOTTY): return "is no capture device"
    case ffmpeg_error_from_errno(EIO):
      guard case .network(let scheme) = source.kind else { return nil }
      if moment != .reading {
        if scheme.hasPrefix("http") { return "the server gave no answer that makes sense" }
        return scheme == "udp" ? "nobody sends" : "the server did not let the connection come about"
      }
      return scheme == "udp" ? "the source stopped sending" : "the server closed the connection"
    default: return nil
    }
  }

  /// Whether what FFmpeg logged says more than its error number.
  private static func isTelling(_ logged: String, _ code: Int32) -> Bool {
    let empty = ["Connection to tcp://", "Stream ends prematurely", "method "]
    if logged.isEmpty || code == ffmpeg_error_exit || logged.hasSuffix(FFmpegFault.text(code)) { return false }
    return !empty.contains { logged.hasPrefix($0) }
  }
}
