import CKernels

/// A linear layer, `y = x · weightᵀ + bias`. Its weights are packed once, when it is made, for the kernel in `linear.c`: for the few rows
/// of one sentence or one picture that is faster than a general matrix product, which packs them on every call.
package struct Linear: Sendable {
  package let inputWidth: Int
  package let outputWidth: Int
  private let packed: [Float]  // [panels, inputWidth, 16]
  private let bias: [Float]?  // [outputWidth rounded up to 16]

  /// - Parameters:
  ///   - weight: `[outputWidth, inputWidth]`, as PyTorch stores it; further dimensions of size 1 are ignored.
  ///   - bias: `[outputWidth]`.
  package init(weight: Tensor, bias: Tensor? = nil) {
    let shape = weight.shape
    precondition(shape.count >= 2 && shape.dropFirst(2).allSatisfy { $0 == 1 }, "a weight of shape \(shape)")
    precondition(bias == nil || bias?.shape == [shape[0]], "a bias of shape \(bias?.shape ?? []) for a weight of shape \(shape)")
    outputWidth = shape[0]
    inputWidth = shape[1]
    packed = Self.packed(weight.values, outputs: shape[0], inputs: shape[1])
    self.bias = bias.map { $0.values + [Float](repeating: 0, count: (16 - $0.values.count % 16) % 16) }
  }

  private static func packed(_ weight: [Float], outputs: Int, inputs: Int) -> [Float] {
    var packed = [Float](repeating: 0, count: (outputs + 15) / 16 * inputs * 16)
    for output in 0..<outputs {
      let start = output / 16 * inputs * 16 + output % 16
      for input in 0..<inputs { packed[start + input * 16] = weight[output * inputs + input] }
    }
    return packed
  }

  /// Applies the layer to `rows` rows.
  ///
  /// *Shape* `input`: `[rows, inputWidth]`, rows `inputStride` apart; `output`: `[rows, outputWidth]`, rows `outputStride` apart.
  /// The defaults are dense rows. With `accumulate` the result is added to what `output` holds (a residual connection).
  package func apply(
    _ input: UnsafePointer<Float>, rows: Int, inputStride: Int? = nil, to output: UnsafeMutablePointer<Float>, outputStride: Int? = nil,
    activation: Activation = .none, accumulate: Bool = false
  ) {
    let stride = outputStride ?? outputWidth
    kernels_linear(
      packed, bias, inputWidth, outputWidth, input, inputStride ?? inputWidth, rows, output, stride, max(rows, 1), 0,
      Self.flags(activation, accumulate: accumulate))
    if activation == .gelu { for row in 0..<rows { Kernels.gelu(output + row * stride, count: outputWidth) } }
  }

  /// Applies the layer to dense rows and spreads the results: row `i` goes to `output + i / group · groupStride + i % group · outputWidth`.
  /// That is how a picture is written into the middle of a padded one.
  func apply(
    _ input: UnsafePointer<Float>, rows: Int, to output: UnsafeMutablePointer<Float>, group: Int, groupStride: Int, activation: Activation
  ) {
    kernels_linear(
      packed, bias, inputWidth, outputWidth, input, inputWidth, rows, output, outputWidth, group, groupStride,
      Self.flags(activation, accumulate: false))
  }

  private static func flags(_ activation: Activation, accumulate: Bool) -> Int32 {
    var flags = accumulate ? kernels_accumulate : 0
    if activation == .relu { flags |= kernels_relu }
    if activation == .relu6 { flags |= kernels_relu6 }
    return Int32(flags)
  }
}

extension Linear {
  /// A convolution over time as a linear layer over neighbouring rows: applied to rows `[time, inputs]` with `inputStride` of
  /// `stride · inputs`, each output row sees `size` input rows. The caller pads.
  ///
  /// - Parameter convolution: `[outputs, inputs, size]`, as PyTorch stores it.
  package init(convolution: Tensor, bias: Tensor? = nil) {
    let (outputs, inputs, size) = (convolution.shape[0], convolution.shape[1], convolution.shape[2])
    var weight = Tensor(shape: [outputs, size * inputs], values: convolution.values)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<size {
          weight.values[(output * size + tap) * inputs + input] = convolution.values[(output * inputs + input) * size + tap]
        }
      }
    }
    self.init(weight: weight, bias: bias)
  }
}
