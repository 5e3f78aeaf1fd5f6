import Core
import Foundation

/// FFmpeg's options for each kind of source, by the names and in the units each protocol knows them by.
///
/// Time-outs here are a second line only, a little longer than our own deadlines: some are ignored, and what they return says nothing.
/// *Source* `ffmpeg -h protocol=…` and `-h demuxer=…` of 5.1.
enum SourceOptions {
  static func dictionary(for source: LiveSource, _ options: LiveOptions) -> [String: String] {
    var all: [String: String] = [
      "protocol_whitelist": source.protocolWhitelist, "max_streams": String(options.limits.streams),
      "probesize": String(options.limits.probeBytes), "analyzeduration": String(options.limits.probeTime.nanoseconds / 1000),
      // A step back is a step back, and not a wrap of 26 hours: the stream's clock follows both.
      "correct_ts_overflow": "0",
    ]
    if case .network = source.kind { all["format_whitelist"] = LiveSource.formats }
    let microseconds = { (time: Duration) in String(Int64((seconds(time) + 2) * 1e6)) }
    let patience = microseconds(max(options.silence, options.openTime))
    switch source.kind {
    case .network(let scheme):
      switch scheme {
      case "rtsp", "rtsps":
        all["rtsp_transport"] = "tcp"
        all["timeout"] = patience
        if options.listens {
          all["rtsp_flags"] = "listen"
          all["listen_timeout"] = String(Int(seconds(options.openTime)) + 2)
          all["timeout"] = nil
        }
      case "rtmp", "rtmps", "rtmpt":
        // Its own `timeout` is in seconds and would make it listen.
        if options.listens {
          all["listen"] = "1"
          all["timeout"] = String(Int(seconds(options.openTime)) + 2)
        } else {
          all["rw_timeout"] = patience
          all["rtmp_live"] = "live"
          all["tcp_nodelay"] = "1"
        }
      case "http", "https":
        all["rw_timeout"] = patience
        if options.listens { all["listen"] = "1" }
        // A download of known length that is cut goes on where it was, and nothing is lost.
        all["reconnect"] = "1"
        all["reconnect_delay_max"] = "2"
        all["live_start_index"] = "-1"
      case "srt":
        all["connect_timeout"] = "3000"
        all["rw_timeout"] = patience
        if options.listens {
          all["mode"] = "listener"
          all["listen_timeout"] = microseconds(options.openTime)
        }
      case "udp":
        all["fifo_size"] = "50000"
        all["overrun_nonfatal"] = "1"
        all["buffer_size"] = "2097152"
      case "rtp": all["buffer_size"] = "2097152"
      case "tcp", "tls":
        all["timeout"] = patience
        if options.listens { all["listen"] = "1" }
      case "unix":
        all["timeout"] = String(Int64((seconds(options.silence) + 2) * 1000))
        if options.listens { all["listen"] = "1" }
      default: break
      }
    case .description: all["listen_timeout"] = String(Int(seconds(options.openTime)) + 2)
    case .standardInput, .fifo, .file, .device: break
    }
    return all.merging(options.extra) { $1 }
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
