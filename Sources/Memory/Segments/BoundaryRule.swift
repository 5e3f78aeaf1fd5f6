/// Which frames look like the beginning of something new. Says so at the frame itself, knowing only what came before.
enum BoundaryRule: Codable, Equatable, Sendable {
  /// Every so many frames.
  case fixed(frames: Int)
  /// A clip ends after so many frames, or when a frame is unlike the one before. *Source* InternLM-XComposer2.5-OmniLive's released
  /// demo: at least 3 frames, at most 16, cosine 0.9.
  case clip(frames: Int, similarity: Float)
  case surprise(SurpriseRule)

  init(_ configuration: MemoryConfiguration.Segmentation) {
    switch configuration.strategy {
    case .fixed: self = .fixed(frames: configuration.clipFrames)
    case .clip: self = .clip(frames: configuration.clipFrames, similarity: configuration.clipSimilarity)
    case .surprise: self = .surprise(SurpriseRule(configuration))
    }
  }

  /// - Parameters:
  ///   - history: everything before the frame.
  ///   - length: frames since the last boundary.
  mutating func begins(with vector: [Float], after history: FrameHistory, length: Int) -> Bool {
    switch self {
    case .fixed(let frames): return length >= frames
    case .clip(let frames, let similarity):
      return length >= frames || (length > 0 && VectorScan.cosine(vector, history.last) <= similarity)
    case .surprise(var rule):
      defer { self = .surprise(rule) }
      return rule.begins(with: vector, after: history)
    }
  }
}
