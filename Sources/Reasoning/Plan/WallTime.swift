import Core
import Foundation

/// A stretch of a day by the clock on the wall: "yesterday evening", "this morning", "last night".
package struct WallTime: Sendable, Equatable {
  /// 0 is the day of the question, 1 the day before.
  package var daysAgo: Int
  /// Seconds since that midnight; beyond a day it runs into the next.
  package var from = 0.0
  package var to = 86_400.0
  /// As it was asked.
  package var words: String

  /// The stretch on the clock of a stream.
  ///
  /// - Parameters:
  ///   - start: the wall-clock time at which the stream's clock was zero.
  ///   - now: when the question was asked.
  package func range(startedAt start: Date, now: Date, calendar: Calendar = .current) -> TimeRange {
    let today = calendar.startOfDay(for: now)
    let midnight = calendar.date(byAdding: .day, value: -daysAgo, to: today) ?? today
    let low = midnight.timeIntervalSince(start) + from
    return TimeRange(start: MediaTime(seconds: low), end: MediaTime(seconds: low + to - from))
  }

  /// When a stream's clock showed a time of day, "14:05": the last such time inside its extent.
  static func moment(of secondsOfDay: Double, startedAt start: Date, extent: TimeRange, calendar: Calendar = .current) -> MediaTime? {
    let end = start.addingTimeInterval(extent.end.seconds)
    var midnight = calendar.startOfDay(for: end)
    while midnight.addingTimeInterval(86_400) > start.addingTimeInterval(extent.start.seconds) {
      let seconds = midnight.timeIntervalSince(start) + secondsOfDay
      if seconds >= extent.start.seconds, seconds <= extent.end.seconds { return MediaTime(seconds: seconds) }
      guard let before = calendar.date(byAdding: .day, value: -1, to: midnight) else { return nil }
      midnight = before
    }
    return nil
  }
}
