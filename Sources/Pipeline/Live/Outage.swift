import Core
import Foundation

/// A time without a signal, as it is remembered.
struct Outage: Sendable, Equatable {
  var start: MediaTime
  /// Why, one line without the address.
  var reason: String

  /// What the memory is told; told again with a later end, it takes the place of what it was told before.
  func observation(until end: MediaTime, isOver: Bool, time: LiveTime) -> Observation {
    let range = TimeRange(start: start, end: end)
    return Observation(range: range, content: .gap(Self.text(range, isOver: isOver, "no signal", reason, time)))
  }

  /// "no signal from 12:03:10 to 12:03:41 (31 s): connection refused"
  static func text(_ range: TimeRange, isOver: Bool = true, _ what: String, _ reason: String?, _ time: LiveTime) -> String {
    let length = isOver ? " to \(TimeOfDay.text(time.date(of: range.end))) (\(duration(range.duration.seconds)))" : ""
    return "\(what) \(isOver ? "from" : "since") \(TimeOfDay.text(time.date(of: range.start)))\(length)" + (reason.map { ": \($0)" } ?? "")
  }

  static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.rounded()), 1e9))
    if whole < 120 { return "\(whole) s" }
    return whole < 7200 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}

/// The time of day as it is here, `12:03:10`.
package enum TimeOfDay {
  package static func text(_ date: Date) -> String {
    var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
    var parts = tm()
    localtime_r(&seconds, &parts)
    return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}
