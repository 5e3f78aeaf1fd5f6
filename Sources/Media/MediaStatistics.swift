/// What reading an input has taken so far.
package struct MediaStatistics: Sendable, Equatable {
  package var packetsRead = 0
  /// Packets larger than `MediaLimits.packetBytes`.
  package var packetsOversized = 0
  package var pictures = Pictures()
  package var sound = Sound()

  package init() {}

  package struct Pictures: Sendable, Equatable {
    /// Packets that no sample needed.
    package var packetsSkipped = 0
    package var packetsUndecodable = 0
    package var framesDecoded = 0
    /// Decoded frames with errors in them; they are used all the same.
    package var framesDamaged = 0
    package var framesSampled = 0
  }

  package struct Sound: Sendable, Equatable {
    package var packetsUndecodable = 0
    package var framesDecoded = 0
  }
}
