/// A boundary where a frame surprises: where it is further from the recent past than frames of this stream lately are.
///
/// The surprise of a frame is `1 - cos` between it and the mean of the few frames before it, on centred vectors. A boundary lies
/// where it exceeds `mean + gamma * deviation` of the surprises in a recent window.
///
/// *Source* EM-LLM (Human-like Episodic Memory), section 3.1, with the distance of features in the place of a token's negative log
/// likelihood.
struct SurpriseRule: Codable, Equatable, Sendable {
  private let gamma: Float
  private let window: Int
  private let context: Int
  /// Newest last, at most `window`.
  private var surprises = FloatBlock([])

  init(_ configuration: MemoryConfiguration.Segmentation) {
    gamma = configuration.gamma
    window = max(2, configuration.window)
    context = max(1, configuration.context)
  }

  mutating func begins(with vector: [Float], after history: FrameHistory) -> Bool {
    guard history.count > 0 else { return false }
    let past = history.centredMean(of: max(0, history.count - context)..<history.count)
    let surprise = 1 - VectorScan.cosine(history.centred(vector), past)
    let threshold = self.threshold
    surprises.values.append(surprise)
    if surprises.values.count > window { surprises.values.removeFirst() }
    return threshold.map { surprise > $0 } ?? false
  }

  /// Nil as long as too little is known to call anything surprising.
  private var threshold: Float? {
    let values = surprises.values
    guard values.count >= 2 else { return nil }
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
    return mean + gamma * variance.squareRoot()
  }
}
