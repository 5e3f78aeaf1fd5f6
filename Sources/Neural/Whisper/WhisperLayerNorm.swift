/// Layer normalisation with its weights. Whisper's epsilon is PyTorch's default.
struct WhisperLayerNorm: Sendable {
  private let scale: [Float]
  private let shift: [Float]

  init(_ weights: SafetensorsFile, _ name: String, width: Int) throws {
    scale = try weights.tensor(name + ".weight", shape: [width]).values
    shift = try weights.tensor(name + ".bias", shape: [width]).values
  }

  /// *Shape* `input`, `output`: `[rows, width]`; they may be the same.
  func apply(_ input: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>, rows: Int) {
    Kernels.layerNorm(input, output, rows: rows, width: scale.count, scale: scale, shift: shift, epsilon: 1e-5)
  }
}
