/// A linear layer, `y = x · weightᵀ + bias`, with its weights in memory.
package struct Linear: Sendable {
  package let inputWidth: Int
  package let outputWidth: Int
  private let weight: [Float]  // [outputWidth, inputWidth]
  private let bias: [Float]?  // [outputWidth]

  /// - Parameters:
  ///   - weight: `[outputWidth, inputWidth]`, as PyTorch stores it; further dimensions of size 1 are ignored.
  ///   - bias: `[outputWidth]`.
  package init(weight: Tensor, bias: Tensor? = nil) {
    precondition(weight.shape.count >= 2 && weight.shape.dropFirst(2).allSatisfy { $0 == 1 }, "a weight of shape \(weight.shape)")
    precondition(
      bias == nil || bias?.values.count == weight.shape[0], "a bias of shape \(bias?.shape ?? []) for a weight of shape \(weight.shape)")
    outputWidth = weight.shape[0]
    inputWidth = weight.shape[1]
    self.weight = weight.values
    self.bias = bias?.values
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
    if let bias {
      for row in 0..<rows {
        let y = output + row * stride
        if accumulate { Kernels.add(y, bias, count: outputWidth) } else { y.update(from: bias, count: outputWidth) }
      }
    }
    Kernels.gemm(
      transposedB: true, m: rows, n: outputWidth, k: inputWidth, input, lda: inputStride ?? inputWidth, weight, ldb: inputWidth,
      beta: accumulate || bias != nil ? 1 : 0, output, ldc: stride)
    for row in 0..<rows where activation != .none { activation.apply(output + row * stride, count: outputWidth) }
  }
}
