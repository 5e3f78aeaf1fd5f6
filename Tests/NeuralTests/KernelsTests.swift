import Foundation
import Testing

@testable import Neural

@Suite struct KernelsTests {
  @Test(
    "a matrix product equals the naive one: every transposition, parts of larger matrices, alpha and beta",
    arguments: [(1, 1, 1), (1, 7, 33), (5, 16, 8), (6, 17, 129), (13, 31, 64), (50, 50, 70)],
    [(false, false), (false, true), (true, false)])
  func product(size: (m: Int, n: Int, k: Int), transposed: (a: Bool, b: Bool)) {
    let (m, n, k) = size
    var numbers = SeededNumbers(seed: UInt64(m * 10007 + n * 101 + k))
    let lda = (transposed.a ? m : k) + 3
    let ldb = (transposed.b ? k : n) + 5
    let ldc = n + 2
    let a = numbers.floats((transposed.a ? k : m) * lda)
    let b = numbers.floats((transposed.b ? n : k) * ldb)
    let before = numbers.floats(m * ldc)
    var expected = before
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        for p in 0..<k {
          sum += Double(transposed.a ? a[p * lda + i] : a[i * lda + p]) * Double(transposed.b ? b[j * ldb + p] : b[p * ldb + j])
        }
        expected[i * ldc + j] = Float(0.5 * sum + 2 * Double(before[i * ldc + j]))
      }
    }
    var c = before
    Kernels.gemm(
      transposedA: transposed.a, transposedB: transposed.b, m: m, n: n, k: k, alpha: 0.5, a, lda: lda, b, ldb: ldb, beta: 2, &c, ldc: ldc)
    #expect(worst(c, expected).difference < 1e-5)
  }

  @Test(
    "a linear layer equals the naive one, with and without bias, strides, accumulation and activation",
    arguments: [1, 2, 3, 4, 5, 6, 7, 11, 25], [(8, 16), (33, 17), (70, 5), (300, 130), (64, 48)])
  func linear(rows: Int, widths: (input: Int, output: Int)) {
    let (k, n) = widths
    var numbers = SeededNumbers(seed: UInt64(rows * 1000 + k))
    let weight = Tensor(shape: [n, k], values: numbers.floats(n * k))
    let bias = Tensor(shape: [n], values: numbers.floats(n))
    let x = numbers.floats(rows * (k + 1))
    let before = numbers.floats(rows * (n + 3))
    for (accumulate, activation, biased) in [
      (false, Activation.none, true), (true, .none, true), (false, .relu6, false), (false, .gelu, true),
    ] {
      let layer = Linear(weight: weight, bias: biased ? bias : nil)
      var expected = before
      for i in 0..<rows {
        for j in 0..<n {
          var sum = biased ? Double(bias.values[j]) : 0
          for p in 0..<k { sum += Double(x[i * (k + 1) + p]) * Double(weight.values[j * k + p]) }
          if accumulate { sum += Double(before[i * (n + 3) + j]) }
          switch activation {
          case .relu6: sum = min(max(sum, 0), 6)
          case .gelu: sum = 0.5 * sum * erfc(-sum / 2.0.squareRoot())
          default: break
          }
          expected[i * (n + 3) + j] = Float(sum)
        }
      }
      var y = before
      layer.apply(x, rows: rows, inputStride: k + 1, to: &y, outputStride: n + 3, activation: activation, accumulate: accumulate)
      #expect(worst(y, expected).difference < 5e-5, "accumulate \(accumulate), \(activation)")
    }
  }

  @Test("layer norm equals the definition for widths that are and are not multiples of the vector width", arguments: [1, 7, 16, 37, 384])
  func layerNorm(width: Int) {
    var numbers = SeededNumbers(seed: 5)
    let x = numbers.floats(3 * width).map { 3 * $0 + 10 }
    let scale = numbers.floats(width)
    let shift = numbers.floats(width)
    var expected: [Float] = []
    for row in 0..<3 {
      let values = x[row * width..<(row + 1) * width].map(Double.init)
      let mean = values.reduce(0, +) / Double(width)
      let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(width)
      expected += (0..<width).map { Float((values[$0] - mean) / (variance + 1e-5).squareRoot() * Double(scale[$0]) + Double(shift[$0])) }
    }
    var y = x
    y.withUnsafeMutableBufferPointer {
      Kernels.layerNorm($0.baseAddress!, $0.baseAddress!, rows: 3, width: width, scale: scale, shift: shift, epsilon: 1e-5)
    }
    #expect(worst(y, expected).difference < 2e-5)
  }

  @Test("softmax sums to one, equals the definition and survives large numbers", arguments: [1, 5, 16, 31, 1000])
  func softmax(width: Int) {
    var numbers = SeededNumbers(seed: 6)
    let x = numbers.floats(2 * width).map { $0 * 200 }
    var expected: [Float] = []
    for row in 0..<2 {
      let values = x[row * width..<(row + 1) * width].map { Double($0) * 0.25 }
      let top = values.max()!
      let powers = values.map { exp($0 - top) }
      expected += powers.map { Float($0 / powers.reduce(0, +)) }
    }
    var y = x
    Kernels.softmax(&y, rows: 2, width: width, factor: 0.25)
    #expect(worst(y, expected).difference < 1e-6)
  }

  @Test("GELU, sigmoid and tanh stay within their stated errors from −30 to 30")
  func elementwise() {
    let x = stride(from: Float(-30), through: 30, by: 0.0007).map { $0 }
    var gelu = x
    var sigmoid = x
    var tangent = x
    Kernels.gelu(&gelu, count: x.count)
    Kernels.sigmoid(&sigmoid, count: x.count)
    Kernels.hyperbolicTangent(&tangent, count: x.count)
    var worstGelu = 0.0
    var worstOthers = 0.0
    for i in x.indices {
      let v = Double(x[i])
      let truth = 0.5 * v * erfc(-v / 2.0.squareRoot())
      worstGelu = max(worstGelu, abs(Double(gelu[i]) - truth) / max(1, abs(truth)))
      worstOthers = max(worstOthers, abs(Double(sigmoid[i]) - 1 / (1 + exp(-v))), abs(Double(tangent[i]) - tanh(v)))
    }
    #expect(worstGelu <= 1e-6)
    #expect(worstOthers <= 5e-7)
  }
}
