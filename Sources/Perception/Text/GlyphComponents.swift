/// Connected patches of pixels that stand out from their surroundings, as letters do: brighter or darker than the mean of a small
/// window around each pixel.
///
/// *Source* the local threshold is Niblack's (1986), mean ± k·deviation, over integral images; patches are joined by runs with union-find.
struct GlyphComponents {
  /// One patch. *Units* pixels of the picture it was found in; `right` and `bottom` are exclusive.
  struct Component {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
    /// Pixels.
    var area: Int
    /// Horizontal runs of pixels: `area / runs` is about the width of a stroke.
    var runs: Int
    /// Sum of the grey values of the pixels.
    var sum: Int

    var width: Int { right - left }
    var height: Int { bottom - top }
    var grey: Float { Float(sum) / Float(area) }
    var stroke: Float { Float(area) / Float(runs) }
  }

  var bright: [Component]
  var dark: [Component]

  /// - Parameters:
  ///   - samples: grey, `[height, width]`.
  ///   - radius: half the window, pixels; strokes up to about this width stay filled.
  ///   - floor: the least step from the mean that counts, grey levels.
  ///   - deviations: the step as a share of the window's standard deviation, where that is more than `floor`.
  init(samples: [UInt8], width: Int, height: Int, radius: Int, floor: Float, deviations: Float) {
    let classes = Self.classify(samples, width: width, height: height, radius: radius, floor: floor, deviations: deviations)
    bright = Self.label(classes, of: 1, samples: samples, width: width, height: height)
    dark = Self.label(classes, of: 2, samples: samples, width: width, height: height)
  }

  /// 1 where the pixel is brighter than its surroundings, 2 where darker, else 0. *Shape* `[height, width]`.
  private static func classify(_ samples: [UInt8], width: Int, height: Int, radius: Int, floor: Float, deviations: Float) -> [UInt8] {
    // Sums wrap around at 2^32; differences over one window stay exact because a window's sum is smaller than that.
    let stride = width + 1
    var sums = [UInt32](repeating: 0, count: stride * (height + 1))
    var squares = sums
    var classes = [UInt8](repeating: 0, count: width * height)
    samples.withUnsafeBufferPointer { samples in
      sums.withUnsafeMutableBufferPointer { sums in
        squares.withUnsafeMutableBufferPointer { squares in
          for y in 0..<height {
            var (row, rowSquares): (UInt32, UInt32) = (0, 0)
            for x in 0..<width {
              let value = UInt32(samples[y * width + x])
              row &+= value
              rowSquares &+= value &* value
              sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] &+ row
              squares[(y + 1) * stride + x + 1] = squares[y * stride + x + 1] &+ rowSquares
            }
          }
        }
      }
      classes.withUnsafeMutableBufferPointer { classes in
        sums.withUnsafeBufferPointer { sums in
          squares.withUnsafeBufferPointer { squares in
            for y in 0..<height {
              let (top, bottom) = (max(0, y - radius) * stride, min(height, y + radius + 1) * stride)
              let rows = min(height, y + radius + 1) - max(0, y - radius)
              for x in 0..<width {
                let (left, right) = (max(0, x - radius), min(width, x + radius + 1))
                let count = Float(rows * (right - left))
                let sum = sums[bottom + right] &- sums[bottom + left] &- sums[top + right] &+ sums[top + left]
                let square = squares[bottom + right] &- squares[bottom + left] &- squares[top + right] &+ squares[top + left]
                let mean = Float(sum) / count
                let variance = max(0, Float(square) / count - mean * mean)
                let step = max(floor, deviations * variance.squareRoot())
                let value = Float(samples[y * width + x])
                classes[y * width + x] = value > mean + step ? 1 : value < mean - step ? 2 : 0
              }
            }
          }
        }
      }
    }
    return classes
  }

  private static func label(_ classes: [UInt8], of wanted: UInt8, samples: [UInt8], width: Int, height: Int) -> [Component] {
    struct Run {
      var left: Int32
      var right: Int32
      var parent: Int32
    }
    var runs: [Run] = []
    runs.reserveCapacity(width * height / 16)
    var components: [Component] = []
    var owner: [Int32] = []
    var rowOfRun: [Int32] = []
    classes.withUnsafeBufferPointer { classes in
      func root(_ run: Int) -> Int {
        var run = run
        while Int(runs[run].parent) != run {
          runs[run].parent = runs[Int(runs[run].parent)].parent
          run = Int(runs[run].parent)
        }
        return run
      }
      var previous = 0..<0
      for y in 0..<height {
        let first = runs.count
        var above = previous.lowerBound
        var x = 0
        while x < width {
          guard classes[y * width + x] == wanted else {
            x += 1
            continue
          }
          let left = x
          while x < width, classes[y * width + x] == wanted { x += 1 }
          let index = runs.count
          runs.append(Run(left: Int32(left), right: Int32(x), parent: Int32(index)))
          rowOfRun.append(Int32(y))
          // Eight neighbours: runs that touch at a corner belong together.
          while above < previous.upperBound, Int(runs[above].right) < left { above += 1 }
          var touching = above
          while touching < previous.upperBound, Int(runs[touching].left) <= x {
            let (a, b) = (root(index), root(touching))
            if a != b { runs[max(a, b)].parent = Int32(min(a, b)) }
            touching += 1
          }
        }
        previous = first..<runs.count
      }
      owner = [Int32](repeating: -1, count: runs.count)
      for index in runs.indices {
        let top = root(index)
        let (left, right, y) = (Int(runs[index].left), Int(runs[index].right), Int(rowOfRun[index]))
        var sum = 0
        for x in left..<right { sum += Int(samples[y * width + x]) }
        if owner[top] < 0 {
          owner[top] = Int32(components.count)
          components.append(Component(left: left, top: y, right: right, bottom: y + 1, area: right - left, runs: 1, sum: sum))
        } else {
          let place = Int(owner[top])
          components[place].left = min(components[place].left, left)
          components[place].right = max(components[place].right, right)
          components[place].bottom = max(components[place].bottom, y + 1)
          components[place].area += right - left
          components[place].runs += 1
          components[place].sum += sum
        }
      }
    }
    return components
  }
}
