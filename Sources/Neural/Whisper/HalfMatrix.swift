import CKernels
import Core

/// A linear layer, `y = x · weightᵀ + bias`, whose weights are kept in half precision and summed in single.
///
/// For products with few rows, where reading the weights is the cost: a decoder's step reads all of them for each token.
struct HalfMatrix: Sendable {
  let rows: Int
  let columns: Int
  private let bits: [UInt16]  // [rows, columns]
  private let bias: [Float]?  // [rows]

  /// - Precondition: `bits` has `rows · columns` numbers and `bias`, if any, `rows`.
  init(rows: Int, columns: Int, bits: [UInt16], bias: [Float]? = nil) {
    precondition(bits.count == rows * columns && bias?.count ?? rows == rows, "\(rows)x\(columns) weights, got \(bits.count)")
    self.rows = rows
    self.columns = columns
    self.bits = bits
    self.bias = bias
  }

  /// *Shape* `x`: `[batch, columns]`; `y`: `[batch, rows]`; both dense.
  func multiply(_ x: UnsafePointer<Float>, batch: Int, to y: UnsafeMutablePointer<Float>) {
    if let bias {
      kernels_half_product(bits, rows, columns, columns, bias, x, columns, batch, y, rows)
    } else {
      kernels_half_product(bits, rows, columns, columns, nil, x, columns, batch, y, rows)
    }
  }

  /// Writes row `index`, widened. *Shape* `target`: `[columns]`.
  func copyRow(_ index: Int, to target: UnsafeMutablePointer<Float>) {
    bits.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { kernels_widen_half(base + index * columns, target, columns) }
    }
  }
}
