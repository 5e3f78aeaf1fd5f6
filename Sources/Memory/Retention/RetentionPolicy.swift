import Core
import Foundation

/// Which of the representatives that are no longer recent are given up first when there is no more room.
package struct RetentionPolicy: Sendable, Equatable {
  /// One representative, as far as the decision looks at it.
  package struct Item: Sendable, Equatable {
    package var id: Int64
    package var start: MediaTime
    package var salience: Float
    /// A first appearance.
    package var isPinned: Bool
    /// The stream it belongs to, and where that stream stands: every stream has a clock of its own.
    package var stream: Int64
    package var now: MediaTime

    package init(id: Int64, start: MediaTime, salience: Float, isPinned: Bool, stream: Int64 = 0, now: MediaTime) {
      self.stream = stream
      self.now = now
      self.id = id
      self.start = start
      self.salience = salience
      self.isPinned = isPinned
    }
  }

  package let strategy: MemoryConfiguration.Retention.Strategy
  /// nil for never.
  private let halfLife: Double?

  package init(_ configuration: MemoryConfiguration.Retention) {
    strategy = configuration.strategy
    halfLife = configuration.halfLifeHours > 0 ? configuration.halfLifeHours * 3600 : nil
  }

  /// The beginning of a stream that `lambda` never gives up.
  private static let head = MediaTime(seconds: 60)

  /// - Returns: the identifiers of the `count` items to give up.
  package func least(_ count: Int, of items: [Item]) -> [Int64] {
    items.map { (worth: worth(of: $0), item: $0) }
      .sorted { ($0.worth, $0.item.start, $0.item.id) < ($1.worth, $1.item.start, $1.item.id) }
      .prefix(count).map(\.item.id)
  }

  /// The same over streams that are kept by different policies: those of one policy are compared with one another, and each policy gives up its share.
  package static func least(_ count: Int, of items: [Item], by policies: [Int64: RetentionPolicy]) -> [Int64] {
    var groups: [(policy: RetentionPolicy, items: [Item])] = []
    for item in items {
      guard let policy = policies[item.stream] else { continue }
      if let group = groups.firstIndex(where: { $0.policy == policy }) {
        groups[group].items.append(item)
      } else {
        groups.append((policy, [item]))
      }
    }
    return groups.flatMap { group in
      group.policy.least((count * group.items.count + items.count - 1) / items.count, of: group.items)
    }
  }

  private func worth(of item: Item) -> Double {
    switch strategy {
    case .fifo: return (item.start - item.now).seconds
    case .lambda: return item.start < Self.head ? .infinity : (item.start - item.now).seconds
    case .reservoir: return Self.lot(item.start, of: item.stream)
    case .salience:
      if item.isPinned { return .infinity }
      guard let halfLife else { return Double(item.salience) }
      return Double(item.salience) * exp2(-(item.now - item.start).seconds / halfLife)
    }
  }

  /// A number in 0..<1 that follows from the time alone: a lottery in which every item keeps its lot, so that what is left at any moment is a
  /// fair sample, and the same on every run.
  private static func lot(_ time: MediaTime, of stream: Int64) -> Double {
    var state = UInt64(bitPattern: time.nanoseconds) &+ UInt64(bitPattern: stream &+ 1) &* 0x9E37_79B9_7F4A_7C15
    state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((state ^ (state >> 31)) >> 11) / Double(UInt64(1) << 53)
  }

}
