import Core
import Foundation

@testable import Memory

/// A folder of its own for one test, removed afterwards.
final class Scratch: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("memory-tests-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var memory: URL { url.appendingPathComponent("some.memory", isDirectory: true) }
}

/// A seeded generator: the same numbers on every machine (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func normal() -> Float {
    let (a, b) = (Double.random(in: 1e-12..<1, using: &self), Double.random(in: 0..<1, using: &self))
    return Float((-2 * log(a)).squareRoot() * cos(2 * .pi * b))
  }

  mutating func vector(_ dimensions: Int, scale: Float = 1) -> [Float] { (0..<dimensions).map { _ in normal() * scale } }
}

let pictureSpace = EmbeddingSpace("picture")
let sentenceSpace = EmbeddingSpace("sentence")

/// The smallest bytes that begin and end like a JPEG.
func picture(_ number: Int) -> [UInt8] { [0xFF, 0xD8, 0xFF, 0xE0, UInt8(number & 0xFF), UInt8(number >> 8 & 0xFF), 0xFF, 0xD9] }

func seconds(_ start: Double, _ end: Double) -> TimeRange { TimeRange(start: MediaTime(seconds: start), end: MediaTime(seconds: end)) }

/// A made-up stream: scenes of random length, each with a look of its own, lines of text, speech and sounds, in batches of one second.
struct Scene {
  var dimensions = 32
  var cuts: [Int] = []
  var batches: [Batch] = []

  init(stream: StreamID = "film", seconds length: Int, seed: UInt64, hasVideo: Bool = true, dimensions: Int = 32, side: Int = 3) {
    self.dimensions = dimensions
    var random = Seeded(state: seed)
    let common = random.vector(dimensions, scale: 1.5)
    var look = random.vector(dimensions)
    var next = Int.random(in: 8...20, using: &random)
    for second in 0..<length {
      if second == next {
        cuts.append(second)
        look = random.vector(dimensions)
        next += Int.random(in: 8...20, using: &random)
      }
      let range = TimeRange(seconds: Double(second)...Double(second + 1))
      var observations: [Observation] = []
      if hasVideo {
        let pooled = zip(common, look).map { $0 + $1 + 0.3 * random.normal() }
        let values = (0..<side * side).flatMap { _ in pooled.map { $0 + 0.1 * random.normal() } }
        let features = FrameFeatures(
          grid: FeatureGrid(rows: side, columns: side, channels: dimensions, values: values),
          pooled: Embedding(space: pictureSpace, values: pooled),
          textual: Embedding(space: sentenceSpace, values: random.vector(16)),
          tags: (0..<7).map { .init(label: "label \(second / 10) \($0)", probability: 0.5 / Float($0 + 1)) }, thumbnail: picture(second))
        observations.append(Observation(range: range, content: .frame(features)))
      }
      if second % 5 == 2 {
        observations.append(
          Observation(
            range: range,
            content: .text(
              TextLine(
                text: "Platform \(second) closed", box: .init(x: 0.1, y: 0.2, width: 0.5, height: 0.1), confidence: 0.9,
                embedding: Embedding(space: sentenceSpace, values: random.vector(16))))))
      }
      if second % 7 == 3 {
        let words = ["the", "running", "dog", "\(second)"].enumerated().map { index, word in
          Utterance.Word(
            text: word, range: TimeRange(seconds: Double(second) + 0.2 * Double(index)...Double(second) + 0.2 * Double(index + 1)),
            confidence: 0.8)
        }
        observations.append(
          Observation(
            range: range,
            content: .speech(
              Utterance(
                text: "the running dog \(second)", words: words, language: "en", confidence: 0.8,
                embedding: Embedding(space: sentenceSpace, values: random.vector(16))))))
      }
      if second % 11 == 4 { observations.append(Observation(range: range, content: .sound(SoundEvent(name: "Bark", score: 0.7)))) }
      batches.append(
        Batch(
          stream: stream, observations: observations, upTo: range.end, stageStates: ["speech": Data("state \(second)".utf8)],
          finished: second == length - 1))
    }
  }

  static func source(_ fingerprint: String = "abc", hasVideo: Bool = true) -> SourceDescription {
    SourceDescription(
      path: "/films/film.mp4", bytes: 1234, fingerprint: fingerprint, hasVideo: hasVideo, hasSound: true,
      startedAt: Date(timeIntervalSince1970: 1e9))
  }

  /// Writes the whole scene into a memory.
  func write(to folder: URL, hasVideo: Bool = true, configuration: MemoryConfiguration = MemoryConfiguration()) async throws {
    let store = try MemoryStore(writing: folder, configuration: configuration)
    for name in Set(batches.map(\.stream)).sorted() { _ = try await store.open(stream: name, source: Self.source(hasVideo: hasVideo)) }
    for batch in batches { try await store.commit(batch) }
    await store.close()
  }
}

extension StreamID: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}
