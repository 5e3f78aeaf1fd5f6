import Foundation

/// Functions over the scores of a whole vocabulary, of which there are tens of thousands for each token.
extension Kernels {
  /// The largest of `count` numbers, `count` > 0.
  static func maximum(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var top = x[0]
    var i = 0
    if count >= 16 {
      var wide = load16(x)
      while i + 16 <= count {
        let y = load16(x + i)
        wide = wide.replacing(with: y, where: y .> wide)
        i += 16
      }
      top = wide.max()
    }
    while i < count {
      if x[i] > top { top = x[i] }
      i += 1
    }
    return top
  }

  /// The first place of the largest of `count` numbers, `count` > 0.
  static func argmax(_ x: UnsafePointer<Float>, count: Int) -> Int {
    let top = maximum(x, count: count)
    for i in 0..<count where x[i] == top { return i }
    return 0
  }

  /// log Σ exp(x), whose terms more than 87 below the largest count as e⁻⁸⁷.
  static func logSumExp(_ x: UnsafePointer<Float>, count: Int) -> Float {
    let top = maximum(x, count: count)
    guard top > -.infinity else { return -.infinity }
    var wide = SIMD16<Float>(repeating: 0)
    var i = 0
    while i + 16 <= count {
      wide += exponential(load16(x + i) - top)
      i += 16
    }
    if i < count { wide += exponential(SIMD16(x + i, count: count - i, filler: -.infinity) - top) }
    return top + log(wide.sum())
  }

  /// `target += factor · x`.
  static func accumulate(_ x: UnsafePointer<Float>, times factor: Float, onto target: UnsafeMutablePointer<Float>, count: Int) {
    var i = 0
    while i + 16 <= count {
      store16(load16(target + i).addingProduct(SIMD16(repeating: factor), load16(x + i)), target + i)
      i += 16
    }
    while i < count {
      target[i] += factor * x[i]
      i += 1
    }
  }
}
