import Core

/// What an input says it contains. Claims of the container, not measurements: a duration may lie.
package struct MediaDescription: Sendable, Equatable {
  /// FFmpeg's short name of the container, for example `mov,mp4,m4a,3gp,3g2,mj2`.
  package var container: String
  package var duration: MediaTime?
  /// The container's own timestamp of what this program calls time 0.
  package var startTime: MediaTime
  /// The video stream that is read; nil when there is none or none was wanted.
  package var video: Video?
  package var audioTracks: [AudioTrack]
  /// The `index` of the audio track that is read.
  package var chosenAudioTrack: Int?

  package struct Video: Sendable, Equatable {
    package var codec: String
    /// Size of the upright picture in square pixels.
    package var width: Int
    package var height: Int
    /// How far the coded picture is turned clockwise to stand upright, in degrees: 0, 90, 180 or 270.
    package var rotation: Int
    /// Whether it is mirrored left to right before it is turned.
    package var isMirrored: Bool
    /// Mean frames per second the container claims; 0 when it does not say.
    package var framesPerSecond: Double
  }

  package struct AudioTrack: Sendable, Equatable {
    /// Position among the file's audio tracks, from 0: what `MediaOptions.AudioTrack.index` takes.
    package var index: Int
    package var codec: String
    /// As tagged by the container, for example `eng`; nil when it does not say.
    package var language: String?
    package var title: String?
    package var sampleRateHertz: Int
    package var channels: Int
    package var isDefault: Bool
  }
}
