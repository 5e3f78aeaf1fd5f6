import CFFmpeg

/// How a coded picture is turned and mirrored to stand upright. Display matrices of other angles count as the nearest right one.
struct Orientation: Equatable {
  /// Rows become columns.
  var swapsAxes = false
  /// The upright picture's columns run against the coded axis they come from.
  var flipsColumns = false
  var flipsRows = false

  static let upright = Orientation()

  init() {}

  /// *Source* libavutil/display.h: (x, y) = (a p + c q, b p + d q) for the coded position (p, q).
  init(matrix: UnsafePointer<Int32>?) {
    guard let matrix else { return }
    let (a, b, c, d) = (Int64(matrix[0]), Int64(matrix[1]), Int64(matrix[3]), Int64(matrix[4]))
    swapsAxes = abs(b) + abs(c) > abs(a) + abs(d)
    flipsColumns = (swapsAxes ? c : a) < 0
    flipsRows = (swapsAxes ? b : d) < 0
  }

  var isMirrored: Bool { swapsAxes == (flipsColumns == flipsRows) }

  /// Clockwise, after any mirroring left to right.
  var degrees: Int {
    switch (swapsAxes, flipsRows) {
    case (false, false): 0
    case (false, true): 180
    case (true, false): isMirrored ? 270 : 90
    case (true, true): isMirrored ? 90 : 270
    }
  }
}
