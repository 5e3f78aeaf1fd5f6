import Memory

/// The ways of remembering that are compared.
package enum BenchArm: String, CaseIterable, Sendable, Codable {
  /// The memory's own, by what is given up first when there is no more room.
  case salience, fifo, lambda, reservoir
  /// The memory's own, by what an episode's stretches are.
  case uniformStretches = "salience, uniform stretches"
  case halvingStretches = "salience, halving"
  case keyframeStretches = "salience, key frames"
  case farthestPoints = "salience, farthest points"
  /// What any memory must beat: single frames, as many as there is room for.
  case recentOnly = "recent only"
  case uniform = "uniform frames"
  case keyframe = "key frames"
  /// Every frame: what no memory of this size can hold.
  case everything = "no pooling"

  package static let standard = BenchArm.salience
  static let baselines: [BenchArm] = [.recentOnly, .uniform, .keyframe]

  /// What an episode is divided into: the memory's own ways, and the one it was designed with.
  enum Code: Hashable {
    case strategy(MemoryConfiguration.Pooling.Strategy), farthestPoints
  }

  /// How the memory itself is set; nil for what is no memory of ours.
  var choice: (code: Code, retention: MemoryConfiguration.Retention.Strategy)? {
    switch self {
    case .salience: (.strategy(.progressive), .salience)
    case .fifo: (.strategy(.progressive), .fifo)
    case .lambda: (.strategy(.progressive), .lambda)
    case .reservoir: (.strategy(.progressive), .reservoir)
    case .uniformStretches: (.strategy(.uniform), .salience)
    case .halvingStretches: (.strategy(.halving), .salience)
    case .keyframeStretches: (.strategy(.keyframe), .salience)
    case .farthestPoints: (.farthestPoints, .salience)
    case .recentOnly, .uniform, .keyframe, .everything: nil
    }
  }
}
