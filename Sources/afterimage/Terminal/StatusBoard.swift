import Core
import Pipeline
import Synchronization

/// The newest status of each stream, so that a feed that is not read for hours holds one of each and not all, and nothing else gives way to them.
final class StatusBoard: Sendable {
  private struct Board {
    var waiting: [StreamID: TailStatus] = [:]
    var hasFailed = false
  }

  private let board = Mutex(Board())

  /// Whether a source failed for good.
  var hasFailed: Bool { board.withLock { $0.hasFailed } }

  /// Takes in an event.
  ///
  /// - Returns: whether it is to be handed on; not when a status of its stream waits already.
  func take(_ event: TailEvent) -> Bool {
    board.withLock { board in
      switch event {
      case .status(let status): return board.waiting.updateValue(status, forKey: status.stream) == nil
      case .ended(_, _, failed: true): board.hasFailed = true
      default: break
      }
      return true
    }
  }

  /// The event to show in the place of one that was handed on.
  func newest(_ event: TailEvent) -> TailEvent {
    guard case .status(let status) = event else { return event }
    return .status(board.withLock { $0.waiting.removeValue(forKey: status.stream) } ?? status)
  }
}
