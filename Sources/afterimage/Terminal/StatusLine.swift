import Core
import Foundation
import Pipeline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a live stream stands, in one line of a given width, as a value.
struct StatusLine {
  var status: TailStatus

  /// What matters most stays as the terminal gets narrower.
  func drawn(columns: Int) -> String {
    var parts = [head]
    for part in details where DisplayWidth.of((parts + [part]).joined(separator: "  ")) < columns { parts.append(part) }
    return DisplayWidth.clipped(parts.joined(separator: "  "), to: columns - 1)
  }

  var plain: String { ([head] + details).joined(separator: ", ") }

  private var head: String {
    switch status.phase {
    case .live: "\(status.stream)  \(Clock.text(status.time.seconds))"
    case .connecting: "\(status.stream)  connecting"
    case .lost: "\(status.stream)  no signal"
    case .ended: "\(status.stream)  \(Clock.text(status.time.seconds))"
    }
  }

  private var details: [String] {
    let counts = status.counts
    var parts: [String] = []
    if status.shedding > .none { parts.append("overload: without \(Self.left(out: status.shedding))") }
    if status.phase == .live { parts.append("lag \(Clock.decimal(status.lag.seconds)) s") }
    parts.append("\(counts.frames) frames" + (status.droppedFrames > 0 ? " (\(status.droppedFrames) dropped)" : ""))
    if status.droppedSound > 0 { parts.append("\(status.droppedSound) pieces of sound dropped") }
    parts.append("\(counts.words) words")
    parts.append(Clock.bytes(status.received))
    if status.reconnects > 0 { parts.append("\(status.reconnects) reconnects") }
    return parts
  }

  private static func left(out level: Shedding.Level) -> String {
    switch level {
    case .none: ""
    case .text: "text"
    case .vision: "text, most pictures"
    case .beam: "text, most pictures, wide search"
    }
  }
}

/// The time of day as it is here, `12:03:10`.
enum TimeOfDay {
  static func text(_ date: Date) -> String {
    var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
    var parts = tm()
    localtime_r(&seconds, &parts)
    return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}
