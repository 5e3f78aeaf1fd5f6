import Core
import Foundation

/// Finds when each token was said from where the decoder was listening as it wrote it.
///
/// *Source*: Whisper's `find_alignment` (openai/whisper, timing.py): attention of chosen heads, made comparable over tokens, smoothed by a
/// median, then dynamic time warping (Sakoe and Chiba 1978).
enum WhisperAlignment {
  /// - Parameters:
  ///   - scores: `[heads, rows, positions]` raw attention; overwritten.
  ///   - heard: positions that hold sound; those after it are not looked at.
  ///   - skipped: rows of the prompt before the row that wrote the first token.
  /// - Returns: for each row after those skipped, the position at which it begins.
  static func starts(
    _ scores: UnsafeMutablePointer<Float>, heads: Int, rows: Int, positions: Int, heard: Int, skipped: Int
  ) -> [Int] {
    let width = min(heard, positions)
    let tokens = rows - skipped
    guard width > 0, tokens > 0 else { return [] }
    var mean = [Float](repeating: 0, count: tokens * width)
    var smooth = [Float](repeating: 0, count: width)
    for head in 0..<heads {
      let base = scores + head * rows * positions
      Kernels.softmax(base, rows: rows, width: width, stride: positions)
      standardize(base, rows: rows, width: width, stride: positions)
      for token in 0..<tokens {
        median7(base + (skipped + token) * positions, count: width, to: &smooth)
        mean.withUnsafeMutableBufferPointer { Kernels.add($0.baseAddress! + token * width, smooth, count: width) }
      }
    }
    return warp(mean, rows: tokens, columns: width)
  }

  /// Each column becomes its distance from the column's mean over the rows, in standard deviations.
  private static func standardize(_ x: UnsafeMutablePointer<Float>, rows: Int, width: Int, stride: Int) {
    var sum = [Float](repeating: 0, count: width)
    var squares = [Float](repeating: 0, count: width)
    for row in 0..<rows { for i in 0..<width { sum[i] += x[row * stride + i] } }
    for i in 0..<width { sum[i] /= Float(rows) }
    for row in 0..<rows {
      for i in 0..<width {
        let d = x[row * stride + i] - sum[i]
        squares[i] += d * d
      }
    }
    for i in 0..<width {
      let deviation = (squares[i] / Float(rows)).squareRoot()
      squares[i] = deviation > 0 ? 1 / deviation : 0
    }
    for row in 0..<rows { for i in 0..<width { x[row * stride + i] = (x[row * stride + i] - sum[i]) * squares[i] } }
  }

  /// The median of each number and its three neighbours on either side, mirrored at the ends.
  private static func median7(_ x: UnsafePointer<Float>, count: Int, to y: inout [Float]) {
    guard count > 3 else {
      for i in 0..<count { y[i] = x[i] }
      return
    }
    for i in 0..<count {
      var w = (Float(0), Float(0), Float(0), Float(0), Float(0), Float(0), Float(0))
      func at(_ k: Int) -> Float {
        let j = abs(i + k)
        return x[j < count ? j : 2 * (count - 1) - j]
      }
      w = (at(-3), at(-2), at(-1), at(0), at(1), at(2), at(3))
      @inline(__always) func order(_ a: inout Float, _ b: inout Float) {
        let (low, high) = a < b ? (a, b) : (b, a)
        a = low
        b = high
      }
      // A sorting network cut down to what the middle needs. Source: Devillard 1998, "Fast median search".
      order(&w.0, &w.5)
      order(&w.0, &w.3)
      order(&w.1, &w.6)
      order(&w.2, &w.4)
      order(&w.0, &w.1)
      order(&w.3, &w.5)
      order(&w.2, &w.6)
      order(&w.2, &w.3)
      order(&w.3, &w.6)
      order(&w.4, &w.5)
      order(&w.1, &w.4)
      order(&w.1, &w.3)
      order(&w.3, &w.4)
      y[i] = w.3
    }
  }

  /// The path from corner to corner with the largest sum, by steps down, right, or both. *Shape* `gain`: `[rows, columns]`.
  ///
  /// - Returns: the first column of each row on the path.
  static func warp(_ gain: [Float], rows: Int, columns: Int) -> [Int] {
    var previous = [Float](repeating: -.infinity, count: columns + 1)
    var current = previous
    var steps = [UInt8](repeating: 0, count: rows * columns)  // 0 both, 1 down, 2 right
    previous[0] = 0
    for row in 0..<rows {
      current[0] = -.infinity
      for column in 0..<columns {
        let (both, down, right) = (previous[column], previous[column + 1], current[column])
        var (best, step) = (both, UInt8(0))
        if down > best { (best, step) = (down, 1) }
        if right > best { (best, step) = (right, 2) }
        current[column + 1] = gain[row * columns + column] + best
        steps[row * columns + column] = step
      }
      swap(&previous, &current)
    }
    var starts = [Int](repeating: 0, count: rows)
    var (row, column) = (rows - 1, columns - 1)
    while row >= 0, column >= 0 {
      starts[row] = column
      switch steps[row * columns + column] {
      case 0: (row, column) = (row - 1, column - 1)
      case 1: row -= 1
      default: column -= 1
      }
    }
    return starts
  }
}
