/// Moves a boundary to where the frames around it fall apart best, as groups of a graph whose edges are their likenesses.
///
/// The frames within `reach` of the boundary are the nodes; an edge weighs the cosine of two centred vectors where it is positive.
/// `modularity` places the boundary where the edges inside the two sides exceed what their strengths alone would give most,
/// `conductance` where the cut is smallest beside the weaker side. Decided when `reach` frames after the boundary are known, so a
/// boundary is final at most `2 * reach` frames after its own. Can only move boundaries.
///
/// *Source* EM-LLM, section 3.2, equations 3 and 4. Unlike the released code a boundary may stay, and may move to either side.
struct CommunitySplit: Codable, Equatable, Sendable {
  enum Measure: String, Codable, Sendable { case modularity, conductance }

  let measure: Measure
  /// Frames on each side.
  let reach: Int

  init(_ measure: Measure, _ configuration: MemoryConfiguration.Segmentation) {
    self.measure = measure
    reach = max(1, configuration.mergeReach)
  }

  /// - Parameters:
  ///   - candidates: where the boundary may lie; holds `boundary`.
  ///   - frames: what is known around it and belongs to no other episode.
  /// - Returns: the best place; of equals the nearest to `boundary`.
  func place(of boundary: Int, among candidates: ClosedRange<Int>, frames: Range<Int>, in history: FrameHistory) -> Int {
    let vectors = history.centredVectors(of: frames)
    guard vectors.count == frames.count, frames.count > 2 else { return boundary }
    var likeness = [Float](repeating: 0, count: vectors.count * vectors.count)
    for row in vectors.indices {
      for column in vectors.indices where row != column {
        likeness[row * vectors.count + column] = max(0, VectorScan.cosine(vectors[row], vectors[column]))
      }
    }
    var best = (place: boundary, score: score(of: boundary - frames.lowerBound, likeness, vectors.count))
    for place in candidates.sorted(by: { abs($0 - boundary) < abs($1 - boundary) }) {
      let score = score(of: place - frames.lowerBound, likeness, vectors.count)
      if score > best.score + 1e-6 { best = (place, score) }
    }
    return best.place
  }

  /// How well the first `split` of `count` nodes are told from the others; higher is better.
  private func score(of split: Int, _ likeness: [Float], _ count: Int) -> Float {
    var (left, right, cut): (Float, Float, Float) = (0, 0, 0)
    for row in 0..<count {
      for column in 0..<count {
        let weight = likeness[row * count + column]
        if row < split, column < split {
          left += weight
        } else if row >= split, column >= split {
          right += weight
        } else {
          cut += weight / 2
        }
      }
    }
    let all = left + right + 2 * cut
    guard all > 0 else { return 0 }
    let (leftVolume, rightVolume) = (left + cut, right + cut)
    switch measure {
    case .modularity: return (left + right) / all - (leftVolume * leftVolume + rightVolume * rightVolume) / (all * all)
    case .conductance:
      let weaker = min(leftVolume, rightVolume)
      return weaker > 0 ? -cut / weaker : -1
    }
  }
}
