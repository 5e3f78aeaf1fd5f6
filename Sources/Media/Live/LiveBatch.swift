import Core

/// What one read of a live source gave.
package struct LiveBatch: Sendable {
  package var items: [MediaItem] = []
  /// How far pictures and sound have come on the stream's clock; nil before the first, or without any.
  package var picturesUpTo: MediaTime?
  package var soundUpTo: MediaTime?
  /// Since the connection was made.
  package var statistics = MediaStatistics()
  package var bytes: Int64 = 0
  package var corruptPackets = 0
  /// How often the source's timestamps have jumped.
  package var jumps = 0
  /// Why nothing more comes.
  package var fault: LiveFault?

  package init() {}
}
