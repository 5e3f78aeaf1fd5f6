import Core
import Foundation

/// The figures of a run of the memory benchmark, with 95 % intervals over the streams.
package struct MemoryReport: Sendable, Codable {
  package var source: String
  package var materialFrames: Int
  package var hours: Double
  /// In seconds.
  package var ages: [Double]
  package var budgets: [Double]
  package var trials: [MemoryTrial]
  /// What each way says of everything that was planted.
  var returns: [ReturnProbe.Trial] = []
  /// What can be answered from talks; absent where there was no sentence model.
  package var answers: AnswerReport?

  /// A mean and its 95 % interval.
  package struct Estimate: Sendable, Codable {
    package var mean: Double
    package var low: Double
    package var high: Double
  }

  /// The mean of some figure over the streams.
  package func estimate(_ arm: BenchArm, budget: Double, _ figure: (MemoryTrial) -> Double) -> Estimate {
    Bootstrap.estimate(trials.filter { $0.arm == arm && $0.budget == budget }.map(figure))
  }

  /// How much more one way scores than another, stream by stream.
  package func difference(_ arm: BenchArm, _ other: BenchArm, budget: Double, _ figure: (MemoryTrial) -> Double) -> Estimate {
    func values(_ arm: BenchArm) -> [Double] {
      trials.filter { $0.arm == arm && $0.budget == budget }.sorted { $0.seed < $1.seed }.map(figure)
    }
    return Bootstrap.estimate(zip(values(arm), values(other)).map { $0 - $1 })
  }

  /// Recall of what is older than the short-term memory.
  package func recallOfOld(_ trial: MemoryTrial) -> Double {
    let old = zip(ages, trial.recall).filter { $0.0 > 60 }.map(\.1)
    return old.isEmpty ? 0 : old.reduce(0, +) / Double(old.count)
  }

  /// How much recall gains with every doubling of the mentions: the slope of the least squares.
  package static func mentionSlope(_ trial: MemoryTrial) -> Double {
    let count = Double(trial.mentions.count)
    guard count > 1 else { return 0 }
    let (middle, mean) = ((count - 1) / 2, trial.mentions.reduce(0, +) / count)
    let (above, below) = trial.mentions.enumerated().reduce((0.0, 0.0)) { sums, mention in
      let step = Double(mention.offset) - middle
      return (sums.0 + step * (mention.element - mean), sums.1 + step * step)
    }
    return above / below
  }

  /// How well what comes back is known to have been there, by each way, at the threshold that is best for it; and below which cosine 95 % of what was
  /// not there before lie.
  package var returnScores: [(name: String, threshold: Float, precision: Double, recall: Double, f1: Double, null: Float)] {
    ReturnProbe.Method.allCases.map { method in
      let own = returns.filter { $0.method == method }
      let new = own.filter { !$0.isReturn }.map(\.score).sorted()
      let score = ReturnProbe.score(own)
      return (
        method.rawValue, score.threshold, score.precision, score.recall, score.f1,
        new.isEmpty ? 0 : new[min(new.count - 1, new.count * 95 / 100)]
      )
    }
  }

  /// Writes `memory.json` and `recall-by-age.svg` into a folder.
  package func write(to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try encoder.encode(self).write(to: folder.appendingPathComponent("memory.json"), options: .atomic)
      try Data(RecallPlot(self).svg.utf8).write(to: folder.appendingPathComponent("recall-by-age.svg"), options: .atomic)
    } catch {
      throw PipelineError(.writing, code: .unavailable, "\(folder.path): cannot be written", cause: error)
    }
  }

  /// `1 min`, `6 h`.
  package static func name(ofAge seconds: Double) -> String { seconds < 3600 ? "\(Int(seconds / 60)) min" : "\(Int(seconds / 3600)) h" }
}

/// Percentile intervals of a mean by drawing the streams again. *Source* Efron 1979.
enum Bootstrap {
  private static let draws = 2000

  static func estimate(_ values: [Double]) -> MemoryReport.Estimate {
    guard !values.isEmpty else { return MemoryReport.Estimate(mean: 0, low: 0, high: 0) }
    var random = SeededNumbers(seed: 7)
    let means = (0..<draws).map { _ in
      values.indices.reduce(0.0) { sum, _ in sum + values[Int.random(in: values.indices, using: &random)] } / Double(values.count)
    }.sorted()
    return MemoryReport.Estimate(
      mean: values.reduce(0, +) / Double(values.count), low: means[draws * 25 / 1000], high: means[draws * 975 / 1000 - 1])
  }
}
