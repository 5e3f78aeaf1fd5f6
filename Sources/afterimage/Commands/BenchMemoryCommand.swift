import ArgumentParser
import Foundation
import Pipeline

extension BenchCommand {
  struct Memory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "memory", abstract: "How much of a long stream is still known, by age, in a small share of its bytes.",
      discussion: """
        Looks at every file once, with the vision stage, at one frame a second, and keeps what it made of it. Splices long streams of these
        frames, with moments that occur nowhere else planted at known ages and single frames of something else flashing up, and asks for
        each moment by another view of it. Without files, features are made up. Prints a table; --out also writes memory.json and
        recall-by-age.svg.
        """)

    @Argument(help: "Media files.", completion: .file())
    var files: [String] = []

    @Option(help: "Streams, each spliced with its own seed.")
    var seeds = 20

    @Option(help: "Length of each stream in hours.")
    var hours = 24.0

    @Option(parsing: .upToNextOption, help: "Budgets, in percent of the bytes of all vectors.")
    var budgets = [1.0, 2, 5]

    @Option(help: ArgumentHelp("Where memory.json and recall-by-age.svg go.", valueName: "dir"), completion: .directory)
    var out: String?

    @Flag(help: "Only look at the files, for later.") var record = false
    @Flag(help: "As JSON.") var json = false
    @OptionGroup var recordings: RecordingOption

    func validate() throws {
      if record, files.isEmpty { throw ValidationError("Name the files to look at.") }
      guard (1...1000).contains(seeds) else { throw ValidationError("--seeds must be from 1 to 1000.") }
      guard (0.25...240).contains(hours) else { throw ValidationError("--hours must be from 0.25 to 240.") }
      guard !budgets.isEmpty, budgets.allSatisfy({ (0.01...100).contains($0) }) else {
        throw ValidationError("--budgets must be percentages from 0.01 to 100.")
      }
    }

    func run() async throws {
      let configuration = try PipelineConfiguration.load(recordings.pipeline)
      let features = try await recordings.features(of: files, configuration)
      if record { return }
      var plan = MemoryBench.Plan()
      (plan.seeds, plan.hours, plan.budgets) = (seeds, hours, budgets.map { $0 / 100 })
      let (isQuiet, count) = (recordings.quiet, seeds)
      let report = try await MemoryBench(features, plan, configuration).report { done in
        if !isQuiet { Standard.say("\(done) of \(count) streams") }
      }
      if let out { try report.write(to: URL(fileURLWithPath: out, isDirectory: true)) }
      if json { return Standard.printJSON(report) }
      for budget in plan.budgets { show(report, budget) }
    }

    private func show(_ report: MemoryReport, _ budget: Double) {
      let ages = report.ages.map { MemoryReport.name(ofAge: $0).leftPadded(to: 9) }.joined(separator: "  ")
      Standard.print("\(budget * 100) % of the bytes; 95 % intervals")
      Standard.print("\("".padded(to: 30))\(ages)        now  known  order   slope  junk")
      for arm in BenchArm.allCases {
        func mean(_ figure: (MemoryTrial) -> Double) -> String {
          report.estimate(arm, budget: budget, figure).mean.hundredths.leftPadded(to: 5)
        }
        func halved(_ figure: (MemoryTrial) -> Double) -> String {
          let estimate = report.estimate(arm, budget: budget, figure)
          return "\(estimate.mean.hundredths)±\(((estimate.high - estimate.low) / 2).hundredths)".leftPadded(to: 9)
        }
        let figures = report.ages.indices.map { age in halved { $0.recall[age] } } + [halved(\.now)]
        let others = [mean(\.seenBefore), mean(\.order), mean(MemoryReport.mentionSlope), mean(\.junk)].joined(separator: "  ")
        Standard.print("  \(arm.rawValue.padded(to: 28))\(figures.joined(separator: "  "))  \(others)")
      }
      for baseline in BenchArm.allCases where baseline != .standard && baseline != .everything {
        let old = report.difference(.standard, baseline, budget: budget, report.recallOfOld)
        let now = report.difference(.standard, baseline, budget: budget, \.now)
        Standard.print(
          "  salience less \(baseline.rawValue): beyond a minute \(Self.interval(old)), now \(Self.interval(now))")
      }
      Standard.print("")
    }

    private static func interval(_ estimate: MemoryReport.Estimate) -> String {
      "\(estimate.mean.thousandths) [\(estimate.low.thousandths), \(estimate.high.thousandths)]"
    }
  }
}
