import Core

/// What a reader delivers, roughly in the order of media time.
package enum MediaItem: Sendable {
  case frame(VideoFrame)
  case audio(AudioChunk)
  /// A stretch that could not be read or decoded, and why. It is delivered when its end is known, before what follows it.
  case gap(TimeRange, String)
}

/// A sampled frame.
package struct VideoFrame: Sendable, Equatable {
  /// Presentation time since the start of the file.
  package var time: MediaTime
  /// From `time` to the next sampled frame; the last one's runs to the end of the media.
  package var range: TimeRange
  /// One picture per rendition asked for, in that order.
  package var pictures: [Picture]

  package init(time: MediaTime, range: TimeRange, pictures: [Picture]) {
    self.time = time
    self.range = range
    self.pictures = pictures
  }
}

/// A stretch of sound of at most one second. Chunks end on whole seconds of stream time; one follows the other without a hole unless the
/// input has one, and then the next simply starts later.
package struct AudioChunk: Sendable, Equatable {
  package static let sampleRateHertz = 16_000

  /// The time of the first sample, a multiple of 1/16000 s.
  package var start: MediaTime
  /// *Shape* `[samples]`, mono at 16 kHz. *Range* -1...1, louder passages of a mix may exceed it.
  package var samples: [Float]

  package init(start: MediaTime, samples: [Float]) {
    self.start = start
    self.samples = samples
  }

  package var range: TimeRange {
    TimeRange(start: start, end: MediaTime(nanoseconds: start.nanoseconds + Int64(samples.count) * 62_500))
  }
}
