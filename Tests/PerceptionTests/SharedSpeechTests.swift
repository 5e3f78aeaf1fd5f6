import Core
import Foundation
import Media
import Neural
import Testing

@testable import Perception

private let models = ["whisper-tiny.en", "silero-vad"]
private let areInstalled = models.allSatisfy { ModelLibrary().isInstalled($0) }

@Suite("Speech of several streams with one model", .enabled(if: areInstalled, "weights not installed: whisper-tiny.en, silero-vad"))
struct SharedSpeechTests {
  private func stage() throws -> SpeechStage {
    var configuration = SpeechConfiguration()
    configuration.model = "whisper-tiny.en"
    return try SpeechStage(library: ModelLibrary(), configuration: configuration)
  }

  private static func hear(_ chunks: [AudioChunk], _ stage: SpeechStage, _ hurry: SpeechHurry = SpeechHurry()) async throws -> [Observation]
  {
    var found: [Observation] = []
    for chunk in chunks { found += try await stage.process(chunk, hurry: hurry) }
    return found + (try await stage.finish())
  }

  @Test("streams that share a model side by side hear what each would hear alone")
  func sideBySide() async throws {
    let bench = try Workbench()
    let first = try await chunks(of: bench.speech("a.wav", phrases: [(0.5, "The red car stopped at the station.")]))
    let second = try await chunks(of: bench.speech("b.wav", phrases: [(0.8, "Nobody knew the answer to his question.")]))
    let stage = try stage()
    let (one, other) = (SpeechStage(sharing: stage, joinGap: 0.4, longest: 12), SpeechStage(sharing: stage, joinGap: 0.4, longest: 12))
    async let a = Self.hear(first, one)
    async let b = Self.hear(second, other)
    let (together, alone) = (try await [a, b], try await [Self.hear(first, one), Self.hear(second, other)])
    #expect(together == alone)
    #expect(together[0].first?.utterance?.text.lowercased().contains("car") == true)
    #expect(together[1].first?.utterance?.text.lowercased().contains("answer") == true)
  }

  @Test("in a hurry what is close together is written down at once, and nothing of it is left out")
  func hurry() async throws {
    let bench = try Workbench()
    let chunks = try await chunks(
      of: bench.speech("h.wav", phrases: [(0.5, "The meeting starts at nine."), (1.2, "Please bring the report with you.")], tail: 1.5))
    let stage = SpeechStage(sharing: try stage(), joinGap: 0.4, longest: 12)
    func deliveries(_ hurry: SpeechHurry) async throws -> [[String]] {
      var found: [[String]] = []
      for chunk in chunks { found.append(try await stage.process(chunk, hurry: hurry).compactMap { $0.utterance?.text.lowercased() }) }
      found.append(try await stage.finish().compactMap { $0.utterance?.text.lowercased() })
      return found.filter { !$0.isEmpty }
    }
    let (calm, hurried) = (try await deliveries(SpeechHurry()), try await deliveries(SpeechHurry(waiting: 20, isGreedy: true)))
    #expect(calm.count == 2 && hurried.count == 1, "\(calm) \(hurried)")
    for texts in [calm, hurried] {
      #expect(texts.joined().contains { $0.contains("meeting") } && texts.joined().contains { $0.contains("report") }, "\(texts)")
    }
  }

  @Test("speech without a pause is written down piece by piece, in a hurry in longer pieces")
  func pieces() {
    var live = SpeechConfiguration()
    (live.joinGap, live.longest) = (0.4, 12)
    func stretches(_ hurry: SpeechHurry) -> [Double] {
      var segmenter = SpeechSegmenter()
      var found: [SpeechSegmenter.Stretch] = []
      for window in 0..<(60 * 16_000 / 512) {
        let range = window * 512..<(window + 1) * 512
        found += segmenter.step(0.9, window: range, configuration: hurry.chosen(prompt: live, thrifty: SpeechConfiguration()))
      }
      return found.map { Double($0.end - $0.start) / 16_000 }
    }
    let (calm, hurried) = (stretches(SpeechHurry()), stretches(SpeechHurry(waiting: 20)))
    #expect(calm.count >= 5 && calm.allSatisfy { $0 <= 12 })
    #expect(hurried.count < calm.count / 2 && hurried.allSatisfy { $0 > 12 && $0 <= 28 }, "\(hurried)")
  }

  @Test("what could not be listened to before the deadline is known afterwards")
  func deadline() async throws {
    let bench = try Workbench()
    let chunks = try await chunks(of: bench.speech("d.wav", phrases: [(0.5, "The meeting starts at nine.")], tail: 1))
    let stage = try stage()
    _ = try await stage.process(chunks[0])
    await stage.end(by: .now)
    for chunk in chunks.dropFirst() { #expect(try await stage.process(chunk).isEmpty) }
    #expect(try await stage.finish().isEmpty)
    let unheard = try #require(await stage.unheard)
    #expect(unheard.start <= chunks[1].start && unheard.end == chunks.last?.range.end)
  }

  @Test("of those who wait for the model the one that has waited longest comes first")
  func longestFirst() async throws {
    let transcriber = Transcriber(try Whisper.Weights(folder: ModelLibrary().folder(of: "whisper-tiny.en")))
    let sound = [Float](repeating: 0.01, count: 16_000)
    let now = ContinuousClock.now
    let order = try await withThrowingTaskGroup(of: Int.self) { group in
      // The first takes the only place; the others ask while it writes.
      for (number, waited) in [0, 1, 5, 3].enumerated() {
        group.addTask {
          if number > 0 { try await Task.sleep(for: .milliseconds(20)) }
          let samples = number == 0 ? [Float](repeating: 0.01, count: 20 * 16_000) : sound
          _ = try await transcriber.transcribe(samples, options: Whisper.Options(), since: now - .seconds(waited))
          return waited
        }
      }
      var order: [Int] = []
      for try await waited in group { order.append(waited) }
      return order
    }
    #expect(order == [0, 5, 3, 1])
  }
}
