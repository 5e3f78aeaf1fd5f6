import Core
import Foundation
import Memory

/// A made-up stream of any length at the sizes of the real one: a picture a second out of a repertoire of scenes, speech half of the time, a line of
/// text now and then. Every second follows from its number alone.
struct DayOfFrames: Sendable {
  static let stream = StreamID("day")
  static let source = SourceDescription(path: "/day.mp4", fingerprint: "day")
  static let pictureSpace = EmbeddingSpace("picture")
  static let sentenceSpace = EmbeddingSpace("sentence")

  private let looks: [[Float]]
  private let noise: [Float]
  private let grid: FeatureGrid
  private let thumbnail: [UInt8]

  init() {
    var random = SeededNumbers(seed: 7)
    func next() -> Float { Float.random(in: -1..<1, using: &random) }
    looks = (0..<600).map { _ in (0..<1280).map { _ in next() } }
    noise = (0..<8192).map { _ in next() }
    grid = FeatureGrid(rows: 7, columns: 7, channels: 1280, values: (0..<49 * 1280).map { _ in next() })
    thumbnail = [0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: 7, count: 7000) + [0xFF, 0xD9]
  }

  /// The scene of a second: scenes last 8 to 23 seconds.
  private func look(_ second: Int) -> [Float] {
    let block = second / 24
    let cut = 8 + block &* 7919 % 16
    let number = second % 24 < cut ? 2 * block : 2 * block + 1
    return looks[number &* 104_729 % looks.count]
  }

  func query(_ second: Int) -> [Float] { vector(second, 384, spread: 0.4) }

  private func vector(_ second: Int, _ dimensions: Int, spread: Float) -> [Float] {
    let (look, shift) = (look(second), second &* 131 % 6000)
    return (0..<dimensions).map { look[$0] + spread * noise[shift + $0] }
  }

  func batch(_ second: Int, last: Bool) -> Batch {
    let range = TimeRange(seconds: Double(second)...Double(second + 1))
    let features = FrameFeatures(
      grid: grid, pooled: Embedding(space: Self.pictureSpace, values: vector(second, 1280, spread: 0.3)),
      textual: Embedding(space: Self.sentenceSpace, values: vector(second, 384, spread: 0.3)),
      tags: (0..<5).map { .init(label: "label \((second / 24 + $0) % 1000)", probability: 0.3 / Float($0 + 1)) }, thumbnail: thumbnail)
    var observations = [Observation(range: range, content: .frame(features))]
    if second % 12 == 6 {
      let line = TextLine(
        text: "Platform \(second % 97) train \(second)", box: .init(x: 0.1, y: 0.1, width: 0.4, height: 0.1), confidence: 0.9,
        embedding: Embedding(space: Self.sentenceSpace, values: vector(second + 11, 384, spread: 1)))
      observations.append(Observation(range: range, content: .text(line)))
    }
    if second % 16 == 8 {
      let words = (0..<20).map { index in
        Utterance.Word(
          text: "word\((second &* 31 + index &* 7) % 5000)",
          range: TimeRange(seconds: Double(second - 8) + 0.4 * Double(index)...Double(second - 8) + 0.4 * Double(index + 1)),
          confidence: 0.9)
      }
      let said = Utterance(
        text: words.map(\.text).joined(separator: " "), words: words, language: "en", confidence: 0.9,
        embedding: Embedding(space: Self.sentenceSpace, values: vector(second + 5, 384, spread: 1)))
      observations.append(
        Observation(range: TimeRange(seconds: Double(second - 8)...Double(second)), content: .speech(said)))
    }
    return Batch(
      stream: Self.stream, observations: observations, upTo: range.end,
      stageStates: ["speech": Data(count: 4000), "text": Data(count: 2000)], finished: last)
  }
}
