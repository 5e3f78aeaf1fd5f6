/// A repeatable stream of numbers (SplitMix64), the same in Swift and in the reference scripts.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Numbers in −1..<1.
  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(next() >> 40) / 8_388_608 - 1 }
  }
}

/// The largest difference of two arrays and where it is.
func worst(_ a: [Float], _ b: [Float]) -> (difference: Float, index: Int) {
  var found: (difference: Float, index: Int) = (a.count == b.count ? 0 : .infinity, -1)
  for i in 0..<min(a.count, b.count) where !(abs(a[i] - b[i]) <= found.difference) { found = (abs(a[i] - b[i]), i) }
  return found
}
