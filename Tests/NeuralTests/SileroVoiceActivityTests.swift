import Core
import Foundation
import Testing

@testable import Neural

@Suite(.enabled(if: ModelLibrary().isInstalled("silero-vad"), "weights not installed: silero-vad"))
struct SileroVoiceActivityTests {
  private let model: SileroVoiceActivity
  private let golden: SafetensorsFile
  private let samples: [Float]

  init() throws {
    model = try SileroVoiceActivity(folder: ModelLibrary().folder(of: "silero-vad"))
    golden = try Golden.tensors("silero")
    samples = try golden.tensor("samples").values
  }

  @Test("probabilities and the state between windows equal ONNX Runtime's over noise, speech and silence")
  func parity() throws {
    let expected = try golden.tensor("probabilities").values
    let hidden = try golden.tensor("hidden").values
    let cell = try golden.tensor("cell").values
    var state = SileroVoiceActivity.State()
    var probabilities: [Float] = []
    var worstState: Float = 0
    for index in expected.indices {
      probabilities.append(model.probability(of: samples[index * 512..<(index + 1) * 512], state: &state))
      guard index % 10 == 0 else { continue }
      let row = index / 10 * 128..<(index / 10 + 1) * 128
      worstState = max(worstState, worst(state.hidden, Array(hidden[row])).difference, worst(state.cell, Array(cell[row])).difference)
    }
    let found = worst(probabilities, expected)
    print("Silero VAD, \(expected.count) windows: worst probability off by \(found), worst state by \(worstState)")
    #expect(found.difference < 1e-3)
    #expect(worstState < 1e-3)
    #expect(expected.contains { $0 > 0.9 } && expected.contains { $0 < 0.1 })
  }

  @Test("a state that went through JSON continues bit for bit")
  func stateSurvives() throws {
    var state = SileroVoiceActivity.State()
    for index in 0..<40 { _ = model.probability(of: samples[index * 512..<(index + 1) * 512], state: &state) }
    var restored = try JSONDecoder().decode(SileroVoiceActivity.State.self, from: JSONEncoder().encode(state))
    #expect(restored == state)
    let window = samples[40 * 512..<41 * 512]
    #expect(model.probability(of: window, state: &restored) == model.probability(of: window, state: &state))
    #expect(restored == state)
  }

  @Test("a stored state of the wrong size is refused")
  func damagedState() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(SileroVoiceActivity.State.self, from: Data("{\"hidden\":[1],\"cell\":[],\"context\":[]}".utf8))
    }
  }
}
