import CKernels
import Core
import Foundation
import Testing

@testable import Neural

/// The parts of Whisper that need no weights.
struct WhisperRulesTests {
  @Test(
    "compression is estimated within a tenth of zlib's",
    arguments: [
      (
        "The storm warning has been issued for the northern coast. Winds of up to ninety kilometres per hour are expected. The ferry to "
          + "Sandvik island is cancelled until Friday morning. The ferry to Sandvik island is cancelled. ", Float(1.576)
      ),
      ("And Mr. John Dashwood had then leisure to consider how much there might be prudently in his power to do for them.", 1.141),
    ])
  func compression(text: String, zlib: Float) {
    #expect(abs(TextCompression.ratio(of: text) - zlib) < 0.1 * zlib)
  }

  @Test("a text that repeats itself compresses far beyond the threshold, an empty one counts as nothing")
  func loops() {
    #expect(TextCompression.ratio(of: String(repeating: "Thank you. ", count: 20)) > 5)
    #expect(TextCompression.ratio(of: String(repeating: "alexa, ", count: 40)) > 5)
    #expect(TextCompression.ratio(of: "") == 0)
    #expect(TextCompression.ratio(of: "a") < 1)
  }

  @Test("the path of largest gain is found through a matrix with a bright staircase")
  func warp() {
    let (rows, columns) = (4, 12)
    var gain = [Float](repeating: 0, count: rows * columns)
    for (row, range) in [0..<2, 2..<7, 7..<8, 8..<12].enumerated() { for column in range { gain[row * columns + column] = 1 } }
    #expect(WhisperAlignment.warp(gain, rows: rows, columns: columns) == [0, 2, 7, 8])
    #expect(WhisperAlignment.warp([1], rows: 1, columns: 1) == [0])
    // More rows than columns: some rows share one.
    #expect(WhisperAlignment.warp([1, 1, 1], rows: 3, columns: 1) == [0, 0, 0])
  }

  @Test("the vocabulary's functions agree with plain sums", arguments: [1, 15, 16, 17, 1000])
  func vocabulary(count: Int) {
    var generator = SplitMix64(state: UInt64(count))
    var x = (0..<count).map { _ in Float.random(in: -9...9, using: &generator) }
    let sum = log(x.reduce(0.0) { $0 + exp(Double($1)) })
    #expect(abs(Double(Kernels.logSumExp(x, count: count)) - sum) < 1e-5)
    #expect(Kernels.maximum(x, count: count) == x.max())
    #expect(x[Kernels.argmax(x, count: count)] == x.max())
    for i in x.indices { x[i] = -.infinity }
    #expect(Kernels.logSumExp(x, count: count) == -.infinity)
  }

  @Test("products with weights in half precision agree with plain sums", arguments: 1...13, [(5, 8), (9, 67), (17, 512)])
  func halves(batch: Int, shape: (Int, Int)) {
    let (rows, columns) = shape
    var generator = SplitMix64(state: UInt64(rows * batch))
    let weight = (0..<rows * columns).map { _ in Float(Int.random(in: -64...64, using: &generator)) / 64 }
    let bias = (0..<rows).map { _ in Float.random(in: -1...1, using: &generator) }
    let x = (0..<batch * columns).map { _ in Float.random(in: -1...1, using: &generator) }
    var bits = [UInt16](repeating: 0, count: weight.count)
    kernels_narrow_half(weight, &bits, weight.count)
    let matrix = HalfMatrix(rows: rows, columns: columns, bits: bits, bias: bias)
    var y = [Float](repeating: 0, count: batch * rows)
    matrix.multiply(x, batch: batch, to: &y)
    for b in 0..<batch {
      for r in 0..<rows {
        let expected = (0..<columns).reduce(bias[r]) { $0 + weight[r * columns + $1] * x[b * columns + $1] }
        #expect(abs(y[b * rows + r] - expected) < 1e-4)
      }
    }
    var row = [Float](repeating: 0, count: columns)
    matrix.copyRow(rows - 1, to: &row)
    #expect(row == Array(weight.suffix(columns)))
  }
}
