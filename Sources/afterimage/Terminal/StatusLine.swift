import Core
import Foundation
import Pipeline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How live streams stand, all of them in one line of a given width, as a value.
struct StatusLine: Sendable {
  var statuses: [TailStatus]

  /// What matters most stays as the terminal gets narrower.
  func drawn(columns: Int) -> String {
    var parts = [head]
    for part in details where DisplayWidth.of((parts + [part]).joined(separator: "  ")) < columns { parts.append(part) }
    return DisplayWidth.clipped(parts.joined(separator: "  "), to: columns - 1)
  }

  var plain: String { ([head] + details).joined(separator: ", ") }

  private var head: String {
    guard statuses.count == 1, let status = statuses.first else {
      let count = { (phase: TailStatus.Phase) in statuses.count { $0.phase == phase } }
      let parts: [(TailStatus.Phase, String)] = [(.live, "live"), (.connecting, "connecting"), (.lost, "no signal"), (.ended, "ended")]
      let told = parts.filter { count($0.0) > 0 }.map { "\(count($0.0)) \($0.1)" }.joined(separator: ", ")
      return "\(statuses.count) streams: \(told)  \(Clock.text(statuses.map(\.time.seconds).max() ?? 0))"
    }
    switch status.phase {
    case .live, .ended: return "\(status.stream)  \(Clock.text(status.time.seconds))"
    case .connecting: return "\(status.stream)  connecting"
    case .lost: return "\(status.stream)  \(Clock.text(status.time.seconds))  no signal"
    }
  }

  private var details: [String] {
    let sum = { (count: (TailStatus) -> Int) in statuses.reduce(0) { $0 + count($1) } }
    let (droppedFrames, droppedSound, reconnects) = (sum(\.droppedFrames), sum(\.droppedSound), sum(\.reconnects))
    var parts: [String] = []
    if let level = statuses.map(\.shedding).max(), level > .none { parts.append("overload: without \(Self.left(out: level))") }
    if let slowest = statuses.filter({ $0.phase == .live }).max(by: { $0.lag < $1.lag }) {
      parts.append("lag \(Clock.decimal(slowest.lag.seconds)) s\(statuses.count > 1 ? " (\(slowest.stream))" : "")")
    }
    parts.append("\(sum(\.counts.frames)) frames" + (droppedFrames > 0 ? " (\(droppedFrames) dropped)" : ""))
    if droppedSound > 0 { parts.append("\(droppedSound) pieces of sound dropped") }
    parts.append("\(sum(\.counts.words)) words")
    parts.append(Clock.bytes(statuses.reduce(0) { $0 + $1.received }))
    if reconnects > 0 { parts.append("\(reconnects) reconnects") }
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
