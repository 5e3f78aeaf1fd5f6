import Core
import Testing

@testable import Pipeline

@Suite("A bounded channel between tasks", .timeLimit(.minutes(1)))
struct BoundedChannelTests {
  private struct Broken: Error, Equatable {}

  @Test("elements arrive in order through a channel of one, and nil follows the last")
  func order() async throws {
    let channel = BoundedChannel<Int>(limits: ChannelLimits(count: 1))
    async let sending: Void = {
      for value in 0..<2000 { try await channel.send(value) }
      channel.finish()
    }()
    var received: [Int] = []
    while let value = try await channel.receive() { received.append(value) }
    try await sending
    #expect(received == Array(0..<2000))
    #expect(try await channel.receive() == nil)
    #expect(channel.levels.peak <= 1)
    await #expect(throws: ChannelClosed.self) { try await channel.send(1) }
  }

  @Test("many senders and many receivers share a channel without losing or repeating an element")
  func many() async throws {
    let channel = BoundedChannel<Int>(limits: ChannelLimits(count: 3))
    let received = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<4 {
        group.addTask {
          var mine: [Int] = []
          while let value = try await channel.receive() { mine.append(value) }
          return mine
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { senders in
        for sender in 0..<4 {
          senders.addTask { for value in 0..<250 { try await channel.send(sender * 250 + value) } }
        }
        try await senders.waitForAll()
      }
      channel.finish()
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(received.sorted() == Array(0..<1000))
  }

  @Test("cancelling a blocked sender frees it, and its element is not delivered")
  func cancelledSender() async throws {
    let channel = BoundedChannel<Int>(limits: ChannelLimits(count: 1))
    try await channel.send(1)
    let sender = Task { try await channel.send(2) }
    for _ in 0..<50 { await Task.yield() }
    sender.cancel()
    await #expect(throws: CancellationError.self) { try await sender.value }
    channel.finish()
    #expect(try await channel.receive() == 1)
    #expect(try await channel.receive() == nil)
  }

  @Test("cancelling a waiting receiver frees it, and the next element goes to another")
  func cancelledReceiver() async throws {
    let channel = BoundedChannel<Int>(limits: ChannelLimits(count: 1))
    let receiver = Task { try await channel.receive() }
    for _ in 0..<50 { await Task.yield() }
    receiver.cancel()
    await #expect(throws: CancellationError.self) { try await receiver.value }
    try await channel.send(7)
    #expect(try await channel.receive() == 7)
  }

  @Test("cancelling at any moment around a suspension neither hangs nor loses an accepted element", arguments: 0..<200)
  func cancelRace(round: Int) async throws {
    let channel = BoundedChannel<Int>(limits: ChannelLimits(count: 1))
    try await channel.send(0)
    let sender = Task { try await channel.send(1) }
    for _ in 0..<(round % 7) { await Task.yield() }
    async let first = channel.receive()
    sender.cancel()
    let accepted = (try? await sender.value) != nil
    #expect(try await first == 0)
    channel.finish()
    #expect(try await channel.receive() == (accepted ? 1 : nil))
  }

  @Test("an error given to a channel reaches a blocked sender and a waiting receiver")
  func failure() async throws {
    let full = BoundedChannel<Int>(limits: ChannelLimits(count: 1))
    try await full.send(1)
    let sender = Task { try await full.send(2) }
    for _ in 0..<20 { await Task.yield() }
    full.fail(Broken())
    await #expect(throws: Broken.self) { try await sender.value }
    let empty = BoundedChannel<Int>(limits: ChannelLimits(count: 1))
    let receiver = Task { try await empty.receive() }
    for _ in 0..<20 { await Task.yield() }
    empty.fail(Broken())
    await #expect(throws: Broken.self) { try await receiver.value }
  }

  @Test("depth, peak, bytes and drops can be seen from outside")
  func levels() async throws {
    let channel = BoundedChannel<Int>(limits: ChannelLimits(count: 2, overflow: .dropOldest)) { ChannelCost(bytes: $0) }
    for value in 1...5 { try await channel.send(value) }
    #expect(channel.levels == ChannelLevels(depth: 2, peak: 2, dropped: 3, bytes: 9))
    #expect(try await channel.receive() == 4)
  }
}
