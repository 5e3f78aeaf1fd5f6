import Core
import Foundation
import Synchronization

/// The stream's clock as the wall clock has it: how long ago the stream's first moment was.
///
/// It starts when it is first told to, and then counts with the machine's own clock, so that setting the wall clock moves nothing.
final class LiveTime: Sendable {
  private struct Start {
    var instant: ContinuousClock.Instant
    var date: Date
  }

  private let start: Mutex<Start?>

  /// - Parameter date: the wall-clock time of the stream's first moment; nil for a stream that has not begun.
  init(startedAt date: Date?) {
    start = Mutex(date.map { Start(instant: .now - .seconds(max(0, -$0.timeIntervalSinceNow)), date: $0) })
  }

  /// Begins now, unless it has begun.
  ///
  /// - Returns: the wall-clock time of the stream's first moment.
  @discardableResult
  func begin(at date: Date = Date()) -> Date {
    start.withLock {
      let known = $0 ?? Start(instant: .now - .seconds(max(0, -date.timeIntervalSinceNow)), date: date)
      $0 = known
      return known.date
    }
  }

  /// Where on the stream's clock we are; zero before it has begun.
  var now: MediaTime {
    guard let start = start.withLock({ $0 }) else { return .zero }
    return MediaTime(seconds: (ContinuousClock.now - start.instant).seconds)
  }

  /// The wall-clock time of a moment.
  func date(of time: MediaTime) -> Date {
    (start.withLock { $0?.date } ?? Date()).addingTimeInterval(time.seconds)
  }
}
