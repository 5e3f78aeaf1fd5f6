import Core
import Foundation
import Memory
import Testing

@testable import Reasoning

@Suite("scores, peaks and cuts")
struct RetrieveTests {
  private func seconds(_ count: Int) -> [TimeRange] { (0..<count).map { TimeRange(seconds: Double($0)...Double($0 + 1)) } }

  @Test("a plateau is found whole, and its neighbours are not taken for it")
  func plateau() throws {
    var raw = [Float](repeating: 0.1, count: 60)
    for index in 20..<32 { raw[index] = 0.8 }
    let peaks = FrameScores(ranges: seconds(60), raw: raw).peaks(limit: 5)
    let best = try #require(peaks.first)
    #expect(abs(best.range.start.seconds - 20) <= 2 && abs(best.range.end.seconds - 32) <= 2)
    #expect(peaks.dropFirst().allSatisfy { !$0.range.overlaps(best.range) })
  }

  @Test("the slopes of a peak are no peaks, however long they are; a lower peak behind them is one")
  func slopes() {
    let raw: [Float] = (0..<100).map { $0 < 50 ? max(0.1, 0.9 - 0.02 * Float(abs($0 - 20))) : (70..<76).contains($0) ? 0.7 : 0.1 }
    let peaks = FrameScores(ranges: seconds(100), raw: raw).peaks(limit: 8).filter { $0.score > 0.3 }
    #expect(peaks.count == 2, "\(peaks)")
    #expect(peaks[0].range.overlaps(TimeRange(seconds: 20...21)) && peaks[1].range.overlaps(TimeRange(seconds: 72...73)))
  }

  @Test("peaks never overlap, descend, and lie within the track, whatever the scores", arguments: 0..<20)
  func properties(seed: Int) {
    var random = SeededNumbers(seed: UInt64(seed))
    let raw = (0..<200).map { _ in Float.random(in: -1...1, using: &random) }
    let scores = FrameScores(ranges: seconds(200), raw: raw)
    let peaks = scores.peaks(limit: 50)
    #expect(!peaks.isEmpty)
    for (a, b) in zip(peaks, peaks.dropFirst()) { #expect(a.score >= b.score) }
    for (rank, peak) in peaks.enumerated() {
      #expect(peak.range.start.seconds >= 0 && peak.range.end.seconds <= 200)
      #expect(peaks[..<rank].allSatisfy { !$0.range.overlaps(peak.range) })
      #expect(peak.frames.contains { scores.values[$0] == peak.score })
    }
  }

  @Test("the mean is over time, so detail that was pooled away does not move it")
  func weightedByTime() throws {
    // Ten seconds of 0.9, kept once per second before and in one piece after.
    let fine = FrameScores(ranges: seconds(30), raw: (0..<30).map { (10..<20).contains($0) ? 0.9 : 0.1 })
    var ranges = Array(seconds(30)[..<10])
    ranges.append(TimeRange(seconds: 10...20))
    ranges += seconds(30)[20...]
    let coarse = FrameScores(ranges: ranges, raw: (0..<21).map { $0 == 10 ? 0.9 : 0.1 })
    let (a, b) = (try #require(fine.peaks(limit: 1).first), try #require(coarse.peaks(limit: 1).first))
    #expect(a.range.overlaps(b.range))
  }

  @Test("a track of no frames, one frame or equal frames gives no nonsense")
  func degenerate() {
    #expect(FrameScores(ranges: [], raw: []).peaks(limit: 3).isEmpty)
    #expect(FrameScores(ranges: seconds(1), raw: [0.5]).peaks(limit: 3).count == 1)
    #expect(FrameScores(ranges: seconds(40), raw: Array(repeating: 0.5, count: 40)).peaks(limit: 3).count <= 3)
  }

  @Test("before a camera that stands still the place is usual, and a guest is not; a film has no usual look")
  func usual() {
    func track(_ names: [String]) -> FrameTrack {
      FrameTrack(
        space: SmallMemory.space, dimensions: SmallMemory.vector("").values.count, ranges: seconds(names.count),
        vectors: names.flatMap { SmallMemory.vector($0).values }, episodes: Array(repeating: 0, count: names.count))
    }
    let yard = Usualness(track((0..<200).map { (90..<98).contains($0) ? "tractor" : "yard" }))
    #expect(yard.isUsual(TimeRange(seconds: 20...60)) && !yard.isUsual(TimeRange(seconds: 91...97)))
    let film = Usualness(track((0..<200).map { "scene\($0 / 10)" }))
    #expect(!film.isUsual(TimeRange(seconds: 20...60)))
    #expect(!Usualness(track([])).isUsual(TimeRange(seconds: 0...1)))
  }

  @Test("chance is measured by the middle, so one lucky query does not count")
  func null() {
    let calm = NullDistribution(of: [0.2, 0.25, 0.3, 0.22, 0.28, 0.26, 0.24])
    let lucky = NullDistribution(of: [0.2, 0.25, 0.3, 0.22, 0.28, 0.26, 0.95])
    #expect(abs(calm.mean - lucky.mean) < 0.05)
    #expect(lucky.standardised(0.8) > 3)
    #expect(NullDistribution(of: []).standardised(0).isFinite)
  }

  @Test("more evidence never lowers the odds")
  func monotone() {
    for modality in Modality.allCases {
      let calibration = Calibration.of(modality)
      let low = calibration.logOdds(similarity: 1, cosine: 0.2, coverage: 0.1)
      #expect(calibration.logOdds(similarity: 3, cosine: 0.2, coverage: 0.1) >= low)
      #expect(calibration.logOdds(similarity: 1, cosine: 0.6, coverage: 0.1) >= low)
      #expect(calibration.logOdds(similarity: 1, cosine: 0.2, coverage: 0.9) >= low)
    }
  }

  @Test("moments that share most of their time are one moment")
  func merging() {
    func moment(_ low: Double, _ high: Double) -> Candidate {
      Candidate(stream: StreamID("s"), modality: .vision, range: TimeRange(seconds: low...high), score: 0, similarity: 0)
    }
    #expect(Moments.distinct([moment(0, 10), moment(1, 9), moment(20, 30)], limit: 8).count == 2)
    #expect(Moments.merged([TimeRange(seconds: 0...5), TimeRange(seconds: 6...9), TimeRange(seconds: 20...21)], gap: 2).count == 2)
  }

  @Test(
    "words compare by their stems and forgive a misread letter, never a digit",
    arguments: [
      ("leaving", "leave", true), ("platforms", "platform", true), ("harbor", "harbour", true), ("windmi1l", "windmill", false),
      ("4711", "4712", false), ("cat", "car", false),
    ])
  func spelling(a: String, b: String, same: Bool) {
    #expect(Spelling.contains([Token(surface: a).stem], Token(surface: b).stem) == same)
  }

  @Test("a picture that changes is cut where it changes")
  func cuts() {
    var vectors: [Float] = []
    for index in 0..<30 { vectors += index < 12 ? [1, 0, 0] : [0, 1, 0] }
    let track = FrameTrack(
      space: EmbeddingSpace("t"), dimensions: 3, ranges: seconds(30), vectors: vectors, episodes: Array(repeating: 1, count: 30))
    let cuts = SceneCuts(track: track)
    for index in -3..<12 { #expect(cuts.first(after: index) == 12 && cuts.last(upTo: index) == nil) }
    for index in 12..<40 { #expect(cuts.first(after: index) == nil && cuts.last(upTo: index) == 12) }
  }
}

/// SplitMix64, so that a failing case can be run again.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
