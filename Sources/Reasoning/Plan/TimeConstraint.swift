import Core
import Foundation

/// A stretch of time a question limits itself to.
package struct TimeConstraint: Sendable, Equatable {
  /// Seconds; nil leaves the side open. `fromEnd` counts back from the end of what was remembered, `agoSeconds` from the question.
  package var from: Double?
  package var to: Double?
  package var countsFromEnd = false
  package var countsFromQuestion = false
  /// Whether it was given as a clock shows it, "14:05", which may be hours and minutes of a day.
  package var isClock = false

  /// The stretch of one stream that is meant.
  ///
  /// - Parameter now: where on the stream's clock the question was asked; the end of the stream when its wall clock is not known.
  package func range(in extent: TimeRange, now: MediaTime) -> TimeRange {
    let origin = countsFromEnd ? extent.end.seconds : countsFromQuestion ? now.seconds : extent.start.seconds
    let backwards = countsFromEnd || countsFromQuestion
    let low = from.map { backwards ? origin - $0 : origin + $0 } ?? extent.start.seconds
    let high = to.map { backwards ? origin - $0 : origin + $0 } ?? extent.end.seconds
    return TimeRange(start: MediaTime(seconds: low), end: MediaTime(seconds: high))
  }
}
