import Core
import Foundation
import Memory
import Testing

@testable import Pipeline

@Suite("Measuring what can be answered from a talk")
struct AnswerBenchTests {
  /// A vector in which texts are as alike as the beginnings of the words they share.
  private static let encode: @Sendable (String) async throws -> Embedding = { text in
    var values = [Float](repeating: 0, count: 256)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      values[word.prefix(5).utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % 256] += 1
    }
    return Embedding(space: EmbeddingSpace("words"), values: values.map { $0 + 1e-3 })
  }

  @Test("a talk follows from its seed, holds what is asked for, and other numbers change nothing but the numbers")
  func scripts() {
    let talk = TalkScript.abilities(seed: 3, numbers: 4)
    #expect(talk.told == TalkScript.abilities(seed: 3, numbers: 4).told)
    let other = TalkScript.abilities(seed: 3, numbers: 5)
    #expect(talk.told != other.told && talk.asked.count == 200)
    func bare(_ script: TalkScript) -> [String] { script.told.map { String($0.text.filter { !$0.isNumber }) } }
    #expect(bare(talk) == bare(other))
    for probe in TalkScript.Probe.abilities { #expect((35...40).contains(talk.asked.count { $0.probe == probe }), "\(probe)") }
    for asked in talk.asked {
      switch asked.truth {
      case .says(let words, _):
        let isCount = asked.question.hasPrefix("How many")
        #expect(
          isCount || words.allSatisfy { word in talk.told.contains { $0.text.lowercased().contains(word.lowercased()) } },
          "\(asked.question)")
      case .happened(let ranges): #expect(!ranges.isEmpty && ranges.allSatisfy { $0.upperBound <= talk.seconds })
      case .unknown: #expect(asked.probe == .abstention)
      }
    }
    let short = TalkScript.spans(minutes: 1, seed: 1)
    #expect(short.told.count == 8 && short.asked.count == 7 && TalkScript.spans(minutes: 15, seed: 1).told.count == 112)
  }

  @Test("an answer is right when it says all of it and nothing else that was wrong, and by the share of the moments it names")
  func truths() {
    #expect(TalkScript.Truth.says(["417"], not: []).share("ADA LOCKER NUMBER: 417", []) == 1)
    #expect(TalkScript.Truth.says(["41"], not: []).share("ADA LOCKER NUMBER: 417", []) == 0)
    #expect(TalkScript.Truth.says(["igloo"], not: ["kayak"]).share("the igloo, then the kayak", []) == 0)
    let truth = TalkScript.Truth.happened([0...4, 80...84])
    #expect(truth.share("", [TimeRange(seconds: 82...83)]) == 0.5 && truth.share("", []) == 0)
    #expect(TalkScript.Truth.unknown.share("anything", []) == 0)
  }

  @Test("the probes run on real memories, can tell right from wrong, and are written as JSON")
  func report() async throws {
    let bench = AnswerBench(space: EmbeddingSpace("words"), encode: Self.encode)
    let report = try await bench.report(talks: 1, lengths: [1, 5])
    #expect(report.abilities.map(\.name) == ["extraction", "many events", "time", "update", "abstention, F1"])
    let extraction = try #require(report.abilities.first)
    #expect(extraction.answers.mean > 0.3, "\(extraction)")
    #expect(report.spans.count == 5 && report.spans[0].byLength.count == 2)
    #expect(report.listRows.map(\.delay) == ListProbe.delays && report.listRows.map(\.level) == [0, 1, 2, 3])
    #expect(report.listRows.allSatisfy { $0.kept == 1 }, "a text is never pooled")
    var worse = report
    for index in worse.replies.indices { worse.replies[index].right = 0 }
    for index in worse.lists.indices { worse.lists[index].order = false }
    #expect(worse.abilities[0].answers.mean == 0 && worse.abilities[0].gain.high <= 0 && worse.listRows[0].readOrder == 0)
    let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
    #expect(json.contains("many events") && json.contains("isRead"))
  }
}

@Suite("Measuring what comes back")
struct ReturnProbeTests {
  @Test("the best threshold keeps what is right and leaves what is new")
  func score() {
    func trial(_ isReturn: Bool, _ score: Float, _ isRight: Bool) -> ReturnProbe.Trial {
      ReturnProbe.Trial(method: .links, isReturn: isReturn, score: score, isRight: isRight)
    }
    let mixed = [trial(true, 0.9, true), trial(true, 0.8, true), trial(false, 0.5, false), trial(true, 0.4, false)]
    let best = ReturnProbe.score(mixed)
    #expect(best.threshold == 0.8 && best.precision == 1 && abs(best.recall - 2.0 / 3) < 1e-9)
    #expect(ReturnProbe.score([trial(true, 0.9, false)]).f1 == 0 && ReturnProbe.score([]).f1 == 0)
  }

  @Test("farthest points keep the typical and the odd, each with the frames around it")
  func points() {
    var random = SeededNumbers(seed: 9)
    let (a, b) = ((0..<32).map { _ in random.normal() }, (0..<32).map { _ in random.normal() })
    let frames = (0..<20).map { second in EpisodeCode.unit((5..<8).contains(second) ? b : a) }
    #expect(FarthestPoints.runs(frames, most: 8) == [0..<5, 5..<8] || FarthestPoints.runs(frames, most: 8) == [5..<8, 8..<20])
    #expect(FarthestPoints.runs([], most: 8).isEmpty && FarthestPoints.runs(Array(frames.prefix(1)), most: 8) == [0..<1])
  }

  @Test("links and comparing find what comes back in a made-up stream, and a whole stretch is found by the mean of all of it")
  func streams() async throws {
    var plan = MemoryBench.Plan()
    (plan.seeds, plan.hours, plan.budgets) = (2, 3, [0.05])
    let report = try await MemoryBench([], plan, PipelineConfiguration()).report { _ in }
    #expect(report.returns.count == 240)
    for score in report.returnScores where score.name != ReturnProbe.Method.meansAsked.rawValue {
      #expect(score.f1 > 0.5 && score.precision > 0.5, "\(score)")
    }
    let whole = report.estimate(.everything, budget: 0.05) { $0.whole[0][WholeProbe.Key.mean.rawValue] }
    #expect(whole.mean > 0.8, "\(whole)")
  }
}
