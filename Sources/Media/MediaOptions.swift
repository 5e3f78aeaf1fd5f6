import Core

/// What a reader is to deliver, and what it may spend on it.
package struct MediaOptions: Sendable {
  /// Frames wanted per second of media, picked by timestamp; `.infinity` delivers every frame.
  package var samplesPerSecond: Double
  /// The pictures each sampled frame comes with, in this order. Without any, frames carry only their times.
  package var renditions: [Rendition]
  package var audioTrack: AudioTrack
  /// False leaves pictures out altogether.
  package var video: Bool
  package var limits: MediaLimits
  /// Threads inside the video decoder. One leaves the other cores to perception, and costs the least processor time per frame.
  package var decoderThreads: Int
  /// Where an interrupted run goes on; nil starts at the beginning.
  package var resume: ResumePoint?

  package init(
    samplesPerSecond: Double = 1, renditions: [Rendition] = [], audioTrack: AudioTrack = .automatic, video: Bool = true,
    limits: MediaLimits = MediaLimits(), decoderThreads: Int = 1, resume: ResumePoint? = nil
  ) {
    self.samplesPerSecond = samplesPerSecond
    self.renditions = renditions
    self.audioTrack = audioTrack
    self.video = video
    self.limits = limits
    self.decoderThreads = decoderThreads
    self.resume = resume
  }

  /// Which of a file's audio tracks to listen to.
  package enum AudioTrack: Sendable, Equatable {
    /// The track marked as default, else the best one; a file without sound is fine.
    case automatic
    /// The track with this `MediaDescription.AudioTrack.index`; opening fails when there is none.
    case index(Int)
    /// No sound.
    case none
  }
}

/// What an input may ask for before it is refused: bounds on what a hostile or broken file can make this process spend.
package struct MediaLimits: Sendable {
  /// Width times height of a coded picture.
  package var pixels: Int
  package var streams: Int
  /// A compressed packet larger than this is dropped and counted.
  package var packetBytes: Int
  /// Bytes read to find out what the streams are.
  package var probeBytes: Int
  /// Media time read to find out what the streams are.
  package var probeTime: MediaTime

  package init(
    pixels: Int = 8192 * 4320, streams: Int = 256, packetBytes: Int = 64 << 20, probeBytes: Int = 20 << 20,
    probeTime: MediaTime = MediaTime(seconds: 10)
  ) {
    self.pixels = pixels
    self.streams = streams
    self.packetBytes = packetBytes
    self.probeBytes = probeBytes
    self.probeTime = probeTime
  }
}

/// Where to go on after an interruption. A reader that resumes delivers the same frames and samples, to the last bit, as one that
/// did not stop.
package struct ResumePoint: Sendable, Equatable, Codable {
  /// Frames with `time` before this are not delivered again, nor gaps that end at or before it.
  package var time: MediaTime
  /// Sound before this is not delivered again; a chunk that spans it starts at it.
  package var audioFrom: MediaTime

  package init(time: MediaTime, audioFrom: MediaTime) {
    self.time = time
    self.audioFrom = audioFrom
  }
}
