import Core

/// What one read of a live source gave.
package struct LiveBatch: Sendable {
  package var items: [MediaItem] = []
  /// How far pictures and sound have come on the stream's clock; nil before the first, or without any.
  package var picturesUpTo: MediaTime?
  package var soundUpTo: MediaTime?
  /// What came on the stream's clock, of whatever kind; a new stretch begins after every hole of more than a second and a half.
  package var stretches: [TimeRange] = []
  /// Since the connection was made.
  package var statistics = MediaStatistics()
  package var bytes: Int64 = 0
  package var corruptPackets = 0
  /// How often the source's timestamps have jumped.
  package var jumps = 0
  /// Why nothing more comes.
  package var fault: LiveFault?

  package init() {}

  /// Notes a packet.
  mutating func note(_ range: TimeRange) {
    guard let last = stretches.last, range.start - last.end <= Self.hole else { return stretches.append(range) }
    stretches[stretches.count - 1] = TimeRange(start: last.start, end: max(last.end, range.end))
  }

  private static let hole = MediaTime(seconds: 1.5)
}
