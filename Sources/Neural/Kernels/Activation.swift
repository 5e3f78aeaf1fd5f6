/// What follows a layer, element by element.
package enum Activation: Sendable {
  case none
  /// `max(0, x)`.
  case relu
  /// `min(max(0, x), 6)`.
  case relu6
  /// `x · Φ(x)` with the exact normal distribution function (erf), as BERT and Whisper use.
  case gelu

  /// Applies it in place.
  package func apply(_ x: UnsafeMutablePointer<Float>, count: Int) {
    switch self {
    case .none: break
    case .relu: for i in 0..<count where x[i] < 0 { x[i] = 0 }
    case .relu6:
      for i in 0..<count {
        let y = x[i] < 0 ? 0 : x[i]
        x[i] = y > 6 ? 6 : y
      }
    case .gelu: Kernels.gelu(x, count: count)
    }
  }
}
