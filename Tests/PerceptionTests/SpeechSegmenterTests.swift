import Testing

@testable import Perception

@Suite struct SpeechSegmenterTests {
  /// Feeds probabilities, one per window of 512 samples, and ends the sound.
  private func stretches(_ probabilities: [Float]) -> [SpeechSegmenter.Stretch] {
    var segmenter = SpeechSegmenter()
    let configuration = SpeechConfiguration()
    var complete: [SpeechSegmenter.Stretch] = []
    for (index, probability) in probabilities.enumerated() {
      complete += segmenter.step(probability, window: index * 512..<(index + 1) * 512, configuration: configuration)
    }
    return complete + segmenter.finish(at: probabilities.count * 512, configuration: configuration)
  }

  private func windows(_ seconds: Double) -> Int { Int(seconds * 16_000 / 512) }
  private func speech(_ seconds: Double) -> [Float] { .init(repeating: 0.9, count: windows(seconds)) }
  private func silence(_ seconds: Double) -> [Float] { .init(repeating: 0.05, count: windows(seconds)) }

  @Test("stretches close together are one, stretches far apart are two, clicks are none")
  func joining() {
    #expect(stretches(silence(1) + speech(2) + silence(1) + speech(2) + silence(3)).map(\.spans.count) == [2])
    #expect(stretches(silence(1) + speech(2) + silence(3) + speech(2)).map(\.spans.count) == [1, 1])
    #expect(stretches(silence(1) + speech(0.1) + silence(3)).isEmpty)
  }

  @Test("speech is found where it is, and a short dip does not end it")
  func bounds() throws {
    let found = stretches(silence(1) + speech(2) + silence(0.3) + speech(1) + silence(3))
    let span = try #require(found.first?.spans.first)
    #expect(found.count == 1 && found[0].spans.count == 1)
    #expect(abs(span.lowerBound - 16_000) <= 512 && abs(span.upperBound - 68_800) <= 1536, "\(span)")
  }

  @Test("endless speech is cut at its quietest place, without a hole or an overlap")
  func endless() {
    var probabilities = speech(100)
    for second in stride(from: 5, to: 100, by: 7) { probabilities[windows(Double(second))] = 0.6 }
    let found = stretches(probabilities)
    #expect(found.count >= 4)
    #expect(found.allSatisfy { $0.end - $0.start <= 28 * 16_000 })
    for (a, b) in zip(found, found.dropFirst()) {
      #expect(a.end == b.start && a.endsCut && b.beginsCut)
      #expect(probabilities[a.end / 512] == 0.6)
    }
    #expect(found.first?.start == 0 && found.last?.end == probabilities.count * 512)
  }
}
