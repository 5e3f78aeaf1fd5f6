import Core
import Media

/// How live sources are followed.
package struct LiveConfiguration: Sendable, Equatable {
  /// How long opening a source may take, and finding out what it sends.
  package var openTime = Duration.seconds(10)
  package var probeTime = Duration.seconds(10)
  /// How long a source may send nothing before it counts as lost.
  package var silence = Duration.seconds(10)
  /// The first pause before trying again; it doubles up to the longest.
  package var firstPause = Duration.milliseconds(500)
  package var longestPause = Duration.seconds(15)
  /// The pause where the source is there and refuses.
  package var refusedPause = Duration.seconds(60)
  /// For this long after there was media, pauses are no longer than the hopeful one, even where the source refuses.
  package var hope = Duration.seconds(30)
  package var hopefulPause = Duration.seconds(2)
  /// Good media for this long makes the next pause the first again.
  package var settled = Duration.seconds(10)
  /// Speech that pauses for longer than this is written down at once, in seconds.
  package var joinGap = 0.4
  /// Speech without such a pause is written down in pieces of this length, in seconds, each cut where it is quietest in its second half.
  package var longestSpeech = 12.0
  /// What may wait for each stage before the oldest goes.
  package var frames = ChannelLimits(count: 12, bytes: 32 << 20, span: MediaTime(seconds: 10), overflow: .dropOldest)
  /// Sound is kept for longer than pictures: 12 MB for three minutes, which speech and sounds share. Barriers are not counted, as they cannot go.
  package var sound = ChannelLimits(count: .max, bytes: 12 << 20, span: MediaTime(seconds: 180), overflow: .dropOldest)
  /// How long what was said may still be written down after the tail was told to stop.
  package var farewell = Duration.milliseconds(800)

  package init() {}
}
