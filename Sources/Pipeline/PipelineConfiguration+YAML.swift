import Core
import Media
import Memory
import Perception

extension PipelineConfiguration {
  /// Reads a pipeline file's text. A key that is not given keeps its default; one that is not known is an error.
  init(yaml: String, file: String) throws {
    self.init()
    let root = try ConfigurationSection(yaml: yaml, file: file)
    try root.allowOnly(["reader", "vision", "text", "speech", "sound", "sentences", "memory", "channels", "alerts"])
    try reader.read(root.section("reader"))
    try vision.read(root.section("vision"))
    try text.read(root.section("text"))
    try speech.read(root.section("speech"))
    try sound.read(root.section("sound"))
    try sentences.read(root.section("sentences"))
    vision.stage.sentenceModel = sentences.model
    sound.stage.sentenceModel = sentences.model
    try memory.read(root.section("memory"))
    try channels.read(root.section("channels"))
    try alerts.read(root.section("alerts"))
  }
}

extension PipelineConfiguration.Reader {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly([
      "samples_per_second", "decoder_threads", "most_pixels", "most_streams", "most_packet_megabytes", "most_probe_megabytes",
      "most_probe_seconds",
    ])
    samplesPerSecond = try section.number("samples_per_second", default: samplesPerSecond, in: 0.01...60)
    decoderThreads = try section.integer("decoder_threads", default: decoderThreads, in: 1...64)
    pixels = try section.integer("most_pixels", default: pixels, in: 1...(1 << 30))
    streams = try section.integer("most_streams", default: streams, in: 1...4096)
    packetBytes = try section.integer("most_packet_megabytes", default: packetBytes >> 20, in: 1...1024) << 20
    probeBytes = try section.integer("most_probe_megabytes", default: probeBytes >> 20, in: 1...1024) << 20
    probeTime = MediaTime(seconds: try section.number("most_probe_seconds", default: probeTime.seconds, in: 0.1...600))
  }
}

extension PipelineConfiguration.Vision {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["enabled", "model", "tags", "blended_labels", "look_closer", "thumbnails", "thumbnail_quality"])
    isEnabled = try section.boolean("enabled", default: isEnabled)
    stage.model = try section.string("model", default: stage.model)
    stage.tags = try section.integer("tags", default: stage.tags, in: 1...100)
    stage.blendedLabels = try section.integer("blended_labels", default: stage.blendedLabels, in: 1...1000)
    stage.thumbnails = try section.boolean("thumbnails", default: stage.thumbnails)
    stage.looksCloser = try section.boolean("look_closer", default: stage.looksCloser)
    stage.thumbnailQuality = try section.integer("thumbnail_quality", default: stage.thumbnailQuality, in: 1...100)
  }
}

extension PipelineConfiguration.Text {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["enabled", "language", "least_confidence", "lines_per_picture", "change_threshold"])
    isEnabled = try section.boolean("enabled", default: isEnabled)
    stage.language = try section.string("language", default: stage.language)
    stage.leastConfidence = Float(try section.number("least_confidence", default: Double(stage.leastConfidence), in: 0...1))
    stage.linesPerPicture = try section.integer("lines_per_picture", default: stage.linesPerPicture, in: 1...1000)
    stage.changeThreshold = try section.integer("change_threshold", default: stage.changeThreshold, in: 1...255)
  }
}

extension PipelineConfiguration.Speech {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly([
      "enabled", "model", "voice_model", "language", "beam_size", "onset", "offset", "least_speech_seconds", "least_silence_seconds",
      "padding_seconds", "join_gap_seconds", "longest_seconds", "utterance_gap_seconds", "least_confidence",
    ])
    isEnabled = try section.boolean("enabled", default: isEnabled)
    stage.model = try section.string("model", default: stage.model)
    stage.voiceModel = try section.string("voice_model", default: stage.voiceModel)
    let language = try section.string("language", default: stage.language ?? "auto")
    stage.language = language == "auto" ? nil : language
    stage.beamSize = try section.integer("beam_size", default: stage.beamSize, in: 1...20)
    stage.onset = Float(try section.number("onset", default: Double(stage.onset), in: 0...1))
    stage.offset = Float(try section.number("offset", default: Double(stage.offset), in: 0...1))
    stage.leastSpeech = try section.number("least_speech_seconds", default: stage.leastSpeech, in: 0...10)
    stage.leastSilence = try section.number("least_silence_seconds", default: stage.leastSilence, in: 0...10)
    stage.padding = try section.number("padding_seconds", default: stage.padding, in: 0...5)
    stage.joinGap = try section.number("join_gap_seconds", default: stage.joinGap, in: 0...30)
    stage.longest = try section.number("longest_seconds", default: stage.longest, in: 5...30)
    stage.utteranceGap = try section.number("utterance_gap_seconds", default: stage.utteranceGap, in: 0...30)
    stage.leastConfidence = Float(try section.number("least_confidence", default: Double(stage.leastConfidence), in: 0...1))
    if stage.longest + 2 * stage.padding > 30 {
      throw section.complaint("longest_seconds", "with 'padding_seconds' on both sides must fit the 30 s that the model hears at once")
    }
  }
}

