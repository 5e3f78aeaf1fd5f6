import Core
import Foundation
import Media
import Neural
import Testing

@testable import Perception

private let models = ["whisper-tiny.en", "silero-vad"]
private let areInstalled = models.allSatisfy { ModelLibrary().isInstalled($0) }

@Suite(.enabled(if: areInstalled, "weights not installed: whisper-tiny.en, silero-vad")) struct SpeechStageTests {
  private var configuration: SpeechConfiguration {
    var configuration = SpeechConfiguration()
    configuration.model = "whisper-tiny.en"
    return configuration
  }

  private func stage(restoring checkpoint: Data? = nil) throws -> SpeechStage {
    try SpeechStage(library: ModelLibrary(), configuration: configuration, restoring: checkpoint)
  }

  private func hear(_ chunks: [AudioChunk]) async throws -> [Observation] {
    let stage = try stage()
    var found: [Observation] = []
    for chunk in chunks { found += try await stage.process(chunk) }
    return found + (try await stage.finish())
  }

  /// The stretches that are not silent, seconds: pauses longer than 0.6 s separate them.
  private func truth(_ chunks: [AudioChunk]) -> [ClosedRange<Double>] {
    var stretches: [ClosedRange<Double>] = []
    for chunk in chunks {
      for (index, sample) in chunk.samples.enumerated() where abs(sample) > 0.01 {
        let time = chunk.start.seconds + Double(index) / 16_000
        if let last = stretches.last, time - last.upperBound < 0.6 {
          stretches[stretches.count - 1] = last.lowerBound...time
        } else {
          stretches.append(time...time)
        }
      }
    }
    return stretches
  }

  @Test("two sentences with a pause become two utterances, with their times and words")
  func sentences() async throws {
    let bench = try Workbench()
    let chunks = try await chunks(
      of: bench.speech(
        "two.wav",
        phrases: [(1.5, "The meeting starts at nine in the morning."), (3, "Please bring the quarterly report with you.")]))
    let found = try await hear(chunks)
    let truth = truth(chunks)
    try #require(found.count == 2 && truth.count == 2, "\(found.compactMap(\.utterance?.text)) \(truth)")
    for (observation, stretch) in zip(found, truth) {
      #expect(abs(observation.range.start.seconds - stretch.lowerBound) <= 0.3, "\(observation.range) \(stretch)")
      #expect(abs(observation.range.end.seconds - stretch.upperBound) <= 0.3, "\(observation.range) \(stretch)")
      let words = try #require(observation.utterance?.words)
      #expect(words.first?.range.start == observation.range.start && words.last?.range.end == observation.range.end)
      #expect(zip(words, words.dropFirst()).allSatisfy { $0.range.start <= $1.range.start })
      #expect(observation.utterance.map { (0.35...1).contains($0.confidence) && $0.language == "en" } == true)
    }
    let texts = found.compactMap { $0.utterance?.text.lowercased() }
    #expect(texts[0].contains("meeting") && texts[1].contains("report"))
  }

  @Test(
    "silence and noise give no words",
    arguments: ["anullsrc=r=16000:cl=mono,atrim=duration=20", "anoisesrc=d=20:c=white:a=0.3:seed=1", "sine=frequency=440:duration=20"])
  func nothing(source: String) async throws {
    let bench = try Workbench()
    let found = try await hear(chunks(of: bench.sound("nothing.wav", source: source)))
    #expect(found.isEmpty, "\(found.compactMap(\.utterance?.text))")
  }

  @Test("a run restored at any second goes on as if it had not stopped")
  func restore() async throws {
    let bench = try Workbench()
    let chunks = try await chunks(
      of: bench.speech(
        "restore.wav", phrases: [(0.4, "The red car stopped at the station."), (4, "Nobody knew the answer to his question.")]))
    let whole = try await hear(chunks)
    #expect(whole.count >= 2)
    for stop in 1..<chunks.count {
      let first = try stage()
      var found: [Observation] = []
      for chunk in chunks[..<stop] { found += try await first.process(chunk) }
      let from = await first.replayFrom
      let second = try stage(restoring: await first.checkpoint())
      let barrier = chunks[stop].start
      #expect(from <= barrier)
      for chunk in chunks.compactMap({ $0.from(from) }) {
        let again = try await second.process(chunk)
        if chunk.start < barrier { #expect(again.isEmpty, "heard again before \(barrier)") }
        found += again
      }
      found += try await second.finish()
      #expect(found == whole, "stopped at \(barrier)")
    }
  }

  @Test("a hole in the sound ends what was being said, and what follows keeps its times")
  func hole() async throws {
    let bench = try Workbench()
    var chunks = try await chunks(
      of: bench.speech("hole.wav", phrases: [(0.5, "The train was late again."), (0.5, "We waited in the rain.")], tail: 1))
    let before = try await hear(chunks)
    for index in chunks.indices where index >= 2 { chunks[index].start = chunks[index].start + MediaTime(seconds: 5) }
    let found = try await hear(chunks)
    #expect(!found.isEmpty && !before.isEmpty)
    let hole = TimeRange(seconds: 2.1...6.9)
    #expect(found.allSatisfy { !$0.range.overlaps(hole) }, "\(found.map(\.range))")
    #expect(found.contains { $0.range.start.seconds >= 6.9 })
  }

  @Test("missing models, impossible settings and broken checkpoints are refused with one clear line")
  func refusals() async throws {
    let bench = try Workbench()
    let missing = #expect(throws: PerceptionError.self) { try SpeechStage(library: ModelLibrary(root: bench.folder)) }
    #expect(missing?.code == .unavailable && missing?.message.contains("silero-vad") == true && missing?.message.contains("\n") == false)
    var wrong = configuration
    wrong.longest = 60
    let impossible = #expect(throws: PerceptionError.self) { try SpeechStage(library: ModelLibrary(), configuration: wrong) }
    #expect(impossible?.code == .misconfigured)
    let broken = #expect(throws: PerceptionError.self) { try stage(restoring: Data([1, 2, 3])) }
    #expect(broken?.code == .corruptInput)
  }
}
