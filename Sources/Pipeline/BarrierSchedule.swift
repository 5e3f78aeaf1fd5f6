import Core

/// Where barriers stand in each lane of a stream (pictures, sound, and the source itself, which reports gaps), as a value.
///
/// A lane gets the barriers that lie at or before its next item. A lane that falls silent (sound that ends before the picture does) is
/// carried along at a distance, so that what the other lane found is still committed; the source follows the slowest lane.
struct BarrierSchedule {
  /// One second of media between barriers; the reader cuts sound at whole seconds.
  static let interval: Int64 = 1_000_000_000
  /// Over a hole longer than this many barriers only the first and the last are sent: a file whose clock jumps by years costs two
  /// barriers and not a billion.
  static let longestRun: Int64 = 60
  /// How far apart in media time two lanes of one file may be stored before the one behind counts as silent.
  static let slack = MediaTime(seconds: 10)

  enum Lane: Hashable, CaseIterable {
    case video, sound, source
  }

  /// The number of the last barrier each lane got.
  private var reached: [Lane: Int64]

  /// - Parameter start: where reading begins; the first barrier lies after it.
  init(lanes: Set<Lane>, start: MediaTime = .zero) {
    reached = Dictionary(uniqueKeysWithValues: lanes.union([.source]).map { ($0, start.nanoseconds / Self.interval) })
  }

  /// The barriers to send ahead of an item of `lane` at `time`, in order within each lane.
  mutating func advance(_ lane: Lane, to time: MediaTime) -> [(lane: Lane, barrier: Barrier)] {
    var sent = send(lane, upTo: time)
    for other in Lane.allCases where other != lane && other != .source && reached[other] != nil {
      sent += send(other, upTo: time - Self.slack)
    }
    let slowest = reached.filter { $0.key != .source }.values.min() ?? time.nanoseconds / Self.interval
    return sent + send(.source, upTo: MediaTime(nanoseconds: slowest * Self.interval))
  }

  private mutating func send(_ lane: Lane, upTo time: MediaTime) -> [(lane: Lane, barrier: Barrier)] {
    guard let last = reached[lane], time.nanoseconds >= 0 else { return [] }
    let due = time.nanoseconds / Self.interval
    guard due > last else { return [] }
    reached[lane] = due
    let numbers = due - last <= Self.longestRun ? Array(last + 1...due) : [last + 1, due]
    return numbers.map { (lane, Barrier(time: MediaTime(nanoseconds: $0 * Self.interval))) }
  }
}
