import CKernels
import Core

/// What one layer of the decoder attends to: keys and values of a window of sound, as halves.
struct WhisperSoundMemory {
  /// Numbers between two rows of scores: the positions, rounded up for whole vectors.
  private(set) var stride = 0
  private var positions = 0
  private var keys: [UInt16] = []  // [positions, width]
  private var values: [UInt16] = []  // [width, stride]: transposed, so that both products run along rows

  /// *Shape* `encoded`: `[positions, width]`; `scratch`: at least as many numbers.
  mutating func fill(
    from encoded: UnsafePointer<Float>, positions: Int, block: WhisperDecoderBlock, heads: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    let width = block.soundValueBias.count
    self.positions = positions
    stride = (positions + 15) / 16 * 16
    if keys.count < positions * width { keys = [UInt16](repeating: 0, count: positions * width) }
    values = [UInt16](repeating: 0, count: stride * width)
    Kernels.gemm(
      transposedB: true, m: positions, n: width, k: width, encoded, lda: width, block.soundKey, ldb: width, scratch, ldc: width)
    kernels_narrow_half(scratch, &keys, positions * width)
    Kernels.gemm(
      transposedB: true, m: width, n: positions, k: width, block.soundValue, lda: width, encoded, ldb: width, scratch, ldc: positions)
    let stride = stride
    values.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      for row in 0..<width {
        let source = scratch + row * positions
        let bias = block.soundValueBias[row]
        for t in 0..<positions { source[t] += bias }
        kernels_narrow_half(source, base + row * stride, positions)
      }
    }
  }

  /// Products of each row's query with every key of one head. *Shape* `query`: `[count, width]`; `scores`: `[count, stride]`.
  func score(_ query: UnsafePointer<Float>, width: Int, head: Int, size: Int, count: Int, to scores: UnsafeMutablePointer<Float>) {
    keys.withUnsafeBufferPointer { keys in
      guard let base = keys.baseAddress else { return }
      kernels_half_product(base + head * size, positions, width, size, nil, query + head * size, width, count, scores, stride)
    }
    for row in 0..<count { (scores + row * stride + positions).update(repeating: 0, count: stride - positions) }
  }

  /// Sums of one head's values, weighted. *Shape* `weights`: `[count, stride]`, zero beyond the positions; `output`: `[count, width]`.
  func mix(_ weights: UnsafePointer<Float>, width: Int, head: Int, size: Int, count: Int, to output: UnsafeMutablePointer<Float>) {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      kernels_half_product(
        base + head * size * stride, size, stride, stride, nil, weights, stride, count, output + head * size, width)
    }
  }
}
