/// Functions of the rows of a matrix.
extension Kernels {
  /// `output = (input − mean) / sqrt(variance + epsilon) · scale + shift`, row by row. `output` may be `input`.
  ///
  /// *Shape* `input`, `output`: `[rows, width]`; `scale`, `shift`: `[width]`.
  package static func layerNorm(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, rows: Int, width: Int, scale: UnsafePointer<Float>,
    shift: UnsafePointer<Float>, epsilon: Float
  ) {
    for row in 0..<rows {
      let x = input + row * width
      let y = output + row * width
      let mean = sum(x, count: width) / Float(width)
      var wide = SIMD16<Float>(repeating: 0)
      var i = 0
      while i + 16 <= width {
        let d = load16(x + i) - mean
        wide += d * d
        i += 16
      }
      var squares = wide.sum()
      while i < width {
        squares += (x[i] - mean) * (x[i] - mean)
        i += 1
      }
      let factor = 1 / (squares / Float(width) + epsilon).squareRoot()
      i = 0
      while i + 16 <= width {
        store16((load16(x + i) - mean) * factor * load16(scale + i) + load16(shift + i), y + i)
        i += 16
      }
      while i < width {
        y[i] = (x[i] - mean) * factor * scale[i] + shift[i]
        i += 1
      }
    }
  }

  /// Each row becomes `exp(factor · x)` divided by the row's sum, in place.
  ///
  /// *Shape* `[rows, width]`, rows `stride` apart (`width` when nil). *Range* `factor`: positive.
  package static func softmax(_ values: UnsafeMutablePointer<Float>, rows: Int, width: Int, stride: Int? = nil, factor: Float = 1) {
    precondition(factor > 0, "a factor of \(factor)")
    guard width > 0 else { return }
    for row in 0..<rows {
      let x = values + row * (stride ?? width)
      let top = factor * maximum(of: x, count: width)
      var wide = SIMD16<Float>(repeating: 0)
      var i = 0
      while i + 16 <= width {
        let e = exponential(load16(x + i) * factor - top)
        store16(e, x + i)
        wide += e
        i += 16
      }
      var total = wide.sum()
      if i < width {
        let e = exponential(SIMD16(x + i, count: width - i, filler: 0) * factor - top)
        for lane in 0..<width - i {
          x[i + lane] = e[lane]
          total += e[lane]
        }
      }
      scale(x, by: 1 / total, count: width)
    }
  }

  /// The largest of `count` numbers, at least one.
  private static func maximum(of x: UnsafePointer<Float>, count: Int) -> Float {
    var top = x[0]
    var i = 0
    if count >= 16 {
      var wide = SIMD16<Float>(repeating: top)
      while i + 16 <= count {
        let next = load16(x + i)
        wide.replace(with: next, where: next .> wide)
        i += 16
      }
      for lane in 0..<16 where wide[lane] > top { top = wide[lane] }
    }
    while i < count {
      if x[i] > top { top = x[i] }
      i += 1
    }
    return top
  }

  /// `x += y`.
  package static func add(_ x: UnsafeMutablePointer<Float>, _ y: UnsafePointer<Float>, count: Int) {
    for i in 0..<count { x[i] += y[i] }
  }

  /// `x *= factor`.
  package static func scale(_ x: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    for i in 0..<count { x[i] *= factor }
  }

  /// The sum of `count` numbers.
  package static func sum(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var wide = SIMD16<Float>(repeating: 0)
    var i = 0
    while i + 16 <= count {
      wide += load16(x + i)
      i += 16
    }
    var total = wide.sum()
    while i < count {
      total += x[i]
      i += 1
    }
    return total
  }

  /// The sum of the products of `count` pairs.
  package static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int) -> Float {
    var wide = SIMD16<Float>(repeating: 0)
    var i = 0
    while i + 16 <= count {
      wide.addProduct(load16(x + i), load16(y + i))
      i += 16
    }
    var total = wide.sum()
    while i < count {
      total += x[i] * y[i]
      i += 1
    }
    return total
  }

  /// Scales a vector to length 1, in place; leaves a zero vector alone.
  package static func normalize(_ x: UnsafeMutablePointer<Float>, count: Int) {
    let length = dot(x, x, count: count).squareRoot()
    if length > 0 { scale(x, by: 1 / length, count: count) }
  }
}

@inline(__always) func load16(_ pointer: UnsafePointer<Float>) -> SIMD16<Float> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
}

@inline(__always) func store16(_ value: SIMD16<Float>, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD16<Float>.self)
}

extension SIMD16<Float> {
  /// The first `count` numbers at `pointer`, and `filler` in the lanes after them.
  @inline(__always) init(_ pointer: UnsafePointer<Float>, count: Int, filler: Float) {
    self.init(repeating: filler)
    for lane in 0..<count { self[lane] = pointer[lane] }
  }
}
