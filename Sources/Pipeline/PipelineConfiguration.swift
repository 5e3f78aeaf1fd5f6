import Core
import Foundation
import Media
import Memory
import Perception

/// Every choice a pipeline file can make. `PipelineConfiguration()` is what `pipelines/default.yaml` says; a test holds the two together.
package struct PipelineConfiguration: Sendable, Equatable {
  package var reader = Reader()
  package var vision = Vision()
  package var text = Text()
  package var speech = Speech()
  package var sound = Sound()
  package var sentences = Sentences()
  package var memory = MemoryConfiguration()
  package var channels = Channels()
  package var alerts = AlertConfiguration()
  package var live = LiveConfiguration()

  package init() {}

  /// What is read of a file, and what it may ask for before it is refused.
  package struct Reader: Sendable, Equatable {
    package var samplesPerSecond = 1.0
    package var decoderThreads = 1
    package var pixels = MediaLimits().pixels
    package var packetBytes = MediaLimits().packetBytes
    package var probeBytes = MediaLimits().probeBytes
    package var probeTime = MediaLimits().probeTime
    package var streams = MediaLimits().streams

    package init() {}

    var options: MediaOptions {
      let limits = MediaLimits(pixels: pixels, streams: streams, packetBytes: packetBytes, probeBytes: probeBytes, probeTime: probeTime)
      return MediaOptions(samplesPerSecond: samplesPerSecond, limits: limits, decoderThreads: decoderThreads)
    }
  }

  /// How live sources are opened: with less patience than files.
  var liveOptions: LiveOptions {
    var limits = LiveOptions.limits
    (limits.pixels, limits.packetBytes) = (reader.pixels, reader.packetBytes)
    var options = LiveOptions(limits: limits)
    (options.samplesPerSecond, options.decoderThreads) = (reader.samplesPerSecond, reader.decoderThreads)
    (options.openTime, options.probeTime, options.silence) = (live.openTime, live.probeTime, live.silence)
    return options
  }

  package struct Vision: Sendable, Equatable {
    package var isEnabled = true
    package var stage = VisionConfiguration()
    package init() {}
  }

  package struct Text: Sendable, Equatable {
    package var isEnabled = true
    package var stage = TextConfiguration()
    package init() {}
  }

  package struct Speech: Sendable, Equatable {
    package var isEnabled = true
    package var stage = SpeechConfiguration()
    package init() {}
  }

  package struct Sound: Sendable, Equatable {
    package var isEnabled = true
    package var stage = SoundConfiguration()
    package init() {}
  }

  package struct Sentences: Sendable, Equatable {
    package var model = "all-MiniLM-L6-v2"
    package init() {}
  }

  /// How far the reader may run ahead of each stage.
  package struct Channels: Sendable, Equatable {
    package var frames = ChannelLimits(count: 240, bytes: 64 << 20, span: MediaTime(seconds: 120))
    package var sound = ChannelLimits(count: 480, bytes: 16 << 20, span: MediaTime(seconds: 120))
    package init() {}
  }

  /// The configuration in a pipeline file; the defaults without one.
  ///
  /// *Throws* `PipelineError` naming the file, the line and the key.
  package static func load(_ path: String?) throws -> PipelineConfiguration {
    guard let path else { return PipelineConfiguration() }
    let file = URL(fileURLWithPath: path)
    guard FileManager.default.fileExists(atPath: path) else {
      throw PipelineError(.missingInput, code: .misconfigured, "\(path): no such pipeline file")
    }
    guard let size = try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize, size <= 1 << 20, let data = try? Data(contentsOf: file)
    else {
      throw PipelineError(.badPipeline, code: .misconfigured, "\(path): cannot be read as a pipeline file")
    }
    guard let yaml = String(validating: data, as: UTF8.self) else {
      throw PipelineError(.badPipeline, code: .misconfigured, "\(path): not a pipeline file: it is not UTF-8 text")
    }
    return try PipelineConfiguration(yaml: yaml, file: path)
  }
}
