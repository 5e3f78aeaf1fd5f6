import Core
import Foundation
import Memory

/// How much of a long stream a memory of a given size still knows, by age, beside simpler ways of spending the same bytes.
package struct MemoryBench: Sendable {
  package struct Plan: Sendable {
    /// Streams, each with its own seed.
    package var seeds = 20
    package var hours = 24.0
    /// Of the bytes of all vectors.
    package var budgets = [0.01, 0.02, 0.05]
    package init() {}

    /// In seconds, ascending: those that fit into the stream.
    package var ages: [Double] { [60, 600, 3600, 21_600, 86_400].filter { $0 <= hours * 3600 } }
  }

  private let material: BenchMaterial
  private let configuration: MemoryConfiguration
  private let plan: Plan
  private let source: String

  /// - Parameter recordings: the media; none for made-up features with known truth.
  package init(_ recordings: [FeatureRecording], _ plan: Plan, _ configuration: PipelineConfiguration) {
    let made = recordings.isEmpty ? FeatureRecording.invented(seed: 1) : recordings
    source = recordings.isEmpty ? "made up" : "\(made.count) recordings"
    material = BenchMaterial(made, configuration)
    self.configuration = configuration.memory
    self.plan = plan
  }

  /// Runs every stream, as many at a time as there are processors.
  ///
  /// - Parameter progress: told how many streams are done.
  package func report(progress: @escaping @Sendable (Int) -> Void) async throws -> MemoryReport {
    let results = try await withThrowingTaskGroup(of: (UInt64, [MemoryTrial], [ReturnProbe.Trial]).self) { group in
      var (results, next): ([(UInt64, [MemoryTrial], [ReturnProbe.Trial])], UInt64) = ([], 1)
      func begin() {
        let seed = next
        next += 1
        group.addTask { try self.trials(seed: seed) }
      }
      for _ in 0..<min(plan.seeds, ProcessInfo.processInfo.activeProcessorCount) { begin() }
      var done = 0
      while let result = try await group.next() {
        results.append(result)
        done += 1
        progress(done)
        if next <= plan.seeds { begin() }
      }
      return results.sorted { $0.0 < $1.0 }
    }
    return MemoryReport(
      source: source, materialFrames: material.vectors.count, hours: plan.hours, ages: plan.ages, budgets: plan.budgets,
      trials: results.flatMap(\.1).sorted { ($0.seed, $0.budget) < ($1.seed, $1.budget) }, returns: results.flatMap(\.2))
  }

  /// One stream, remembered in every way and asked.
  private func trials(seed: UInt64) throws -> (UInt64, [MemoryTrial], [ReturnProbe.Trial]) {
    let stream = try SplicedStream(material, seconds: Int(plan.hours * 3600), ages: plan.ages, seed: seed)
    let remembered = RememberedStream(stream, material, configuration)
    let probes = MemoryProbes(stream, material, ages: plan.ages, seed: seed)
    // What needs no budget is asked once.
    let everything = probes.trial(.everything, remembered.memory(.everything, bytes: 0), budget: 1, seed: seed)
    let trials = try plan.budgets.flatMap { budget in
      let bytes = Int(budget * Double(remembered.bytes))
      var trials = [everything]
      trials[0].budget = budget
      for arm in BenchArm.allCases where arm != .everything {
        try Task.checkCancellation()
        trials.append(probes.trial(arm, remembered.memory(arm, bytes: bytes), budget: budget, seed: seed))
      }
      return trials
    }
    return (seed, trials, ReturnProbe.trials(stream, material, configuration))
  }
}
