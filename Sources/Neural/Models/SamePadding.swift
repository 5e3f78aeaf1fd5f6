/// TensorFlow's "SAME" padding of a square picture: just enough zeros for `side / stride` outputs, rounded up, the odd one at the end.
struct SamePadding {
  var side: Int
  var outputSide: Int
  /// Zeros before the first row and column, and after the last.
  var before: Int
  var after: Int
  var paddedSide: Int { before + side + after }

  init(side: Int, size: Int, stride: Int) {
    self.side = side
    outputSide = (side + stride - 1) / stride
    let total = max(0, (outputSide - 1) * stride + size - side)
    before = total / 2
    after = total - before
  }

  /// Writes the zeros of a padded picture. *Shape* `[paddedSide, paddedSide, channels]`.
  func clearBorder(of picture: UnsafeMutablePointer<Float>, channels: Int) {
    let line = paddedSide * channels
    picture.update(repeating: 0, count: before * line)
    (picture + (before + side) * line).update(repeating: 0, count: after * line)
    for row in before..<before + side {
      (picture + row * line).update(repeating: 0, count: before * channels)
      (picture + row * line + (before + side) * channels).update(repeating: 0, count: after * channels)
    }
  }
}
