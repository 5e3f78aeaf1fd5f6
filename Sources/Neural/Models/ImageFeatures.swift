import Core

/// What an image classifier makes of one picture.
package struct ImageFeatures: Sendable, Equatable {
  /// The last feature map.
  package var grid: FeatureGrid
  /// The mean of the grid over the picture. *Shape* `[channels]`.
  package var pooled: [Float]
  /// Class scores before softmax. *Shape* `[classes]`.
  package var logits: [Float]

  /// Class probabilities. *Shape* `[classes]`; they sum to 1.
  package var probabilities: [Float] {
    var values = logits
    Kernels.softmax(&values, rows: 1, width: values.count)
    return values
  }
}
