import Core

/// What stands still in a stream's picture, and where something is that does not belong to it.
///
/// A grey per cell follows the picture by a small step at a time, so that what passes leaves no trace and what stays becomes part of it: an
/// approximation of the median over time. *Source* sigma-delta background estimation: Manzanera and Richefeu 2007, "A new motion detection
/// algorithm based on Σ-Δ background estimation", section 2.1.
struct StillBackground: Codable, Equatable {
  /// *Shape* `[36, 64]`, row-major; nil before the first picture.
  private var cells: PictureSignature?
  /// Samples since the whole picture changed.
  private var still = 0

  /// Grey levels by which the background follows in one sample.
  private static let step = 2
  /// Grey levels by which a cell must differ, the picture's brightness left out.
  private static let contrast = 14
  /// Share of cells from which on it is the whole picture that changed: a cut, or a camera that moves.
  private static let whole = 0.25
  /// Samples a picture must have stood still for.
  private static let patience = 8
  /// Fewest cells of something worth a look: what is smaller is not recognised anyway.
  private static let smallest = 18
  /// How much more than the changed cells is looked at, and the least, as a share of the picture's width.
  private static let margin = 1.3
  private static let narrowest = 9.0 / 64

  /// A square, in samples of the picture.
  struct Square: Equatable {
    var left, top, side: Int
  }

  /// Takes in the next picture.
  ///
  /// - Returns: the square around the largest thing that was not there before, when the rest stands still.
  mutating func change(in picture: Picture) -> Square? {
    let seen = PictureSignature(picture)
    guard let before = cells else {
      cells = seen
      return nil
    }
    let changed = seen.changed(from: before, by: Self.contrast)
    let count = changed.count { $0 }
    guard Double(count) < Self.whole * Double(changed.count) else {
      (cells, still) = (seen, 0)
      return nil
    }
    cells = before.moved(towards: seen, by: Self.step)
    still = min(still + 1, Self.patience)
    guard still == Self.patience, count >= Self.smallest, let thing = Self.largest(of: changed) else { return nil }
    return Self.square(around: thing, in: picture)
  }

  /// The bounds of the largest thing, in cells. Cells belong together when at most one unchanged cell lies between them.
  private static func largest(of changed: [Bool]) -> (columns: Range<Int>, rows: Range<Int>)? {
    let (width, height) = (PictureSignature.columns, PictureSignature.rows)
    var isFree = changed
    var best: (count: Int, columns: Range<Int>, rows: Range<Int>)?
    for first in changed.indices where isFree[first] {
      isFree[first] = false
      var (open, count) = ([first], 0)
      var (columns, rows) = (first % width..<first % width + 1, first / width..<first / width + 1)
      while let cell = open.popLast() {
        count += 1
        let (x, y) = (cell % width, cell / width)
        columns = min(columns.lowerBound, x)..<max(columns.upperBound, x + 1)
        rows = min(rows.lowerBound, y)..<max(rows.upperBound, y + 1)
        for row in max(0, y - 2)...min(height - 1, y + 2) {
          for column in max(0, x - 2)...min(width - 1, x + 2) where isFree[row * width + column] {
            isFree[row * width + column] = false
            open.append(row * width + column)
          }
        }
      }
      if count > best?.count ?? 0 { best = (count, columns, rows) }
    }
    guard let best, best.count >= smallest else { return nil }
    return (best.columns, best.rows)
  }

  private static func square(around thing: (columns: Range<Int>, rows: Range<Int>), in picture: Picture) -> Square {
    let cell = (
      width: Double(picture.width) / Double(PictureSignature.columns), height: Double(picture.height) / Double(PictureSignature.rows)
    )
    let extent = max(Double(thing.columns.count) * cell.width, Double(thing.rows.count) * cell.height)
    let side = min(picture.width, picture.height, Int(max(margin * extent, narrowest * Double(picture.width))))
    func start(_ cells: Range<Int>, _ size: Double, _ whole: Int) -> Int {
      let middle = Double(cells.lowerBound + cells.upperBound) / 2 * size
      return min(max(0, Int(middle) - side / 2), whole - side)
    }
    return Square(left: start(thing.columns, cell.width, picture.width), top: start(thing.rows, cell.height, picture.height), side: side)
  }
}
