/// A dense array of numbers in memory.
///
/// *Shape* `values`: the product of `shape`, row-major.
package struct Tensor: Sendable, Equatable {
  package var shape: [Int]
  package var values: [Float]

  /// - Precondition: `values.count` is the product of `shape`.
  package init(shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "a tensor of shape \(shape) got \(values.count) values")
    self.shape = shape
    self.values = values
  }
}
