import Core
import Foundation

/// A live source as a user names it: an address, a pipe, a growing file, a device.
package struct LiveSource: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// Standard input; its end is the end.
    case standardInput
    /// A named pipe: whoever opens it next goes on.
    case fifo
    /// A file that somebody is still writing.
    case file
    /// A session description of RTP streams.
    case description
    /// FFmpeg's name of a capture device's kind, or `lavfi` for a synthetic source.
    case device(String)
    /// An address, by its scheme.
    case network(String)
  }

  package var kind: Kind
  /// What FFmpeg is given: may hold credentials, and is never printed.
  let address: String
  /// The same for people.
  package let display: String

  /// Address schemes that are followed, and the protocols each may lead to.
  private static let protocols: [String: String] = [
    "rtsp": "rtsp,tcp,udp,rtp,srtp,http,https,tls", "rtsps": "rtsp,tcp,udp,rtp,srtp,http,https,tls", "rtmp": "rtmp,tcp",
    "rtmps": "rtmp,rtmps,tcp,tls", "rtmpt": "rtmp,rtmpt,ffrtmphttp,http,tcp",
    "http": "http,https,tcp,tls,crypto", "https": "http,https,tcp,tls,crypto", "srt": "srt", "udp": "udp", "rtp": "rtp,udp,srtp",
    "tcp": "tcp", "tls": "tls,tcp", "unix": "unix",
  ]
  private static let devices: Set<String> = ["lavfi", "v4l2", "alsa", "pulse", "fbdev", "x11grab", "jack"]
  /// Formats an address may turn out to have. None of them refers to local files.
  static let formats = [
    "rtsp,sdp,rtp,hls,mpegts,flv,live_flv,mov,matroska,webm,ogg,nut,mpeg,mpegvideo,h264,hevc,mjpeg,mpjpeg,mp3,aac,ac3,eac3,flac,wav,asf,avi,",
    "webvtt,m4v,av1,ivf,dv,amr,s16le",
  ].joined()

  /// Whether a name given to `watch` is one for `tail`.
  package static func isLive(_ text: String) -> Bool {
    if text == "-" { return true }
    guard let scheme = Self.scheme(of: text) else { return false }
    return protocols[scheme] != nil || devices.contains(scheme)
  }

  /// *Throws* `LiveFault.misconfigured` for an address of no known kind, or a path that cannot be followed.
  ///
  /// - Parameter credentials: `user:password` for an address that has none of its own.
  package init(_ text: String, credentials: String? = nil) throws(LiveFault) {
    display = redactingCredentials(in: text)
    if text == "-" {
      (kind, address) = (.standardInput, text)
    } else if let scheme = Self.scheme(of: text), scheme != "file" {
      if Self.devices.contains(scheme) {
        let name = String(text.dropFirst(scheme.count + 1))
        guard !name.isEmpty else { throw LiveFault(.misconfigured, "\(display): names no device; write \(scheme):NAME") }
        (kind, address) = (.device(scheme), name)
      } else {
        guard Self.protocols[scheme] != nil, text.contains("://") else {
          let known = Self.protocols.keys.sorted().joined(separator: ", ")
          throw LiveFault(.misconfigured, "\(display): '\(scheme)' is no kind of live source; there are \(known), devices, files and pipes")
        }
        (kind, address) = (.network(scheme), Self.adding(credentials, to: text))
      }
    } else {
      address = text.hasPrefix("file:") ? String(text.dropFirst(text.hasPrefix("file://") ? 7 : 5)) : text
      kind = try Self.kind(ofPath: address, display)
    }
  }

  private static func kind(ofPath path: String, _ display: String) throws(LiveFault) -> Kind {
    var status = stat()
    guard !path.isEmpty, stat(path, &status) == 0 else {
      // A file that is to be written may not be there yet.
      if !path.isEmpty, !path.hasSuffix("/") { return .file }
      throw LiveFault(.misconfigured, "\(display.isEmpty ? "\"\"" : display): names nothing to follow")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return path.hasSuffix(".sdp") ? .description : .file
    case S_IFIFO: return .fifo
    case S_IFCHR where path.hasPrefix("/dev/video"): return .device("v4l2")
    case S_IFDIR: throw LiveFault(.misconfigured, "\(display): is a folder; name a stream, a file that grows, a pipe or a device")
    default: throw LiveFault(.misconfigured, "\(display): is no file, pipe or video device")
    }
  }

  /// What stands before the first colon, when it can be a scheme.
  private static func scheme(of text: String) -> String? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let scheme = text[..<colon].lowercased()
    guard scheme.count > 1, scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }) else { return nil }
    return scheme.first?.isLetter == true && !scheme.contains("/") ? scheme : nil
  }

  private static func adding(_ credentials: String?, to url: String) -> String {
    guard let credentials, let start = url.range(of: "://")?.upperBound else { return url }
    if url[start...].prefix(while: { $0 != "/" }).contains("@") { return url }
    let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
    let parts = credentials.split(separator: ":", maxSplits: 1).map { $0.addingPercentEncoding(withAllowedCharacters: allowed) ?? "" }
    return url[..<start] + parts.joined(separator: ":") + "@" + url[start...]
  }

  /// A name for the stream: what tells sources apart, without scheme, credentials and parameters.
  package var name: String {
    switch kind {
    case .standardInput: return "stdin"
    case .file, .fifo, .description: return URL(fileURLWithPath: address).lastPathComponent
    case .device("lavfi"): return "lavfi"
    case .device: return URL(fileURLWithPath: address).lastPathComponent
    case .network:
      let rest = display[(display.range(of: "://")?.upperBound ?? display.startIndex)...]
      let place = rest.prefix { $0 != "?" }.drop { rest.hasPrefix("***@") && "*@".contains($0) }
      let trimmed = place.trimmingCharacters(in: CharacterSet(charactersIn: "/@"))
      return trimmed.isEmpty ? display : trimmed
    }
  }

  /// Whether an end of the source is the end: nobody goes on.
  var endsForGood: Bool {
    switch kind {
    case .standardInput, .device("lavfi"): true
    default: false
    }
  }

  /// Whether it is a capture device or a synthetic source.
  var isDevice: Bool {
    if case .device = kind { true } else { false }
  }

  /// When a file that grows was made; nil for other sources, and where the file system does not say.
  package var birth: Date? {
    guard kind == .file else { return nil }
    return try? FileManager.default.attributesOfItem(atPath: address)[.creationDate] as? Date
  }

  /// Whether bytes come through a descriptor of ours rather than one of FFmpeg's protocols.
  var isDescriptor: Bool { [.standardInput, .fifo, .file].contains(kind) }

  /// The demuxer to use; nil finds out.
  var format: String? {
    switch kind {
    case .device(let name): name
    case .network("rtsp"), .network("rtsps"): "rtsp"
    case .network("rtp"): "rtp"
    case .description: "sdp"
    default: nil
    }
  }

  /// What the demuxer may open.
  var protocolWhitelist: String {
    switch kind {
    case .standardInput, .fifo, .file: "none"
    case .description: "file,rtp,udp,srtp"
    case .device: "file"
    case .network(let scheme): Self.protocols[scheme] ?? "none"
    }
  }

  /// What FFmpeg opens.
  var url: String { kind == .description ? "file:" + address : address }

  /// The path behind a descriptor; nil for standard input.
  var path: String? { kind == .file || kind == .fifo ? address : nil }
}
