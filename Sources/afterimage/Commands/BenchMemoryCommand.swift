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
        each moment by another view of it. Without files, features are made up. Then writes made-up talks into memories, with the real sentence
        model, and asks what was said in them. Prints tables; --out also writes memory.json and recall-by-age.svg.
        """)

    @Argument(help: "Media files.", completion: .file())
    var files: [String] = []

    @Option(help: "Streams, each spliced with its own seed.")
    var seeds = 20

    @Option(help: "Length of each stream in hours.")
    var hours = 24.0

    @Option(help: "Talks that are written and asked about; 0 for none.")
    var talks = 5

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
      guard (0...1000).contains(talks) else { throw ValidationError("--talks must be from 0 to 1000.") }
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
      var report = try await MemoryBench(features, plan, configuration).report { done in
        if !isQuiet { Standard.say("\(done) of \(count) streams") }
      }
      if talks > 0 {
        report.answers = try await AnswerBench(configuration)?.report(talks: talks) { done in
          if !isQuiet { Standard.say("\(done) of \(talks) talks") }
        }
        if report.answers == nil, !isQuiet { Standard.say("no talks: \(configuration.sentences.model) is not installed") }
      }
      if let out { try report.write(to: URL(fileURLWithPath: out, isDirectory: true)) }
      if json { return Standard.printJSON(report) }
      for budget in plan.budgets { show(report, budget) }
      showReturns(report)
      report.answers.map(Self.show)
    }

    private func showReturns(_ report: MemoryReport) {
      Standard.print("what comes back, known to have been there         threshold  precision  recall    F1  of what is new, 95 % lie below")
      for score in report.returnScores {
        let figures = [Double(score.threshold), score.precision, score.recall, score.f1, Double(score.null)]
        Standard.print("  \(score.name.padded(to: 46))\(figures.map { $0.hundredths.leftPadded(to: 9) }.joined(separator: " "))")
      }
      Standard.print("")
    }

    private static func show(_ answers: AnswerReport) {
      Standard.print("\(answers.talks) talks               answers  the most similar alone  other numbers  gain")
      for row in answers.abilities {
        let figures = [row.answers, row.nearest, row.otherNumbers].map { ($0?.mean.hundredths ?? "").leftPadded(to: 12) }
        Standard.print("  \(row.name.padded(to: 16))\(figures.joined())  \(interval(row.gain))")
      }
      Standard.print("by length in minutes      \(answers.lengths.map { "\($0)".leftPadded(to: 6) }.joined())    the most similar alone")
      for row in answers.spans {
        func cells(_ estimates: [MemoryReport.Estimate]) -> String { estimates.map { $0.mean.hundredths.leftPadded(to: 6) }.joined() }
        Standard.print("  \(row.name.padded(to: 24))\(cells(row.byLength))    \(cells(row.nearest))")
      }
      Standard.print("values by the fifth of the talk they stand in: \(answers.byPlace.map(\.mean.hundredths).joined(separator: "  "))")
      Standard.print("orders by distance, in quarters of the talk: \(answers.byDistance.map(\.mean.hundredths).joined(separator: "  "))")
      Standard.print("lists after   level   kept   read: things  in order   said: things  in order")
      for row in answers.listRows {
        let figures = [row.kept, row.readIdentity, row.readOrder, row.saidIdentity, row.saidOrder].map { $0.hundredths.leftPadded(to: 11) }
        Standard.print("  \("\(row.delay) min".leftPadded(to: 9))  \("\(row.level)".leftPadded(to: 6))\(figures.joined())")
      }
    }

    private func show(_ report: MemoryReport, _ budget: Double) {
      let ages = report.ages.map { MemoryReport.name(ofAge: $0).leftPadded(to: 9) }.joined(separator: "  ")
      Standard.print("\(budget * 100) % of the bytes; 95 % intervals")
      Standard.print(
        "\("".padded(to: 30))\(ages)        now  known  order   slope  junk  whole 5 min: item  mean  both  hour: item  mean  both")
      for arm in BenchArm.allCases {
        func mean(_ figure: (MemoryTrial) -> Double) -> String {
          report.estimate(arm, budget: budget, figure).mean.hundredths.leftPadded(to: 5)
        }
        func halved(_ figure: (MemoryTrial) -> Double) -> String {
          let estimate = report.estimate(arm, budget: budget, figure)
          return "\(estimate.mean.hundredths)±\(((estimate.high - estimate.low) / 2).hundredths)".leftPadded(to: 9)
        }
        let figures = report.ages.indices.map { age in halved { $0.recall[age] } } + [halved(\.now)]
        let wholes = (0..<2).flatMap { length in (0..<3).map { key in mean { $0.whole[length][key] } } }
        let others = ([mean(\.seenBefore), mean(\.order), mean(MemoryReport.mentionSlope), mean(\.junk)] + wholes).joined(separator: "  ")
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
