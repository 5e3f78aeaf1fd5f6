import Core

/// What a watch tells while it runs.
package enum WatchEvent: Sendable {
  /// Something the user should know once, in one line: a stage that is off, a stream that goes on where it stopped.
  case notice(String)
  /// A stream begins, or goes on at `from`.
  case began(StreamID, from: MediaTime, duration: MediaTime?)
  case progressed(WatchProgress)
  case finished(WatchSummary)
  /// The file's content was watched to its end before, as this stream.
  case skipped(StreamID, path: String)
  /// This file could not be watched; the others still are.
  case failed(path: String, PipelineError)
}

/// How many of each thing were remembered.
package struct WatchCounts: Sendable, Equatable, Codable {
  package var episodes = 0
  package var frames = 0
  package var lines = 0
  package var utterances = 0
  package var words = 0
  package var sounds = 0
  package var looks = 0
  package var gaps = 0

  package init() {}

  mutating func add(_ observations: [Observation]) {
    for observation in observations where observation.replaces == nil {
      switch observation.content {
      case .frame: frames += 1
      case .text: lines += 1
      case .speech(let utterance):
        utterances += 1
        words += utterance.words.count
      case .sound(let event): sounds += event.isClear ? 1 : 0
      case .look: looks += 1
      case .gap: gaps += 1
      }
    }
  }
}

/// How far a watch has come: everything before `time` is committed.
package struct WatchProgress: Sendable {
  package var stream: StreamID
  package var time: MediaTime
  /// What the container claims; may be missing, and may be wrong.
  package var duration: MediaTime?
  /// Seconds of media per second of wall-clock time, since this run began.
  package var speed: Double
  package var remaining: Duration?
  package var counts: WatchCounts
}

/// What came of one stream.
package struct WatchSummary: Sendable {
  package var stream: StreamID
  /// Media watched in this run.
  package var watched: MediaTime
  /// The end of the stream.
  package var end: MediaTime
  package var elapsed: Duration
  /// Everything remembered of the stream, earlier runs included.
  package var counts: WatchCounts
  /// Bytes of what is remembered of this stream, pictures left out, and what the memory's folder takes now.
  package var bytes: Int64
  package var memoryBytes: Int64
  package var stages: [StageTimes]

  package struct StageTimes: Sendable {
    package var name: String
    package var items: Int
    package var busy: Duration
    /// Most items that waited in the stage's channel at once.
    package var peakDepth: Int
  }
}

extension Duration {
  /// *Units* seconds.
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
