import Core
import Foundation
import Media

/// What arrives at a live stream, from its connection and from the clock.
enum LiveSignal: Sendable {
  case opened(Int, MediaDescription, leftOver: [String])
  case media(Int, LiveBatch)
  case lost(Int, LiveFault)
  case tick
  /// A stage or the memory failed: the stream cannot go on.
  case failed(any Error)
}

/// One connection to a source, and the task that reads it.
///
/// The task is nobody's child: where FFmpeg cannot be interrupted it is left behind, and ends when FFmpeg returns.
struct LiveConnection: Sendable {
  let number: Int
  let reader: LiveReader

  /// Begins to connect. Everything that comes of it is sent as signals with this connection's number, a `lost` last.
  init(
    _ number: Int, source: LiveSource, options: LiveOptions, from start: MediaTime, anchor: MediaTime?, time: LiveTime,
    into signals: BoundedChannel<LiveSignal>
  ) {
    self.number = number
    let reader = LiveReader(source, options)
    self.reader = reader
    Task.detached {
      let began = Date()
      do {
        let (description, leftOver) = try await reader.open(from: start, anchor: anchor) { time.now.nanoseconds }
        // The stream's time begins before the first thing in it: some of that came while it was found out what comes.
        time.begin(at: began)
        try await signals.send(.opened(number, description, leftOver: leftOver))
        while true {
          let batch = try await reader.next()
          try await signals.send(.media(number, batch))
          if let fault = batch.fault { throw fault }
        }
      } catch let fault as LiveFault {
        try? await signals.send(.lost(number, fault))
      } catch {
        // Nobody listens any more.
      }
      await reader.close()
    }
  }

  func cancel() { reader.cancel() }
}
