import Core
import Foundation

/// Silero VAD: how likely a window of 32 ms of sound holds speech.
///
/// A learned short-time Fourier transform, four small convolutions, an LSTM cell that carries the past, and one output.
///
/// *Source*: snakers4/silero-vad, version 6, `tinygrad_model.py` and the 16 kHz ONNX graph.
package struct SileroVoiceActivity: Sendable {
  /// Samples of one window.
  package static let window = 512
  package static let sampleRateHertz = 16_000
  /// Samples of the window before that are seen again.
  static let context = 64
  private static let bins = 129
  private static let hidden = 128
  private static let steps = 4

  private let transform: Linear  // [2 · bins, 256]
  private let convolutions: [(layer: Linear, stride: Int)]  // [outputs, 3 · inputs]
  private let gatesOfInput: Linear  // [4 · hidden, hidden]
  private let gatesOfState: Linear  // [4 · hidden, hidden]
  private let output: Linear  // [1, hidden]

  /// What is carried from one window to the next.
  package struct State: Sendable, Equatable, Codable {
    /// *Shape* `[128]`.
    var hidden: [Float]
    /// *Shape* `[128]`.
    var cell: [Float]
    /// The end of the last window. *Shape* `[64]`.
    var context: [Float]

    /// The state before the first window.
    package init() {
      hidden = [Float](repeating: 0, count: SileroVoiceActivity.hidden)
      cell = hidden
      context = [Float](repeating: 0, count: SileroVoiceActivity.context)
    }

    package init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self.init()
      for (key, path) in [(CodingKeys.hidden, \State.hidden), (.cell, \.cell), (.context, \.context)] {
        let values = try container.decode([Float].self, forKey: key)
        guard values.count == self[keyPath: path].count else {
          throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "\(values.count) numbers")
        }
        self[keyPath: path] = values
      }
    }
  }

  /// - Throws: `NeuralError` naming the file, the tensor and what is wrong with it.
  package init(folder url: URL) throws {
    let file = try ModelFolder(url: url).weights()
    let (bins, hidden) = (Self.bins, Self.hidden)
    let basis = try file.tensor("stft_conv.weight", shape: [2 * bins, 1, 256])
    transform = Linear(weight: Tensor(shape: [2 * bins, 256], values: basis.values))
    convolutions = try [(bins, 128, 1), (128, 64, 2), (64, 64, 2), (64, 128, 1)].enumerated().map { index, shape in
      let (inputs, outputs, stride) = shape
      let weight = try file.tensor("conv\(index + 1).weight", shape: [outputs, inputs, 3])
      let bias = try file.tensor("conv\(index + 1).bias", shape: [outputs])
      return (Linear(convolution: weight, bias: bias), stride)
    }
    func gates(_ kind: String) throws -> Linear {
      Linear(
        weight: try file.tensor("lstm_cell.weight_\(kind)", shape: [4 * hidden, hidden]),
        bias: try file.tensor("lstm_cell.bias_\(kind)", shape: [4 * hidden]))
    }
    gatesOfInput = try gates("ih")
    gatesOfState = try gates("hh")
    output = Linear(
      weight: try file.tensor("final_conv.weight", shape: [1, hidden, 1]), bias: try file.tensor("final_conv.bias", shape: [1]))
  }

  /// The probability that a window holds speech, and the state after it.
  ///
  /// - Parameter window: 512 samples at 16 kHz, −1...1; the window right after the one the state comes from.
  package func probability(of window: ArraySlice<Float>, state: inout State) -> Float {
    precondition(window.count == Self.window, "a window of \(window.count) samples")
    // Context, window, and 64 samples mirrored at the end.
    var samples = state.context + window
    state.context = Array(window.suffix(Self.context))
    samples += samples.suffix(Self.context + 1).dropLast().reversed()

    // Spectra of 256 samples every 128, then their magnitudes with a row of zeros before and after for the first convolution.
    var spectra = [Float](repeating: 0, count: Self.steps * 2 * Self.bins)
    transform.apply(samples, rows: Self.steps, inputStride: 128, to: &spectra)
    var x = [Float](repeating: 0, count: (Self.steps + 2) * Self.bins)
    for step in 0..<Self.steps {
      for bin in 0..<Self.bins {
        let (real, imaginary) = (spectra[step * 2 * Self.bins + bin], spectra[step * 2 * Self.bins + Self.bins + bin])
        x[(step + 1) * Self.bins + bin] = (real * real + imaginary * imaginary).squareRoot()
      }
    }
    var steps = Self.steps
    for (layer, stride) in convolutions {
      let inputs = layer.inputWidth / 3
      let outputs = layer.outputWidth
      steps = (steps - 1) / stride + 1
      var y = [Float](repeating: 0, count: (steps + 2) * outputs)
      y.withUnsafeMutableBufferPointer {
        layer.apply(x, rows: steps, inputStride: stride * inputs, to: $0.baseAddress! + outputs, activation: .relu)
      }
      x = y
    }

    x = Array(x[Self.hidden..<2 * Self.hidden])
    recur(x, state: &state)
    var result: [Float] = [0]
    x = state.hidden.map { max($0, 0) }
    output.apply(x, rows: 1, to: &result)
    Kernels.sigmoid(&result, count: 1)
    return result[0]
  }

  /// One step of the LSTM cell; gates in PyTorch's order: input, forget, cell, output.
  private func recur(_ x: [Float], state: inout State) {
    let n = Self.hidden
    var gates = [Float](repeating: 0, count: 4 * n)
    gatesOfInput.apply(x, rows: 1, to: &gates)
    gatesOfState.apply(state.hidden, rows: 1, to: &gates, accumulate: true)
    gates.withUnsafeMutableBufferPointer {
      let base = $0.baseAddress!
      Kernels.sigmoid(base, count: 2 * n)
      Kernels.hyperbolicTangent(base + 2 * n, count: n)
      Kernels.sigmoid(base + 3 * n, count: n)
    }
    for i in 0..<n { state.cell[i] = gates[n + i] * state.cell[i] + gates[i] * gates[2 * n + i] }
    state.hidden = state.cell
    Kernels.hyperbolicTangent(&state.hidden, count: n)
    for i in 0..<n { state.hidden[i] *= gates[3 * n + i] }
  }
}
