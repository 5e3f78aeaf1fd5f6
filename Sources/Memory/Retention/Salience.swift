/// What a stretch of an episode is worth: how new it is, times how well it is supported, with what went before and what else was perceived
/// in it.
///
///     novelty  = 1 - max over landmarks of cos,  on centred vectors
///     support  = how alike the frames of the stretch are; for a single frame, how like its neighbours, or 0.8 when it was read, said or
///                heard at the same moment. A lone flash has none.
///     momentum = 0.7 momentum + novelty * support
///     salience = novelty * support + 0.2 momentum + 0.1 [read or said] + 0.1 [heard]
///
/// *Source* SirLLM, section 3.2 (keep what surprises); Titans, section 3.1 (momentum of surprise, with scalars in the place of learned
/// gates).
package struct Salience: Codable, Equatable, Sendable {
  /// The mean of the stretches' vectors so far, and how many there were.
  private var mean = FloatBlock([])
  private var count = 0
  private var momentum: Float = 0

  package init() {}

  private static let (decay, share, bonus, crossmodal): (Float, Float, Float, Float) = (0.7, 0.2, 0.1, 0.8)
  /// The mean counts in full only after many stretches.
  private static let warmUp = 16

  /// What else was perceived during a stretch.
  package struct Company: Sendable {
    package var hasWords: Bool
    package var hasSound: Bool
    package init(hasWords: Bool = false, hasSound: Bool = false) {
      self.hasWords = hasWords
      self.hasSound = hasSound
    }
  }

  package struct Value: Sendable, Equatable {
    package var salience: Float
    package var novelty: Float
    package var support: Float
    /// With every landmark there was.
    package var cosines: [Float]
  }

  /// Takes the next stretch of a stream in.
  ///
  /// - Parameters:
  ///   - vector: of the stretch, unit length.
  ///   - frames: the vectors of its frames.
  ///   - neighbours: the vectors of up to two frames on either side.
  package mutating func take(
    _ vector: [Float], frames: some Collection<[Float]>, neighbours: some Collection<[Float]>, company: Company, landmarks: Landmarks
  ) -> Value {
    let centre = centre(vector.count)
    let cosines = landmarks.cosines(with: vector, mean: centre)
    let novelty = max(0, cosines.max().map { 1 - $0 } ?? 1)
    var support: Float
    if frames.count > 1 {
      support = frames.reduce(0) { $0 + Self.cosine($1, vector, less: centre) } / Float(frames.count)
    } else {
      support = neighbours.map { Self.cosine($0, vector, less: centre) }.max() ?? 0
    }
    if company.hasWords || company.hasSound { support = max(support, Self.crossmodal) }
    support = min(1, max(0, support))
    momentum = Self.decay * momentum + novelty * support
    learn(vector)
    let bonus = (company.hasWords ? Self.bonus : 0) + (company.hasSound ? Self.bonus : 0)
    return Value(salience: novelty * support + Self.share * momentum + bonus, novelty: novelty, support: support, cosines: cosines)
  }

  /// What the stream's vectors have in common, as far as it is known.
  private func centre(_ dimensions: Int) -> [Float] {
    guard mean.values.count == dimensions else { return [Float](repeating: 0, count: dimensions) }
    let share = Float(count) / Float(count + Self.warmUp)
    return mean.values.map { $0 * share }
  }

  private mutating func learn(_ vector: [Float]) {
    if mean.values.count != vector.count { (mean, count) = (FloatBlock([Float](repeating: 0, count: vector.count)), 0) }
    count += 1
    let share = 1 / Float(count)
    for index in vector.indices { mean.values[index] += (vector[index] - mean.values[index]) * share }
  }

  private static func cosine(_ a: [Float], _ b: [Float], less centre: [Float]) -> Float {
    guard a.count == b.count, b.count == centre.count else { return 0 }
    var (dot, aa, bb): (Float, Float, Float) = (0, 0, 0)
    for index in centre.indices {
      let (x, y) = (a[index] - centre[index], b[index] - centre[index])
      dot += x * y
      aa += x * x
      bb += y * y
    }
    return aa > 0 && bb > 0 ? dot / (aa * bb).squareRoot() : 0
  }
}
