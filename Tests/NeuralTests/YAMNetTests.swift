import Core
import Foundation
import Testing

@testable import Neural

@Suite struct YAMNetTests {
  static let installed = ModelLibrary().isInstalled("yamnet")

  @Test(
    "the log-mel patch and the scores of every window equal ONNX Runtime's in floating point",
    .enabled(if: installed, "weights not installed: yamnet"))
  func parity() throws {
    let model = try YAMNet(folder: ModelLibrary().folder(of: "yamnet"))
    let golden = try Golden.tensors("yamnet")
    let samples = try golden.tensor("samples").values
    let expected = try golden.tensor("logits")
    let windows = expected.shape[0]
    #expect(model.labels.count == 521 && expected.shape[1] == 521)
    let fourth = samples[4 * YAMNet.hop..<4 * YAMNet.hop + YAMNet.window]
    let patch = worst(model.patch(of: fourth), try golden.tensor("patch").values)
    var worstLogit: (difference: Float, index: Int) = (0, 0)
    var worstProbability: Float = 0
    for window in 0..<windows {
      let samples = samples[window * YAMNet.hop..<window * YAMNet.hop + YAMNet.window]
      let truth = Array(expected.values[window * 521..<(window + 1) * 521])
      let logits = model.logits(of: samples)
      let found = worst(logits, truth)
      if found.difference > worstLogit.difference { worstLogit = (found.difference, found.index) }
      let likely = truth.map { 1 / (1 + exp(-$0)) }
      worstProbability = max(worstProbability, worst(model.probabilities(of: samples), likely).difference)
      #expect(logits.indices.max { logits[$0] < logits[$1] } == truth.indices.max { truth[$0] < truth[$1] })
    }
    print(
      "YAMNet, \(windows) windows: worst log-mel off by \(patch), worst logit by \(worstLogit), worst probability by \(worstProbability)")
    #expect(patch.difference < 1e-3)
    #expect(worstLogit.difference < 5e-3)
    #expect(worstProbability < 1e-3)
  }

  @Test("a folder without weights, of another model or with a tensor missing is one clear error")
  func brokenFolders() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    func failure() -> NeuralError? { #expect(throws: NeuralError.self) { try YAMNet(folder: folder) } }
    #expect(failure()?.message.contains("config.json") == true)
    try write("{\"architecture\":\"resnet50\"}", "config.json")
    #expect(failure()?.code == .misconfigured)
    try write("{\"architecture\":\"yamnet\"}", "config.json")
    #expect(failure()?.message.contains("labels.json") == true)
    try write("[{\"name\":\"Knock\"}]", "labels.json")
    #expect(failure()?.code == .unavailable)
    try (Data([2, 0, 0, 0, 0, 0, 0, 0]) + Data("{}".utf8)).write(to: folder.appendingPathComponent("model.safetensors"))
    #expect(failure()?.message.contains("layer1.conv.weight is missing") == true)
  }
}
