import Core
import Foundation
import Testing

@testable import Memory

/// Feature streams with known boundaries: a common direction as real encoders have it, a look per scene, noise per frame.
private struct FeatureStream {
  var frames: [[Float]] = []
  var cuts: [Double] = []

  enum Kind: CaseIterable, CustomTestStringConvertible {
    case hardCuts, gradual, flashes, still

    var testDescription: String { "\(self)" }
  }

  init(_ kind: Kind, length: Int = 600, dimensions: Int = 64, seed: UInt64) {
    var random = Seeded(state: seed)
    let common = random.vector(dimensions, scale: 1.5)
    var (old, look) = (random.vector(dimensions), random.vector(dimensions))
    old = look
    var (next, age) = (Int.random(in: 10...30, using: &random), 100)
    for index in 0..<length {
      if index == next, kind != .still {
        cuts.append(Double(index))
        (old, look, age) = (look, random.vector(dimensions), 0)
        next += Int.random(in: 10...30, using: &random)
      }
      // A gradual change takes three frames around its boundary.
      let share: Float = kind == .gradual ? min(1, Float(age + 1) / 3) : 1
      age += 1
      let isFlash = kind == .flashes && age > 6 && next - index > 6 && Int.random(in: 0..<50, using: &random) == 0
      let flash = random.vector(dimensions, scale: 2)
      frames.append(
        (0..<dimensions).map { place in
          common[place] + (isFlash ? flash[place] : share * look[place] + (1 - share) * old[place]) + 0.35 * random.normal()
        })
    }
  }

  func boundaries(_ configuration: MemoryConfiguration.Segmentation) -> [Double] {
    var segmenter = Segmenter(configuration, hasVideo: true, from: .zero)
    var starts: [MediaTime] = []
    for (index, frame) in frames.enumerated() {
      let range = seconds(Double(index), Double(index + 1))
      starts += segmenter.take(frame: HalfFloat.rounded(frame), over: range) + segmenter.advance(to: range.end)
    }
    starts += segmenter.finish(at: MediaTime(seconds: Double(frames.count)))
    return starts.map(\.seconds)
  }
}

@Suite struct SegmenterTests {
  private func configuration(
    _ strategy: MemoryConfiguration.Segmentation.Strategy, _ refiner: MemoryConfiguration.Segmentation.Refiner = .mergeWeak
  )
    -> MemoryConfiguration.Segmentation
  {
    var configuration = MemoryConfiguration.Segmentation()
    (configuration.strategy, configuration.refiner) = (strategy, refiner)
    return configuration
  }

  private func f1(_ kind: FeatureStream.Kind, _ configuration: MemoryConfiguration.Segmentation) -> Double {
    let scores = (1...4).map { seed in
      let stream = FeatureStream(kind, seed: UInt64(seed))
      return boundaryF1(found: stream.boundaries(configuration), truth: stream.cuts)
    }
    return scores.reduce(0, +) / Double(scores.count)
  }

  @Test(
    "surprise with weak boundaries merged finds the scenes, and more of them than fixed lengths or the clip rule",
    arguments: [
      (FeatureStream.Kind.hardCuts, 0.95), (.gradual, 0.9), (.flashes, 0.88),
    ])
  private func findsScenes(_ kind: FeatureStream.Kind, least: Double) {
    let found = f1(kind, configuration(.surprise))
    #expect(found >= least)
    #expect(found > f1(kind, configuration(.fixed, .none)))
    #expect(found > f1(kind, configuration(.clip, .none)))
  }

  @Test("merging removes what flashes cut")
  func mergeHelps() {
    #expect(f1(.flashes, configuration(.surprise)) > f1(.flashes, configuration(.surprise, .none)))
  }

  @Test("modularity and conductance move a boundary to where the picture changes", arguments: [0, 3, -4])
  func refinersMove(_ offset: Int) {
    // Boundaries are proposed every 16 frames; the scenes change some frames off.
    var stream = FeatureStream(.still, length: 0, dimensions: 64, seed: 0)
    var random = Seeded(state: 11)
    let looks = (0..<5).map { _ in random.vector(64) }
    stream.frames = (0..<80).map { index in looks[max(0, min(4, (index - offset) / 16))].map { $0 + 0.35 * random.normal() } }
    let cut = Double(16 + offset)
    for refiner in [MemoryConfiguration.Segmentation.Refiner.modularity, .conductance] {
      #expect(stream.boundaries(configuration(.fixed, refiner)).first == cut, "\(refiner)")
    }
    #expect(stream.boundaries(configuration(.fixed, .none)).first == 16)
  }

  @Test(
    "a boundary that is moved is final twice the reach after its own at the latest",
    arguments: [MemoryConfiguration.Segmentation.Refiner.modularity, .conductance])
  func refinersDelay(_ refiner: MemoryConfiguration.Segmentation.Refiner) {
    let stream = FeatureStream(.gradual, length: 400, seed: 5)
    var segmenter = Segmenter(configuration(.surprise, refiner), hasVideo: true, from: .zero)
    for (index, frame) in stream.frames.enumerated() {
      for start in segmenter.take(frame: HalfFloat.rounded(frame), over: seconds(Double(index), Double(index + 1))) {
        #expect(Double(index) - start.seconds < 16, "\(start) at \(index)")
      }
    }
  }

