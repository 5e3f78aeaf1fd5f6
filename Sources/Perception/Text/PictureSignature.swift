import Core
import Foundation

/// A picture as 64 × 36 mean greys: enough to tell whether anything readable may have changed, small enough for a checkpoint.
///
/// Means over cells, not single pixels, so that the noise of a sensor or of compression averages out while one changed digit stays.
struct PictureSignature: Codable, Equatable {
  static let columns = 64
  static let rows = 36

  /// *Shape* `[36, 64]`, row-major.
  private var cells: Data

  private enum CodingKeys: String, CodingKey { case cells }

  /// - Parameter picture: its first plane is looked at.
  init(_ picture: Picture) {
    var cells = [UInt8](repeating: 0, count: Self.columns * Self.rows)
    picture.samples.withUnsafeBufferPointer { samples in
      for row in 0..<Self.rows {
        let top = row * picture.height / Self.rows
        let bottom = max(top + 1, (row + 1) * picture.height / Self.rows)
        for column in 0..<Self.columns {
          let left = column * picture.width / Self.columns
          let right = max(left + 1, (column + 1) * picture.width / Self.columns)
          var sum = 0
          for y in top..<bottom { for x in left..<right { sum += Int(samples[y * picture.width + x]) } }
          cells[row * Self.columns + column] = UInt8(sum / ((bottom - top) * (right - left)))
        }
      }
    }
    self.cells = Data(cells)
  }

  /// Whether each cell differs by at least `contrast` grey levels once the picture as a whole is as bright as the other.
  func changed(from other: PictureSignature, by contrast: Int) -> [Bool] {
    let steps = zip(cells, other.cells).map { Int($0) - Int($1) }
    let shift = steps.sorted()[steps.count / 2]
    return steps.map { abs($0 - shift) >= contrast }
  }

  /// This signature with every cell nearer to the other's by at most `step` grey levels.
  func moved(towards other: PictureSignature, by step: Int) -> PictureSignature {
    var moved = self
    moved.cells = Data(zip(cells, other.cells).map { UInt8(clamping: Int($0) + min(max(Int($1) - Int($0), -step), step)) })
    return moved
  }

  /// *Throws* `DecodingError` when the cells are not as many as they must be.
  init(from decoder: any Decoder) throws {
    cells = try decoder.container(keyedBy: CodingKeys.self).decode(Data.self, forKey: .cells)
    guard cells.count == Self.columns * Self.rows else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(cells.count) cells"))
    }
  }

  struct Difference {
    /// The most one cell changed, grey levels.
    var largest: Int
    /// Share of cells that changed by at least the threshold asked about, 0...1.
    var share: Double
  }

  func difference(from other: PictureSignature, threshold: Int) -> Difference {
    var (largest, changed) = (0, 0)
    for (a, b) in zip(cells, other.cells) {
      let step = abs(Int(a) - Int(b))
      largest = max(largest, step)
      if step >= threshold { changed += 1 }
    }
    return Difference(largest: largest, share: Double(changed) / Double(Self.columns * Self.rows))
  }
}
