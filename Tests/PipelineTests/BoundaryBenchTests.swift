import Core
import Foundation
import Testing

@testable import Pipeline

@Suite("Scoring episode boundaries")
struct BoundaryBenchTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("afterimage-bench-\(UUID().uuidString)")

  /// Three scenes that have nothing in common, one frame a second.
  private func recording() -> FeatureRecording {
    var recording = FeatureRecording(name: "film.mp4", model: "m")
    for second in 0..<60 {
      var vector = [Float](repeating: 0.01 * Float(second % 5), count: 32)
      vector[second < 20 ? 0 : second < 45 ? 1 : 2] = 1
      recording.starts.append(Double(second))
      recording.ends.append(Double(second + 1))
      recording.tags.append([FrameFeatures.Tag(label: "tabby", probability: 0.5)])
      recording.seen.pooled.append(vector)
      recording.cue.pooled.append(vector)
    }
    return recording
  }

  private func write(_ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("truth.json")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  @Test("a cut within two seconds of a truth is a hit, each counted once")
  func hits() {
    #expect(BoundaryBench.hits([10, 11, 30], [12, 29, 50]) == 2)
    #expect(BoundaryBench.hits([8, 12], [10, 10.5]) == 2)
    #expect(BoundaryBench.hits([], [10]) == 0 && BoundaryBench.hits([10], []) == 0)
    #expect(BoundaryBench.hits([12.5], [10]) == 0)
  }

  @Test("every strategy is scored with every refiner, and the default finds plain scenes")
  func scores() throws {
    let truth = try write(#"{"film.mp4": {"duration": 60, "shots": [{"start": 0}, {"start": 20}, {"start": 45}]}}"#)
    let bench = try BoundaryBench(truth: truth)
    #expect(bench.knows("film.mp4") && !bench.knows("other.mp4"))
    let scores = bench.scores([recording()], PipelineConfiguration())
    #expect(scores.count == 12)
    let best = try #require(scores.first { $0.strategy == "surprise" && $0.refiner == "mergeWeak" })
    #expect(best.f1 == 1 && best.files["film.mp4"] == 1 && best.truths == 2)
    for score in scores { #expect(score.hits <= min(score.found, score.truths)) }
  }

  @Test("annotations that are none are refused, naming the file")
  func badTruth() throws {
    let file = try write("[1, 2]")
    #expect { try BoundaryBench(truth: file) } throws: { PipelineError.line(for: $0).contains("truth.json: not annotations") }
    #expect { try BoundaryBench(truth: "/nowhere.json") } throws: { PipelineError.line(for: $0).contains("/nowhere.json") }
  }

  @Test("a recording that was written and read back is the same; a damaged one is refused")
  func recordings() throws {
    let file = folder.appendingPathComponent("film.features")
    let written = recording()
    try written.write(to: file)
    #expect(try FeatureRecording(contentsOf: file) == written)
    #expect(written.seen.pooled[3][0] == 1 && written.seen.pooled.count == 60)
    var broken = written
    broken.starts.removeLast()
    try broken.write(to: file)
    #expect(throws: PipelineError.self) { try FeatureRecording(contentsOf: file) }
  }
}