  @Test("a scene in which nothing changes is cut at the greatest length alone")
  func staticScene() {
    let stream = FeatureStream(.still, length: 300, seed: 9)
    #expect(stream.boundaries(configuration(.surprise)) == [64, 128, 192, 256])
  }

  @Test("no episode is shorter or longer than allowed, whatever the stream does", arguments: 1...6)
  func lengths(seed: Int) {
    var random = Seeded(state: UInt64(seed))
    for strategy in MemoryConfiguration.Segmentation.Strategy.allCases {
      for refiner in MemoryConfiguration.Segmentation.Refiner.allCases {
        // From frames that never change to frames that have nothing in common.
        let noise = Float.random(in: 0...3, using: &random)
        let look = random.vector(16)
        var stream = FeatureStream(.still, length: 0, dimensions: 16, seed: 0)
        stream.frames = (0..<400).map { _ in look.map { $0 + noise * random.normal() } }
        let starts = [0] + stream.boundaries(configuration(strategy, refiner)) + [400]
        let lengths = zip(starts, starts.dropFirst()).map { $1 - $0 }
        #expect(lengths.allSatisfy { $0 <= 64 }, "\(strategy) \(refiner) seed \(seed) noise \(noise): \(lengths)")
        #expect(lengths.dropLast().allSatisfy { $0 >= 3 }, "\(strategy) \(refiner) seed \(seed) noise \(noise): \(lengths)")
      }
    }
  }

  @Test("frames without any feature do no harm")
  func zeroVectors() {
    var stream = FeatureStream(.still, length: 0, dimensions: 16, seed: 0)
    stream.frames = Array(repeating: [Float](repeating: 0, count: 16), count: 130)
    #expect(stream.boundaries(configuration(.surprise)) == [64, 128])
  }

  @Test("a segmenter that was stored and read back goes on as if it had not been")
  func stored() throws {
    let stream = FeatureStream(.gradual, length: 200, seed: 3)
    var straight = Segmenter(configuration(.surprise), hasVideo: true, from: .zero)
    var stored = straight
    for (index, frame) in stream.frames.enumerated() {
      let range = seconds(Double(index), Double(index + 1))
      let expected = straight.take(frame: HalfFloat.rounded(frame), over: range)
      #expect(stored.take(frame: HalfFloat.rounded(frame), over: range) == expected)
      stored = try JSONDecoder().decode(Segmenter.self, from: JSONEncoder().encode(stored))
      #expect(stored == straight)
    }
  }

  @Test("a picture that ends before the sound does not leave an episode without end")
  func pictureEnds() {
    var segmenter = Segmenter(configuration(.surprise), hasVideo: true, from: .zero)
    for index in 0..<10 { _ = segmenter.take(frame: [1, 0], over: seconds(Double(index), Double(index + 1))) }
    var starts: [Double] = []
    for second in 10...200 { starts += segmenter.advance(to: MediaTime(seconds: Double(second))).map(\.seconds) }
    #expect(starts == [70, 130, 190])
    #expect(segmenter.take(frame: [1, 0], over: seconds(200, 201)).isEmpty)
  }

  @Test("sound alone is cut where it begins again after a pause")
  func pauses() {
    var segmenter = Segmenter(configuration(.surprise), hasVideo: false, from: .zero)
    let spoken = [(0.0, 8.0), (8.3, 20.0), (24.0, 30.0), (30.1, 31.0), (34.0, 36.0)].map { seconds($0.0, $0.1) }
    for range in spoken { segmenter.take(item: range) }
    #expect(segmenter.finish(at: MediaTime(seconds: 40)).map(\.seconds) == [24, 34])
  }

  @Test("sound without pauses is cut at its longest breath, and after a minute at the latest")
  func noPauses() {
    var segmenter = Segmenter(configuration(.surprise), hasVideo: false, from: .zero)
    for index in 0..<20 { segmenter.take(item: seconds(Double(index) * 10, Double(index) * 10 + (index == 3 ? 9 : 9.5))) }
    let starts = segmenter.finish(at: MediaTime(seconds: 200)).map(\.seconds)
    #expect(starts.first == 40)
    for (left, right) in zip([0] + starts, starts + [200]) { #expect(right - left <= 60) }
    var silent = Segmenter(configuration(.surprise), hasVideo: false, from: .zero)
    var silence: [Double] = []
    for second in 1...200 { silence += silent.advance(to: MediaTime(seconds: Double(second))).map(\.seconds) }
    #expect(silence == [60, 120])
  }

  @Test("something heard that is handed over late is still taken into account")
  func lateItems() {
    var segmenter = Segmenter(configuration(.surprise), hasVideo: false, from: .zero)
    var starts: [Double] = []
    for second in 1...60 {
      if second == 13 { segmenter.take(item: seconds(12, 13)) }
      if second == 40 { segmenter.take(item: seconds(9, 30)) }
      starts += segmenter.advance(to: MediaTime(seconds: Double(second))).map(\.seconds)
    }
    #expect(starts == [9])
  }
}
