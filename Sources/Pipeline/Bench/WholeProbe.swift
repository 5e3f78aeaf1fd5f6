import Core
import Memory

/// Whether a whole stretch of the stream is found by a description of all of it, of which no single moment is decisive.
///
/// *Source* LoCo (M2-BERT), where the evidence is spread over the document.
struct WholeProbe: Sendable {
  /// What a stretch is ranked by: its likeliest item, the mean of its items, or the better of the two.
  enum Key: Int, Sendable, CaseIterable { case item, mean, both }

  /// *Units* seconds: what is asked for.
  static let lengths = [300, 3600]
  private static let most = 10

  /// By length, the stretches that are asked for and the mean of a second view of every other frame of each.
  private var asked: [[(window: Int, cue: [Float])]] = []

  init(_ stream: SplicedStream, _ material: BenchMaterial, seed: UInt64) {
    var random = SeededNumbers(seed: seed &+ 2)
    asked = Self.lengths.map { length in
      let windows = Array(0..<(stream.frames.count / length)).shuffled(using: &random).prefix(Self.most)
      return windows.map { window in
        var sum = [Float](repeating: 0, count: material.vectors[0].count)
        for second in stride(from: window * length, to: (window + 1) * length, by: 2) where !stream.isJunk[second] {
          for index in sum.indices { sum[index] += material.cues[stream.frames[second]][index] }
        }
        return (window, sum.map { $0 * 2 / Float(length) })
      }
    }
  }

  /// - Returns: by length and key, the share that is among the three likeliest; 0.5 where there are not more than three.
  func recall(_ memory: KeptMemory) -> [[Double]] {
    zip(Self.lengths, asked).map { length, asked in
      let means = memory.means(of: length)
      guard means.count > 3, !asked.isEmpty else { return Key.allCases.map { _ in 0.5 } }
      var found = [Double](repeating: 0, count: Key.allCases.count)
      for (window, cue) in asked {
        let items = memory.likeliest(like: cue, of: length, count: means.count)
        let whole = memory.cosines(like: cue, with: means)
        for key in Key.allCases {
          let scores = items.indices.map { index in
            switch key {
            case .item: items[index]
            case .mean: whole[index]
            case .both: max(items[index], whole[index])
            }
          }
          guard window < scores.count, scores[window] > -1 else { continue }
          if scores.count(where: { $0 > scores[window] }) < 3 { found[key.rawValue] += 1 }
        }
      }
      return found.map { $0 / Double(asked.count) }
    }
  }
}

extension KeptMemory {
  /// What is kept of every stretch of a length on average, each item by its seconds. *Shape* one per stretch, centred.
  fileprivate func means(of length: Int) -> [[Float]] {
    let dimensions = centre.count
    var sums = [[Float]](repeating: [Float](repeating: 0, count: dimensions), count: (ranges.map(\.upperBound).max() ?? 0) / length)
    for (number, range) in ranges.enumerated() where range.lowerBound / length < sums.count {
      for index in 0..<dimensions { sums[range.lowerBound / length][index] += Float(range.count) * rows[number * dimensions + index] }
    }
    return sums
  }

  fileprivate func likeliest(like cue: [Float], of length: Int, count: Int) -> [Float] {
    var most = [Float](repeating: -1, count: count)
    for (range, score) in zip(ranges, VectorScan.cosines(rows: rows, query: zip(cue, centre).map { $0 - $1 }))
    where range.lowerBound / length < count {
      most[range.lowerBound / length] = max(most[range.lowerBound / length], score)
    }
    return most
  }

  fileprivate func cosines(like cue: [Float], with means: [[Float]]) -> [Float] {
    let query = zip(cue, centre).map { $0 - $1 }
    return means.map { $0.allSatisfy { $0 == 0 } ? -1 : VectorScan.cosine($0, query) }
  }
}
