import Core
import Synchronization

/// A queue between two tasks, limited by count, bytes and stretch of media. The only thing stages share.
///
/// Any number of senders and receivers; each element is received once, in the order accepted. *Isolation* any task; a full channel
/// suspends the sender, an empty one the receiver, and cancelling either wakes it with `CancellationError`.
package final class BoundedChannel<Element: Sendable>: Sendable {
  private typealias State = ChannelState<Element>

  private enum Waiting {
    case sender(CheckedContinuation<Void, any Error>)
    case receiver(CheckedContinuation<Element?, any Error>)
  }

  private enum Offered {
    case sent(receiver: Waiting?, Element?)
    case stop(any Error)
    case wait
  }

  private enum Taken {
    case got(Element, [Waiting])
    case stop((any Error)?)
    case wait
  }

  private struct Guarded {
    var state: State
    var nextWaiter: State.Waiter = 0
    var waiting: [State.Waiter: Waiting] = [:]
    /// Waiters cancelled between taking their number and suspending: `onCancel` may run first.
    var cancelledEarly: Set<State.Waiter> = []
  }

  private let guarded: Mutex<Guarded>
  private let cost: @Sendable (Element) -> ChannelCost

  /// - Parameter cost: what an element weighs; called once per element, on the sender's task.
  package init(limits: ChannelLimits, cost: @escaping @Sendable (Element) -> ChannelCost = { _ in ChannelCost() }) {
    guarded = Mutex(Guarded(state: State(limits: limits)))
    self.cost = cost
  }

  package var levels: ChannelLevels { guarded.withLock { $0.state.levels } }

  /// Offers an element, waiting for room.
  ///
  /// *Throws* `CancellationError` when the task was cancelled while waiting (the element is not in the channel), the error given to
  /// `fail`, or `ChannelClosed` after `finish`.
  package func send(_ element: Element) async throws {
    try Task.checkCancellation()
    let cost = cost(element)
    let waiter = number()
    defer { forget(waiter) }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        offer(element, cost, waiter, continuation)
      }
    } onCancel: {
      cancel(waiter)
    }
  }

  /// The next element, waiting for one; nil once the channel is finished and drained.
  ///
  /// *Throws* `CancellationError` when the task was cancelled while waiting, or the error given to `fail`.
  package func receive() async throws -> Element? {
    try Task.checkCancellation()
    let waiter = number()
    defer { forget(waiter) }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Element?, any Error>) in
        take(waiter, continuation)
      }
    } onCancel: {
      cancel(waiter)
    }
  }

  /// No more elements will come; the receiver gets what is left, then nil.
  package func finish() {
    for case .receiver(let continuation) in guarded.withLock({ Self.collect($0.state.finish(), from: &$0) }) {
      continuation.resume(returning: nil)
    }
  }

  /// Ends both sides with an error, at once.
  package func fail(_ error: any Error) {
    for waiting in guarded.withLock({ Self.collect($0.state.fail(error), from: &$0) }) {
      switch waiting {
      case .receiver(let continuation): continuation.resume(throwing: error)
      case .sender(let continuation): continuation.resume(throwing: error)
      }
    }
  }

  private func number() -> State.Waiter {
    guarded.withLock {
      $0.nextWaiter += 1
      return $0.nextWaiter
    }
  }

  private func offer(_ element: Element, _ cost: ChannelCost, _ waiter: State.Waiter, _ continuation: CheckedContinuation<Void, any Error>)
  {
    let next: Offered = guarded.withLock {
      if $0.cancelledEarly.remove(waiter) != nil { return .stop(CancellationError()) }
      switch $0.state.send(element, cost: cost, as: waiter) {
      case .accepted: return .sent(receiver: nil, nil)
      case .handed(let receiver, let element): return .sent(receiver: $0.waiting.removeValue(forKey: receiver), element)
      case .closed(let error): return .stop(error ?? ChannelClosed())
      case .waits:
        $0.waiting[waiter] = .sender(continuation)
        return .wait
      }
    }
    switch next {
    case .sent(let receiver, let element):
      if case .receiver(let waiting) = receiver { waiting.resume(returning: element) }
      continuation.resume()
    case .stop(let error): continuation.resume(throwing: error)
    case .wait: break
    }
  }

  private func take(_ waiter: State.Waiter, _ continuation: CheckedContinuation<Element?, any Error>) {
    let next: Taken = guarded.withLock {
      if $0.cancelledEarly.remove(waiter) != nil { return .stop(CancellationError()) }
      switch $0.state.receive(as: waiter) {
      case .element(let element, let woken): return .got(element, Self.collect(woken, from: &$0))
      case .ended(let error): return .stop(error)
      case .waits:
        $0.waiting[waiter] = .receiver(continuation)
        return .wait
      }
    }
    switch next {
    case .got(let element, let woken):
      Self.resume(senders: woken)
      continuation.resume(returning: element)
    case .stop(let error?): continuation.resume(throwing: error)
    case .stop(nil): continuation.resume(returning: nil)
    case .wait: break
    }
  }

  private func cancel(_ waiter: State.Waiter) {
    let (own, woken): (Waiting?, [Waiting]) = guarded.withLock {
      let (found, woken) = $0.state.cancel(waiter)
      if !found { $0.cancelledEarly.insert(waiter) }
      return (found ? $0.waiting.removeValue(forKey: waiter) : nil, Self.collect(woken, from: &$0))
    }
    switch own {
    case .sender(let continuation): continuation.resume(throwing: CancellationError())
    case .receiver(let continuation): continuation.resume(throwing: CancellationError())
    case nil: break
    }
    Self.resume(senders: woken)
  }

  /// A cancellation that arrived after the call was served leaves its number behind; this clears it.
  private func forget(_ waiter: State.Waiter) {
    guarded.withLock { _ = $0.cancelledEarly.remove(waiter) }
  }

  private static func collect(_ waiters: [State.Waiter], from guarded: inout Guarded) -> [Waiting] {
    waiters.compactMap { guarded.waiting.removeValue(forKey: $0) }
  }

  private static func resume(senders: [Waiting]) {
    for case .sender(let continuation) in senders { continuation.resume() }
  }
}

/// Thrown by `BoundedChannel.send` after `finish`.
package struct ChannelClosed: Error {}
