import Core
import Foundation
import Media

/// What a tail tells while it runs.
package enum TailEvent: Sendable {
  /// Something to know once. A detail is said only to those who want to hear much.
  case notice(StreamID?, String, isDetail: Bool = false)
  /// A connection was made; `from` is where on the stream's clock it goes on.
  case connected(StreamID, description: String, from: MediaTime)
  /// The signal went away.
  case lost(StreamID, reason: String, at: Date)
  /// It came back.
  case returned(StreamID, after: Duration, at: Date)
  /// Something was perceived and is remembered.
  case noticed(Noticed)
  /// A standing question was answered.
  case alert(AlertEvent)
  case status(TailStatus)
  /// This source is not followed any more: it ended, or makes no sense.
  case ended(StreamID, reason: String, failed: Bool)

  /// One line of the feed.
  package struct Noticed: Sendable {
    package var stream: StreamID
    package var kind: Kind
    package var range: TimeRange
    /// Wall-clock time of its beginning.
    package var date: Date
    package var text: String
    /// 0...1.
    package var score: Float
    /// From the moment it was over to the moment it could be asked about.
    package var delay: Duration

    package enum Kind: String, Sendable, Codable {
      case scene, sign, sentence, sound, outage
    }
  }
}

/// Where one stream of a tail stands.
package struct TailStatus: Sendable, Equatable {
  package var stream: StreamID
  package var phase = Phase.connecting
  /// How far the stream has come, and how far of it is remembered.
  package var time = MediaTime.zero
  package var remembered = MediaTime.zero
  /// How far the newest picture or sound that is remembered is behind the wall clock.
  package var lag = Duration.zero
  package var counts = WatchCounts()
  /// Pictures that gave way to newer ones, chunks of sound that were lost.
  package var droppedFrames = 0
  package var droppedSound = 0
  package var reconnects = 0
  package var received: Int64 = 0
  package var corruptPackets = 0
  package var undecodable = 0
  package var jumps = 0
  /// What waits for each stage.
  package var depths: [String: Int] = [:]
  package var stageSeconds: [String: Double] = [:]
  package var shedding = Shedding.Level.none

  package enum Phase: String, Sendable {
    case connecting, live, lost, ended
  }
}
