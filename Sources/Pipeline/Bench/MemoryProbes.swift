import Core

/// What one way of remembering still knew of one stream. All rates are 0...1.
package struct MemoryTrial: Sendable, Codable {
  package var arm: BenchArm
  /// Of the bytes of all vectors.
  package var budget: Double
  package var seed: UInt64
  /// Bytes kept, vectors alone.
  package var bytes: Int
  /// Of the moments planted at each age, the share found among the five likeliest.
  package var recall: [Double]
  /// Moments of the last minute, looking there only: whether the likeliest shows the same scene.
  package var now: Double
  /// How well what was in the stream is told from what was not: area under the curve.
  package var seenBefore: Double
  /// Pairs of moments put in the right order; not found is half right.
  package var order: Double
  /// By number of mentions: whether any was found among the five likeliest.
  package var mentions: [Double]
  /// Of what is kept, the share that is a single flash.
  package var junk: Double
  /// Of whole stretches of five minutes and of an hour, the share among the three likeliest: by the likeliest item, by the mean, by both.
  package var whole: [[Double]]
}

/// Asks a memory about what was planted in its stream, always by the second view of a moment.
///
/// *Source* cued recall, recognition and retention: "Recognition, Recall, and Retention of Few-Shot Memories in LLMs"; order: SORT; by
/// position: LIConBench; by number of mentions: "Large Language Models Struggle to Learn Long-Tail Knowledge".
struct MemoryProbes: Sendable {
  let stream: SplicedStream
  let material: BenchMaterial
  let ages: [Double]
  /// Seconds of the last minute that are asked about.
  private let recent: [Int]
  private let wholes: WholeProbe

  init(_ stream: SplicedStream, _ material: BenchMaterial, ages: [Double], seed: UInt64) {
    (self.stream, self.material, self.ages) = (stream, material, ages)
    wholes = WholeProbe(stream, material, seed: seed)
    var random = SeededNumbers(seed: seed &+ 1)
    let last = max(0, stream.frames.count - 60)..<stream.frames.count
    recent = Array(last.filter { !stream.isJunk[$0] }.shuffled(using: &random).prefix(10))
  }

  func trial(_ arm: BenchArm, _ memory: KeptMemory, budget: Double, seed: UInt64) -> MemoryTrial {
    let answers = stream.needles.map { memory.moments(like: material.cues[$0.cue], most: 5) }
    let hits = zip(stream.needles, answers).map { needle, answer in answer.contains { Self.lies($0.range, in: needle.range) } }
    let foils = stream.foils.map { memory.moments(like: material.cues[$0], most: 1).first?.score ?? -1 }
    let mentions = stream.entities.map { entity in
      memory.moments(like: material.cues[entity.cue], most: 5).contains { found in entity.ranges.contains { Self.lies(found.range, in: $0) }
      }
    }
    let last = max(0, stream.frames.count - 60)..<stream.frames.count
    let now = recent.map { second in
      let asked = stream.frames[second]
      let found = memory.moments(like: material.cues[asked], most: 1, in: last).first?.range ?? 0..<0
      return found.contains { material.scenes[stream.frames[$0]] == material.scenes[asked] }
    }
    let flashes = memory.ranges.count { range in 2 * range.count { stream.isJunk[$0] } > range.count }
    return MemoryTrial(
      arm: arm, budget: budget, seed: seed, bytes: memory.bytes,
      recall: ages.map { age in Self.share(zip(stream.needles, hits).filter { $0.0.age == age }.map(\.1)) }, now: Self.share(now),
      seenBefore: Self.area(answers.map { $0.first?.score ?? -1 }, foils), order: order(answers.map { $0.first?.range }),
      mentions: mentions.map { $0 ? 1 : 0 }, junk: memory.ranges.isEmpty ? 0 : Double(flashes) / Double(memory.ranges.count),
      whole: wholes.recall(memory))
  }

  /// Whether a range says where a moment was: no more than two seconds beside it on either side.
  private static func lies(_ range: Range<Int>, in moment: Range<Int>) -> Bool {
    range.lowerBound >= moment.lowerBound - 2 && range.upperBound <= moment.upperBound + 2
  }

  private static func share(_ hits: [Bool]) -> Double { hits.isEmpty ? 0 : Double(hits.count { $0 }) / Double(hits.count) }

  private static func area(_ known: [Float], _ unknown: [Float]) -> Double {
    guard !known.isEmpty, !unknown.isEmpty else { return 0.5 }
    let wins = known.reduce(0.0) { sum, score in
      sum + unknown.reduce(0.0) { $0 + (score > $1 ? 1 : score == $1 ? 0.5 : 0) }
    }
    return wins / Double(known.count * unknown.count)
  }

  private func order(_ found: [Range<Int>?]) -> Double {
    var (right, all) = (0.0, 0.0)
    for first in found.indices {
      for second in found.indices where first < second {
        all += 1
        guard let a = found[first], let b = found[second],
          Self.lies(a, in: stream.needles[first].range) || Self.lies(b, in: stream.needles[second].range),
          a.lowerBound != b.lowerBound
        else {
          right += 0.5
          continue
        }
        let truth = stream.needles[first].range.lowerBound < stream.needles[second].range.lowerBound
        if (a.lowerBound < b.lowerBound) == truth { right += 1 }
      }
    }
    return all > 0 ? right / all : 0.5
  }
}
