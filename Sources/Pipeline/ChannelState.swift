import Core
import DequeModule

/// What one element weighs in a channel.
package struct ChannelCost: Sendable, Equatable {
  package var bytes: Int
  /// Where on the media clock the element lies; nil for what has no time of its own.
  package var time: MediaTime?
  /// Whether `dropOldest` may drop it. A barrier must never be lost.
  package var mayBeDropped: Bool

  package init(bytes: Int = 0, time: MediaTime? = nil, mayBeDropped: Bool = true) {
    self.bytes = bytes
    self.time = time
    self.mayBeDropped = mayBeDropped
  }
}

/// How much a channel holds before its sender waits, or its oldest element goes.
package struct ChannelLimits: Sendable, Equatable {
  package var count: Int
  package var bytes: Int
  /// The stretch of media between the oldest and the newest element.
  package var span: MediaTime
  package var overflow: Overflow

  package enum Overflow: Sendable, Equatable {
    /// The sender waits: nothing is ever lost.
    case block
    /// The oldest element that may be dropped goes, and is counted.
    case dropOldest
  }

  package init(count: Int, bytes: Int = .max, span: MediaTime = MediaTime(nanoseconds: .max), overflow: Overflow = .block) {
    self.count = max(1, count)
    self.bytes = bytes
    self.span = span
    self.overflow = overflow
  }
}

/// What can be seen of a channel from outside.
package struct ChannelLevels: Sendable, Equatable {
  package var depth = 0
  package var peak = 0
  package var dropped = 0
  /// Where on the media clock the element lay that was dropped last.
  package var lastDropped: MediaTime?
  package var bytes = 0
}

/// The rules of a bounded channel as a value: what each call does and whom it wakes, without a lock and without waiting. `BoundedChannel` carries it out.
///
/// Invariants: a receiver waits only while the buffer is empty; a sender waits only while the buffer is full; elements leave in the
/// order they were accepted.
struct ChannelState<Element> {
  typealias Waiter = UInt64

  enum SendOutcome {
    case accepted
    /// Accepted, and this waiting receiver gets this element.
    case handed(to: Waiter, Element)
    /// No room: the sender is now waiting under its number.
    case waits
    case closed((any Error)?)
  }

  enum ReceiveOutcome {
    /// An element, and the sender that may go on because there is room now.
    case element(Element, waking: [Waiter])
    case waits
    case ended((any Error)?)
  }

  private enum Phase {
    case open, finished
    case failed(any Error)
  }

  private struct Item {
    var element: Element
    var cost: ChannelCost
  }

  private let limits: ChannelLimits
  private var phase = Phase.open
  private var buffer = Deque<Item>()
  private var senders = Deque<(waiter: Waiter, item: Item)>()
  private var receivers = Deque<Waiter>()
  private(set) var levels = ChannelLevels()

  init(limits: ChannelLimits) { self.limits = limits }

  mutating func send(_ element: Element, cost: ChannelCost, as waiter: Waiter) -> SendOutcome {
    switch phase {
    case .open: break
    case .finished: return .closed(nil)
    case .failed(let error): return .closed(error)
    }
    if let receiver = receivers.popFirst() { return .handed(to: receiver, element) }
    let item = Item(element: element, cost: cost)
    if limits.overflow == .dropOldest { makeRoom(for: cost) }
    guard senders.isEmpty, limits.overflow == .dropOldest || hasRoom(for: cost) else {
      senders.append((waiter, item))
      return .waits
    }
    append(item)
    return .accepted
  }

  mutating func receive(as waiter: Waiter) -> ReceiveOutcome {
    if let item = buffer.popFirst() {
      levels.depth -= 1
      levels.bytes -= item.cost.bytes
      return .element(item.element, waking: admitSenders())
    }
    switch phase {
    case .open:
      receivers.append(waiter)
      return .waits
    case .finished: return .ended(nil)
    case .failed(let error): return .ended(error)
    }
  }

  /// No more sends; what is buffered, and what blocked senders already offered, is still received. Returns the receivers to end.
  mutating func finish() -> [Waiter] {
    guard case .open = phase else { return [] }
    phase = .finished
    defer { receivers.removeAll() }
    return Array(receivers)
  }

  /// Ends at once for both sides; what is buffered is dropped. Returns everyone to wake with the error.
  mutating func fail(_ error: any Error) -> [Waiter] {
    if case .failed = phase { return [] }
    phase = .failed(error)
    buffer.removeAll()
    levels.depth = 0
    levels.bytes = 0
    defer {
      receivers.removeAll()
      senders.removeAll()
    }
    return Array(receivers) + senders.map(\.waiter)
  }

  /// Forgets a waiting sender or receiver whose task was cancelled; false when it was not waiting. A sender removed here may leave
  /// room for a smaller one behind it, so the senders that may go on are returned as well.
  mutating func cancel(_ waiter: Waiter) -> (found: Bool, waking: [Waiter]) {
    if let index = receivers.firstIndex(of: waiter) {
      receivers.remove(at: index)
      return (true, [])
    }
    if let index = senders.firstIndex(where: { $0.waiter == waiter }) {
      senders.remove(at: index)
      return (true, admitSenders())
    }
    return (false, [])
  }

  private mutating func append(_ item: Item) {
    buffer.append(item)
    levels.depth += 1
    levels.bytes += item.cost.bytes
    levels.peak = max(levels.peak, levels.depth)
  }

  private mutating func admitSenders() -> [Waiter] {
    var woken: [Waiter] = []
    while let first = senders.first, hasRoom(for: first.item.cost) {
      senders.removeFirst()
      append(first.item)
      woken.append(first.waiter)
    }
    return woken
  }

  /// An element larger than every limit still fits an empty channel: it must get through somehow.
  private func hasRoom(for cost: ChannelCost) -> Bool {
    guard !buffer.isEmpty else { return true }
    if buffer.count >= limits.count || levels.bytes.addingReportingOverflow(cost.bytes).overflow { return false }
    if levels.bytes + cost.bytes > limits.bytes { return false }
    if let newest = cost.time, let oldest = buffer.first(where: { $0.cost.time != nil })?.cost.time, newest - oldest > limits.span {
      return false
    }
    return true
  }

  private mutating func makeRoom(for cost: ChannelCost) {
    while !hasRoom(for: cost), let index = buffer.firstIndex(where: { $0.cost.mayBeDropped }) {
      let item = buffer.remove(at: index)
      levels.depth -= 1
      levels.bytes -= item.cost.bytes
      levels.dropped += 1
      levels.lastDropped = item.cost.time
    }
  }
}