extension PipelineConfiguration.Sound {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["enabled", "model", "least_level", "onset", "prominence", "offset", "join_gap_seconds", "adaptation"])
    isEnabled = try section.boolean("enabled", default: isEnabled)
    stage.model = try section.string("model", default: stage.model)
    stage.leastLevel = Float(try section.number("least_level", default: Double(stage.leastLevel), in: -200...0))
    stage.onset = Float(try section.number("onset", default: Double(stage.onset), in: 0...1))
    stage.prominence = Float(try section.number("prominence", default: Double(stage.prominence), in: 0...20))
    stage.offset = Float(try section.number("offset", default: Double(stage.offset), in: 0...1))
    stage.joinGap = try section.number("join_gap_seconds", default: stage.joinGap, in: 0...60)
    stage.adaptation = Float(try section.number("adaptation", default: Double(stage.adaptation), in: 0...10))
  }
}

extension PipelineConfiguration.Sentences {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["model"])
    model = try section.string("model", default: model)
  }
}

extension PipelineConfiguration.Channels {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["frames", "sound"])
    try frames.read(section.section("frames"))
    try sound.read(section.section("sound"))
  }
}

extension ChannelLimits {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["count", "megabytes", "seconds"])
    count = try section.integer("count", default: count, in: 1...1_000_000)
    bytes = try section.integer("megabytes", default: bytes >> 20, in: 1...65_536) << 20
    span = MediaTime(seconds: try section.number("seconds", default: span.seconds, in: 0.1...3600))
  }
}

extension AlertConfiguration {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["questions", "least_confidence", "rearm_seconds", "command_seconds"])
    leastConfidence = try section.number("least_confidence", default: leastConfidence, in: 0...1)
    rearmSeconds = try section.number("rearm_seconds", default: rearmSeconds, in: 0...86_400)
    commandSeconds = try section.number("command_seconds", default: commandSeconds, in: 0.1...3600)
    alerts =
      try section.sections("questions")?.map { entry -> Alert in
        try entry.allowOnly(["ask", "least_confidence", "command", "file"])
        guard let text = try entry.text("ask") else { throw entry.complaint("ask", "must say what to wait for") }
        do {
          var alert = try Alert(text, command: entry.text("command"), file: entry.text("file"))
          let least = try entry.number("least_confidence", default: -1, in: 0...1)
          alert.leastConfidence = least < 0 ? nil : least
          return alert
        } catch let error as PipelineError where error.situation == .badArgument {
          throw entry.complaint("ask", "cannot be waited for: \(error.message)")
        }
      } ?? alerts
  }
}

extension MemoryConfiguration {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["budget_megabytes", "segmentation", "pooling", "short_term", "retention"])
    let budget = try section.integer("budget_megabytes", default: 0, in: 16...1_048_576)
    if budget > 0 { budgetBytes = budget * 1_000_000 }
    try segmentation.read(section.section("segmentation"))
    try pooling.read(section.section("pooling"))
    try shortTerm.read(section.section("short_term"))
    try retention.read(section.section("retention"))
  }
}

