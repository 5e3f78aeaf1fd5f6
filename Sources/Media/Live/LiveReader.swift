import Core

/// One connection to a live source, on a queue of its own: what blocks there holds up nobody else.
///
/// Calls may block for as long as the deadlines of `LiveOptions` allow, and where FFmpeg cannot be interrupted (resolving a name, closing)
/// for longer: whoever waits for them gives up at a deadline of its own and leaves the reader behind.
package actor LiveReader {
  private let executor = QueueExecutor("afterimage.live")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private nonisolated let interruption = Interruption()
  private let source: LiveSource
  private let options: LiveOptions
  private var input: LiveInput?

  package init(_ source: LiveSource, _ options: LiveOptions) {
    self.source = source
    self.options = options
  }

  /// Connects and finds out what the source sends.
  ///
  /// - Parameters:
  ///   - start: what comes is placed on the stream's clock here, or where `now` says, whichever is later.
  ///   - anchor: where the first thing that comes belongs instead; what lies before `start` is left out.
  ///   - now: the stream's clock as the wall clock has it, in nanoseconds.
  /// - Returns: what there is, and which of the user's options nothing took.
  package func open(
    from start: MediaTime, anchor: MediaTime? = nil, now: @escaping @Sendable () -> Int64
  ) throws(LiveFault) -> (description: MediaDescription, leftOver: [String]) {
    let opened = try LiveInput(source, options, from: start.nanoseconds, anchor: anchor?.nanoseconds, now: now, interruption)
    input = opened
    return (opened.description, opened.leftOver)
  }

  /// What has come since the last call, waiting for it. After a batch with a fault there is nothing more.
  package func next() throws(LiveFault) -> LiveBatch {
    guard let input else { throw LiveFault(.cancelled, "\(source.display): closed") }
    return input.next()
  }

  /// Makes a blocked or later call give up. From any thread.
  package nonisolated func cancel() { interruption.raise() }

  package func close() { input = nil }
}
