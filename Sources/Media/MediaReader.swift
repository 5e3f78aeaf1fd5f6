import Core

/// Reads one input: sampled frames as upright planar pictures, and sound as 16 kHz mono.
///
/// *Isolation* its own queue, which owns every FFmpeg handle; packets and native frames never leave it.
package actor MediaReader {
  private let executor: QueueExecutor
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package nonisolated let description: MediaDescription
  private nonisolated let interruption: Interruption
  private let path: String
  private let options: MediaOptions
  private var input: MediaInput?
  /// The end of the sound delivered so far: what a second start leaves out.
  private var heardUntil = MediaTime.zero
  private var lastStatistics = MediaStatistics()
  private var lastProgress = MediaTime.zero
  /// What went wrong behind items that were still to be delivered.
  private var failure: (any Error)?
  private static let patience = Duration.milliseconds(20)

  /// Opens a local file and finds out what it contains, on the reader's queue.
  ///
  /// *Throws* `MediaError` with one clear line: `unavailable` (missing, unreadable, no decoder), `corruptInput`, `limitExceeded`,
  /// `misconfigured` (a folder, a pipe, a playlist, an audio track that does not exist).
  package init(path: String, options: MediaOptions) async throws(MediaError) {
    guard options.samplesPerSecond > 0 else {
      throw MediaError(.misconfigured, "frames cannot be sampled \(options.samplesPerSecond) times a second; give a number above 0")
    }
    let executor = QueueExecutor("afterimage.media")
    let interruption = Interruption()
    let input = try await MediaOpening(executor).open(path, options, interruption)
    self.executor = executor
    self.interruption = interruption
    self.path = path
    self.options = options
    description = input.description
    self.input = input
  }

  /// How far reading has come.
  package var progress: MediaTime { input.map { MediaTime(nanoseconds: $0.reached) } ?? lastProgress }

  /// What reading has taken so far.
  package var statistics: MediaStatistics { input?.statistics ?? lastStatistics }

  /// The next item, nil at the end.
  ///
  /// *Throws* `CancellationError` after `cancel()` or when its task was cancelled, `MediaError` when nothing at all in the input could be decoded.
  package func next() throws -> MediaItem? { try next(atMost: 1).first }

  /// The next items, empty at the end: at least one, and what more comes within `patience` of it, so that rare items come alone and where
  /// every frame is wanted the queue is not changed for each.
  ///
  /// *Throws* as `next()`, after the items that came before.
  package func next(atMost limit: Int) throws -> [MediaItem] {
    try Task.checkCancellation()
    if let failure {
      self.failure = nil
      throw failure
    }
    guard let first = try advance() else { return [] }
    var items = [first]
    let due = ContinuousClock.now + Self.patience
    while items.count < limit, ContinuousClock.now < due {
      do {
        guard let item = try advance() else { break }
        items.append(item)
      } catch {
        failure = error
        break
      }
    }
    return items
  }

  private func advance() throws -> MediaItem? {
    guard let input else { return nil }
    var item = try input.next()
    if item == nil, input.mustStartOver {
      var options = self.options
      if let point = options.resume { options.resume?.audioFrom = max(heardUntil, point.audioFrom) }
      let again = try MediaInput(path: path, options: options, interruption: interruption, skipsToResume: false)
      self.input = again
      item = try again.next()
    }
    if case .audio(let chunk) = item { heardUntil = chunk.range.end }
    return item
  }

  /// Makes a blocked or later call give up. From any thread.
  package nonisolated func cancel() { interruption.raise() }

  /// Frees everything. Later calls of `next()` return nil.
  package func close() {
    lastProgress = progress
    lastStatistics = statistics
    input = nil
    failure = nil
  }
}

/// Opens an input on the queue of the reader that is to own it.
private actor MediaOpening {
  private let executor: QueueExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ executor: QueueExecutor) { self.executor = executor }

  func open(_ path: String, _ options: MediaOptions, _ interruption: Interruption) throws(MediaError) -> sending MediaInput {
    try MediaInput(path: path, options: options, interruption: interruption)
  }
}
