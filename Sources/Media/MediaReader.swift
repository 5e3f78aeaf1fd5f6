import Core

/// Reads one input: sampled frames as upright planar pictures, and sound as 16 kHz mono.
///
/// *Isolation* its own queue, which owns every FFmpeg handle; packets and native frames never leave it.
package actor MediaReader {
  private let executor: QueueExecutor
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package nonisolated let description: MediaDescription

  /// Opens a local file and finds out what it contains.
  ///
  /// *Throws* `MediaError` with one clear line: `unavailable` (missing, unreadable), `corruptInput`, `limitExceeded`, `misconfigured`.
  package init(path: String, options: MediaOptions) async throws(MediaError) {
    executor = QueueExecutor("afterimage.media")
    throw MediaError(.unavailable, "\(path): reading media is not built in yet")
  }

  /// How far reading has come.
  package private(set) var progress = MediaTime.zero

  /// The next item, nil at the end.
  ///
  /// *Throws* `CancellationError` after `cancel()`, `MediaError` when the input cannot be read on.
  package func next() throws -> MediaItem? { nil }

  /// Makes a blocked or later call give up. From any thread.
  package nonisolated func cancel() {}

  /// Frees everything. Later calls of `next()` return nil.
  package func close() {}
}
