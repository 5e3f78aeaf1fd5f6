import CKernels

/// A linear layer, `y = x · weightᵀ + bias`. Its weights are packed once, when it is made, for the kernel in `linear.c`: for the few rows
/// of one sentence or one picture that is faster than a general matrix product, which packs them on every call.
package struct Linear: Sendable {
  package let inputWidth: Int
  package let outputWidth: Int
  private let weight: Weight
  private let bias: [Float]?  // [outputWidth rounded up to 16]

  private enum Weight: Sendable {
    case single([Float])  // [panels, inputWidth, 16]
    case half([UInt16])  // the same
  }

  /// - Parameters:
  ///   - weight: `[outputWidth, inputWidth]`, as PyTorch stores it; further dimensions of size 1 are ignored.
  ///   - bias: `[outputWidth]`.
  package init(weight: Tensor, bias: Tensor? = nil) {
    self.init(shape: weight.shape, weight: .single(Self.packed(weight.values, shape: weight.shape)), bias: bias?.values)
  }

  /// A layer that keeps its weights in half precision: half the memory, and half the time where reading the weights is what takes time
  /// (one to six rows). The sums are in single precision.
  ///
  /// - Parameter halves: `[outputWidth, inputWidth]` and bit patterns, as `SafetensorsFile.halves` gives them.
  package init(halves: (shape: [Int], bits: [UInt16]), bias: Tensor? = nil) {
    self.init(shape: halves.shape, weight: .half(Self.packed(halves.bits, shape: halves.shape)), bias: bias?.values)
  }

  private init(shape: [Int], weight: Weight, bias: [Float]?) {
    precondition(shape.count >= 2 && shape.dropFirst(2).allSatisfy { $0 == 1 }, "a weight of shape \(shape)")
    precondition(bias == nil || bias?.count == shape[0], "a bias of \(bias?.count ?? 0) numbers for a weight of shape \(shape)")
    outputWidth = shape[0]
    inputWidth = shape[1]
    self.weight = weight
    self.bias = bias.map { $0 + [Float](repeating: 0, count: (16 - $0.count % 16) % 16) }
  }

  private static func packed<Element: Numeric>(_ weight: [Element], shape: [Int]) -> [Element] {
    let (outputs, inputs) = (shape[0], shape[1])
    var packed = [Element](repeating: 0, count: (outputs + 15) / 16 * inputs * 16)
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
    let flags = Self.flags(activation, accumulate: accumulate)
    switch weight {
    case .single(let packed):
      kernels_linear(
        packed, bias, inputWidth, outputWidth, input, inputStride ?? inputWidth, rows, output, stride, max(rows, 1), 0, flags)
    case .half(let packed):
      withUnsafeTemporaryAllocation(of: Float.self, capacity: inputWidth * 16) { scratch in
        kernels_linear_half(
          packed, bias, inputWidth, outputWidth, input, inputStride ?? inputWidth, rows, output, stride, scratch.baseAddress!, flags)
      }
    }
    if activation == .gelu { for row in 0..<rows { Kernels.gelu(output + row * stride, count: outputWidth) } }
  }

  /// Applies the layer to dense rows and spreads the results: row `i` goes to `output + i / group · groupStride + i % group · outputWidth`.
  /// That is how a picture is written into the middle of a padded one. Single precision only.
  func apply(
    _ input: UnsafePointer<Float>, rows: Int, to output: UnsafeMutablePointer<Float>, group: Int, groupStride: Int, activation: Activation
  ) {
    guard case .single(let packed) = weight else { preconditionFailure("grouped output needs weights in single precision") }
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