extension MemoryConfiguration.Segmentation {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly([
      "strategy", "refiner", "gamma", "window", "context", "shortest", "longest", "refractory_seconds", "merge_reach", "merge_similarity",
      "merge_contrast",
      "clip_frames", "clip_similarity", "pause_seconds", "longest_seconds",
    ])
    strategy =
      Strategy(rawValue: try section.choice("strategy", default: strategy.rawValue, of: Strategy.allCases.map(\.rawValue))) ?? strategy
    refiner = Refiner(rawValue: try section.choice("refiner", default: refiner.rawValue, of: Refiner.allCases.map(\.rawValue))) ?? refiner
    gamma = Float(try section.number("gamma", default: Double(gamma), in: -10...10))
    window = try section.integer("window", default: window, in: 2...100_000)
    context = try section.integer("context", default: context, in: 1...1000)
    shortest = try section.integer("shortest", default: shortest, in: 1...10_000)
    longest = try section.integer("longest", default: longest, in: 1...10_000)
    refractorySeconds = try section.number("refractory_seconds", default: refractorySeconds, in: 0...3600)
    mergeReach = try section.integer("merge_reach", default: mergeReach, in: 1...1000)
    mergeSimilarity = Float(try section.number("merge_similarity", default: Double(mergeSimilarity), in: -1...1))
    mergeContrast = Float(try section.number("merge_contrast", default: Double(mergeContrast), in: 0...100))
    clipFrames = try section.integer("clip_frames", default: clipFrames, in: 1...10_000)
    clipSimilarity = Float(try section.number("clip_similarity", default: Double(clipSimilarity), in: -1...1))
    pauseSeconds = try section.number("pause_seconds", default: pauseSeconds, in: 0...3600)
    longestSeconds = try section.number("longest_seconds", default: longestSeconds, in: 1...86_400)
    if longest < shortest { throw section.complaint("longest", "is \(longest), but 'shortest' is \(shortest)") }
  }
}

extension MemoryConfiguration.Pooling {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["strategy", "anchor", "group", "high_resolution_stride", "low_resolution_stride"])
    strategy =
      Strategy(rawValue: try section.choice("strategy", default: strategy.rawValue, of: Strategy.allCases.map(\.rawValue))) ?? strategy
    anchor = Anchor(rawValue: try section.choice("anchor", default: anchor.rawValue, of: Anchor.allCases.map(\.rawValue))) ?? anchor
    group = try section.integer("group", default: group, in: 1...1000)
    highResolutionStride = try section.integer("high_resolution_stride", default: highResolutionStride, in: 1...64)
    lowResolutionStride = try section.integer("low_resolution_stride", default: lowResolutionStride, in: 1...64)
  }
}

extension MemoryConfiguration.ShortTerm {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly(["seconds", "megabytes"])
    seconds = try section.number("seconds", default: seconds, in: 0...3600)
    bytes = try section.integer("megabytes", default: bytes >> 20, in: 1...65_536) << 20
  }
}

extension MemoryConfiguration.Retention {
  fileprivate mutating func read(_ section: ConfigurationSection) throws {
    try section.allowOnly([
      "strategy", "pooled_seconds", "anchor_seconds", "representatives", "least_gain", "half_life_hours", "landmarks", "landmark_novelty",
      "reminders", "reminder_similarity",
    ])
    strategy =
      Strategy(rawValue: try section.choice("strategy", default: strategy.rawValue, of: Strategy.allCases.map(\.rawValue))) ?? strategy
    pooledSeconds = try section.number("pooled_seconds", default: pooledSeconds, in: 60...31_536_000)
    anchorSeconds = try section.number("anchor_seconds", default: anchorSeconds, in: 60...31_536_000)
    representatives = try section.integer("representatives", default: representatives, in: 1...1000)
    leastGain = Float(try section.number("least_gain", default: Double(leastGain), in: 0...1000))
    halfLifeHours = try section.number("half_life_hours", default: halfLifeHours, in: 0...1_000_000)
    landmarks = try section.integer("landmarks", default: landmarks, in: 1...100_000)
    landmarkNovelty = Float(try section.number("landmark_novelty", default: Double(landmarkNovelty), in: 0...2))
    reminders = try section.integer("reminders", default: reminders, in: 0...100)
    reminderSimilarity = Float(try section.number("reminder_similarity", default: Double(reminderSimilarity), in: -1...1))
    if anchorSeconds < pooledSeconds {
      throw section.complaint("anchor_seconds", "is \(anchorSeconds), but 'pooled_seconds' is \(pooledSeconds)")
    }
  }
}
