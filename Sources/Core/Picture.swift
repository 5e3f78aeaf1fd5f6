/// An upright picture as three planes, red, green and blue, or one grey plane.
///
/// *Shape* `samples`: `[planes, height, width]`, row-major, no padding. *Range* 0...255.
package struct Picture: Sendable, Equatable {
  package var width: Int
  package var height: Int
  /// 3 for colour, 1 for grey.
  package var planes: Int
  package var samples: [UInt8]

  /// - Precondition: `samples.count == planes * width * height`.
  package init(width: Int, height: Int, planes: Int, samples: [UInt8]) {
    precondition(samples.count == planes * width * height, "a picture of \(width)x\(height)x\(planes) got \(samples.count) samples")
    self.width = width
    self.height = height
    self.planes = planes
    self.samples = samples
  }
}
