/// Convolutions read from a file with the batch normalisation after them folded in: `w · γ / √(σ² + ε)` and `β − μ · γ / √(σ² + ε)`.
struct FoldedWeights {
  let file: SafetensorsFile
  let epsilon: Float

  /// A convolution over all channels as a linear layer. *Shape* of the weight in the file: `[outputs] + kernel`.
  func linear(_ convolution: String, _ normalization: String, outputs: Int, kernel: [Int]) throws -> Linear {
    var weight = try file.tensor(convolution + ".weight", shape: [outputs] + kernel)
    let (factor, shift) = try affine(normalization, channels: outputs)
    let width = kernel.reduce(1, *)
    for output in 0..<outputs { for i in output * width..<(output + 1) * width { weight.values[i] *= factor[output] } }
    return Linear(weight: Tensor(shape: [outputs, width], values: weight.values), bias: Tensor(shape: [outputs], values: shift))
  }

  /// A depthwise convolution, channels last: taps `[size, size, channels]` and shift `[channels]`.
  func depthwise(_ convolution: String, _ normalization: String, channels: Int, size: Int) throws -> (taps: [Float], shift: [Float]) {
    let weight = try file.tensor(convolution + ".weight", shape: [channels, 1, size, size])
    let (factor, shift) = try affine(normalization, channels: channels)
    var taps = weight.values
    for channel in 0..<channels {
      for tap in 0..<size * size { taps[tap * channels + channel] = weight.values[channel * size * size + tap] * factor[channel] }
    }
    return (taps, shift)
  }

  private func affine(_ name: String, channels: Int) throws -> (factor: [Float], shift: [Float]) {
    let gamma = try file.tensor(name + ".weight", shape: [channels]).values
    let beta = try file.tensor(name + ".bias", shape: [channels]).values
    let mean = try file.tensor(name + ".running_mean", shape: [channels]).values
    let variance = try file.tensor(name + ".running_var", shape: [channels]).values
    let factor = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
    return (factor, (0..<channels).map { beta[$0] - mean[$0] * factor[$0] })
  }
}
