import Core

/// What a live source is opened and read with.
package struct LiveOptions: Sendable {
  package var samplesPerSecond = 1.0
  package var renditions: [Rendition] = []
  package var audioTrack = MediaOptions.AudioTrack.automatic
  package var video = true
  package var limits: MediaLimits
  package var decoderThreads = 1
  /// How long opening may take, and finding out what the streams are.
  package var openTime = Duration.seconds(10)
  package var probeTime = Duration.seconds(10)
  /// How long a source that is open may send neither picture nor sound before it counts as lost.
  package var silence = Duration.seconds(10)
  /// Whether to wait for somebody to send to the address instead of fetching from it.
  package var listens = false
  /// FFmpeg's own options, as the user named them.
  package var extra: [String: String] = [:]
  /// Chunks of sound per second: how long sound waits before it is delivered.
  package var chunksPerSecond = 4

  /// A live source says what it is at once: reading far ahead to find out would only be delay.
  package static let limits = MediaLimits(
    pixels: MediaLimits().pixels, streams: 64, probeBytes: 1 << 20, probeTime: MediaTime(seconds: 1.5))

  package init(limits: MediaLimits = LiveOptions.limits) { self.limits = limits }

  /// As far as decoders and the choice of streams are concerned.
  func media(from start: Int64) -> MediaOptions {
    let start = MediaTime(nanoseconds: start)
    return MediaOptions(
      samplesPerSecond: samplesPerSecond, renditions: renditions, audioTrack: audioTrack, video: video, limits: limits,
      decoderThreads: decoderThreads, resume: ResumePoint(time: start, audioFrom: start))
  }
}
