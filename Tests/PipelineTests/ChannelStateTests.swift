import Core
import Testing

@testable import Pipeline

/// A small generator with a printed seed, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

@Suite("The rules of a bounded channel")
struct ChannelStateTests {
  /// What the rules must hold against: plain lists, no limits other than the count.
  private struct Model {
    var sent: [Int] = []
    var received: [Int] = []
    var blocked: [(waiter: UInt64, element: Int)] = []
  }

  @Test(
    "under any order of sends, receives and cancellations a blocking channel keeps order, loses nothing and wakes whom it may",
    arguments: 0..<200)
  func blockingProperties(seed: UInt64) {
    var random = SeededGenerator(seed: seed + 1)
    let capacity = Int.random(in: 1...5, using: &random)
    var state = ChannelState<Int>(limits: ChannelLimits(count: capacity))
    var model = Model()
    var waitingReceivers: [UInt64] = []
    var waiter: UInt64 = 0
    func woken(_ waiters: [UInt64]) {
      for waiter in waiters {
        #expect(model.blocked.first?.waiter == waiter, "seed \(seed): senders go on in the order they came")
        model.sent.append(model.blocked.removeFirst().element)
      }
    }
    for step in 0..<400 {
      waiter += 1
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        switch state.send(step, cost: ChannelCost(), as: waiter) {
        case .accepted: model.sent.append(step)
        case .handed(let receiver, let element):
          #expect(waitingReceivers.first == receiver, "seed \(seed): receivers are served in turn")
          waitingReceivers.removeFirst()
          model.sent.append(step)
          model.received.append(element)
        case .waits: model.blocked.append((waiter, step))
        case .closed: Issue.record("seed \(seed): closed while open")
        }
      case 5..<9:
        switch state.receive(as: waiter) {
        case .element(let element, let senders):
          model.received.append(element)
          woken(senders)
        case .waits: waitingReceivers.append(waiter)
        case .ended: Issue.record("seed \(seed): ended while open")
        }
      default:
        if let victim = model.blocked.randomElement(using: &random) {
          let (found, senders) = state.cancel(victim.waiter)
          #expect(found)
          model.blocked.removeAll { $0.waiter == victim.waiter }
          woken(senders)
        } else if let victim = waitingReceivers.randomElement(using: &random) {
          #expect(state.cancel(victim).found)
          waitingReceivers.removeAll { $0 == victim }
        }
      }
      #expect(state.levels.depth <= capacity, "seed \(seed): never more than \(capacity)")
      #expect(state.levels.depth == model.sent.count - model.received.count, "seed \(seed): depth is what was sent and not received")
      #expect(model.blocked.isEmpty || state.levels.depth == capacity, "seed \(seed): a sender waits only at a full channel")
      #expect(waitingReceivers.isEmpty || state.levels.depth == 0, "seed \(seed): a receiver waits only at an empty one")
    }
    // What blocked senders offered before the end is still delivered.
    #expect(state.finish() == waitingReceivers)
    draining: while true {
      waiter += 1
      switch state.receive(as: waiter) {
      case .element(let element, let senders):
        model.received.append(element)
        woken(senders)
      case .ended(let error):
        #expect(error == nil)
        break draining
      case .waits:
        Issue.record("seed \(seed): a finished channel makes nobody wait")
        break draining
      }
    }
    #expect(model.received == model.sent, "seed \(seed): everything accepted came out, in order")
    #expect(state.levels.dropped == 0)
  }

  @Test("a full channel that drops lets the oldest go, counts it, and never drops what must not be", arguments: 0..<100)
  func droppingProperties(seed: UInt64) {
    var random = SeededGenerator(seed: seed + 1)
    let capacity = Int.random(in: 1...6, using: &random)
    var state = ChannelState<Int>(limits: ChannelLimits(count: capacity, overflow: .dropOldest))
    var sent: [Int] = []
    var kept: [Int] = []
    for step in 0..<300 {
      let barrier = Int.random(in: 0..<8, using: &random) == 0
      if Int.random(in: 0..<3, using: &random) > 0 {
        guard case .accepted = state.send(step, cost: ChannelCost(mayBeDropped: !barrier), as: UInt64(step)) else {
          Issue.record("seed \(seed): a dropping channel never blocks")
          continue
        }
        sent.append(step)
        if barrier { kept.append(step) }
      } else if state.levels.depth > 0, case .element(let element, _) = state.receive(as: UInt64(step)) {
        kept.removeAll { $0 == element }
        #expect(sent.contains(element))
      }
    }
    var left: [Int] = []
    while state.levels.depth > 0, case .element(let element, _) = state.receive(as: 1_000_000) { left.append(element) }
    #expect(left == left.sorted(), "seed \(seed): order is kept")
    #expect(Set(kept).isSubset(of: left), "seed \(seed): barriers survive")
  }

  @Test("bytes and media time limit a channel as well as the count, and an oversized element still passes an empty one")
  func otherLimits() {
    var bytes = ChannelState<Int>(limits: ChannelLimits(count: 100, bytes: 10))
    guard case .accepted = bytes.send(1, cost: ChannelCost(bytes: 50), as: 1) else { return #expect(Bool(false), "oversized into empty") }
    guard case .waits = bytes.send(2, cost: ChannelCost(bytes: 1), as: 2) else { return #expect(Bool(false), "no room beside it") }
    guard case .element(1, let woken) = bytes.receive(as: 3) else { return #expect(Bool(false)) }
    #expect(woken == [2])

    var span = ChannelState<Int>(limits: ChannelLimits(count: 100, span: MediaTime(seconds: 2)))
    func cost(_ seconds: Double) -> ChannelCost { ChannelCost(time: MediaTime(seconds: seconds)) }
    guard case .accepted = span.send(1, cost: cost(10), as: 1), case .accepted = span.send(2, cost: cost(12), as: 2) else {
      return #expect(Bool(false))
    }
    guard case .waits = span.send(3, cost: cost(12.1), as: 3) else { return #expect(Bool(false), "2.1 s apart is too far") }
  }

  @Test("failing wakes everyone, drops what was buffered, and every later call hears of it")
  func failing() {
    struct Broken: Error {}
    var state = ChannelState<Int>(limits: ChannelLimits(count: 1))
    _ = state.send(1, cost: ChannelCost(), as: 1)
    _ = state.send(2, cost: ChannelCost(), as: 2)
    #expect(state.fail(Broken()) == [2])
    guard case .closed(let error) = state.send(3, cost: ChannelCost(), as: 3), error is Broken else { return #expect(Bool(false)) }
    guard case .ended(let ended) = state.receive(as: 4), ended is Broken else { return #expect(Bool(false)) }
    #expect(state.levels.depth == 0)
  }
}
