import Memory

/// The ways of remembering that are compared.
package enum BenchArm: String, CaseIterable, Sendable, Codable {
  /// The memory's own, by what is given up first when there is no more room.
  case salience, fifo, lambda, reservoir
  /// The memory's own, by what an episode's stretches are.
  case uniformStretches = "salience, uniform stretches"
  case halvingStretches = "salience, halving"
  case keyframeStretches = "salience, key frames"
  /// What any memory must beat: single frames, as many as there is room for.
  case recentOnly = "recent only"
  case uniform = "uniform frames"
  case keyframe = "key frames"
  /// Every frame: what no memory of this size can hold.
  case everything = "no pooling"

  package static let standard = BenchArm.salience
  static let baselines: [BenchArm] = [.recentOnly, .uniform, .keyframe]

  /// How the memory itself is set; nil for what is no memory of ours.
  var choice: (pooling: MemoryConfiguration.Pooling.Strategy, retention: MemoryConfiguration.Retention.Strategy)? {
    switch self {
    case .salience: (.progressive, .salience)
    case .fifo: (.progressive, .fifo)
    case .lambda: (.progressive, .lambda)
    case .reservoir: (.progressive, .reservoir)
    case .uniformStretches: (.uniform, .salience)
    case .halvingStretches: (.halving, .salience)
    case .keyframeStretches: (.keyframe, .salience)
    case .recentOnly, .uniform, .keyframe, .everything: nil
    }
  }
}
