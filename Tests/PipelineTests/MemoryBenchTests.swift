import Core
import Foundation
import Memory
import Testing

@testable import Pipeline

@Suite("Measuring what a memory still knows")
struct MemoryBenchTests {
  private let material = BenchMaterial(FeatureRecording.invented(seed: 1), PipelineConfiguration())

  @Test("a stream follows from its seed, and holds what it says it holds")
  func splicing() throws {
    let ages = [60.0, 600, 3600]
    let stream = try SplicedStream(material, seconds: 7200, ages: ages, seed: 5)
    let again = try SplicedStream(material, seconds: 7200, ages: ages, seed: 5)
    #expect(stream.frames == again.frames && stream.isJunk == again.isJunk)
    #expect(try SplicedStream(material, seconds: 7200, ages: ages, seed: 6).frames != stream.frames)
    #expect(stream.frames.count == 7200 && stream.needles.count == 9 && stream.entities.map(\.ranges.count) == SplicedStream.mentions)
    #expect((0.04...0.06).contains(Double(stream.isJunk.count { $0 }) / 7200))
    for needle in stream.needles {
      let shown = Set(stream.frames[needle.range])
      #expect(shown.contains(needle.cue) && shown.count == needle.seconds)
      let elsewhere = stream.frames.indices.filter { !needle.range.contains($0) && shown.contains(stream.frames[$0]) }
      #expect(elsewhere.isEmpty, "a moment planted once is shown at \(elsewhere) too")
      #expect(abs(Double(7200 - needle.range.lowerBound) / needle.age - 1) < 0.5)
    }
    #expect(stream.foils.allSatisfy { !stream.frames.contains($0) })
  }

  @Test("media with too little in them are refused with how much is needed")
  func tooLittle() {
    let few = BenchMaterial(Array(FeatureRecording.invented(seed: 1).prefix(1)), PipelineConfiguration())
    #expect { try SplicedStream(few, seconds: 3600, ages: [60], seed: 1) } throws: {
      PipelineError.line(for: $0).contains("more varied media")
    }
  }

  @Test("every way of remembering keeps to its bytes", arguments: BenchArm.allCases.filter { $0 != .everything })
  func bytes(_ arm: BenchArm) throws {
    let stream = try SplicedStream(material, seconds: 7200, ages: [60], seed: 2)
    let remembered = RememberedStream(stream, material, MemoryConfiguration())
    for share in [0.02, 0.1] {
      let bytes = Int(share * Double(remembered.bytes))
      let memory = remembered.memory(arm, bytes: bytes)
      #expect(memory.bytes <= bytes && memory.bytes > 0)
      #expect(memory.ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= 7200 })
    }
  }

  @Test(
    "in little room the memory knows more of what is old than recent, spread and key frames do, and as much of what is new as recent ones")
  func ranking() async throws {
    var plan = MemoryBench.Plan()
    (plan.seeds, plan.hours, plan.budgets) = (4, 3, [0.04])
    let report = try await MemoryBench([], plan, PipelineConfiguration()).report { _ in }
    #expect(report.trials.count == 4 * BenchArm.allCases.count && report.ages == [60, 600, 3600])
    for baseline in BenchArm.baselines {
      #expect(report.difference(.salience, baseline, budget: 0.04, report.recallOfOld).low > 0, "\(baseline)")
    }
    let now = report.difference(.salience, .recentOnly, budget: 0.04, \.now)
    #expect(now.mean == 0)
    #expect(report.estimate(.everything, budget: 0.04, report.recallOfOld).mean > 0.95)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("afterimage-bench-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try report.write(to: folder)
    let plot = try String(contentsOf: folder.appendingPathComponent("recall-by-age.svg"), encoding: .utf8)
    #expect(plot.hasPrefix("<svg") && plot.hasSuffix("</svg>\n") && plot.contains("10 min") && plot.utf8.count < 100_000)
    #expect(try Data(contentsOf: folder.appendingPathComponent("memory.json")).count > 1000)
  }

  @Test("an interval holds its mean, and is one point where nothing varies")
  func intervals() {
    let same = Bootstrap.estimate([0.5, 0.5, 0.5])
    #expect(same.low == 0.5 && same.high == 0.5)
    let mixed = Bootstrap.estimate([0, 0.2, 0.4, 1])
    #expect(mixed.low < mixed.mean && mixed.mean < mixed.high && mixed.low >= 0 && mixed.high <= 1)
  }

  @Test("the gain for every doubling of mentions is the slope through them")
  func slope() {
    func trial(_ mentions: [Double]) -> MemoryTrial {
      MemoryTrial(
        arm: .salience, budget: 0.01, seed: 1, bytes: 0, recall: [], now: 0, seenBefore: 0, order: 0, mentions: mentions, junk: 0, whole: []
      )
    }
    #expect(abs(MemoryReport.mentionSlope(trial([0, 0.25, 0.5, 0.75, 1])) - 0.25) < 1e-9)
    #expect(MemoryReport.mentionSlope(trial([1, 1, 1, 1, 1])) == 0)
  }
}
