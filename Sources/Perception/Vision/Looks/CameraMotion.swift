import Foundation

/// How the camera moved between two samples: one shift or one change of scale that explains most of the picture, or nothing said.
///
/// Full search over the cells of the reduced picture, mean absolute difference, with the mean brightness taken out of both.
enum CameraMotion: String, Codable {
  case panLeft = "pans left"
  case panRight = "pans right"
  case tiltUp = "tilts up"
  case tiltDown = "tilts down"
  case zoomIn = "zooms in"
  case zoomOut = "zooms out"

  /// Grey levels by which the picture must have changed for there to be a motion to find.
  private static let least = 3.0
  /// The share of the change that must be gone when the motion is taken out.
  private static let explained = 0.5
  /// Cells moved at least.
  private static let shortest = 2

  static func between(_ before: GreyGrid, _ after: GreyGrid) -> CameraMotion? {
    guard before.width == after.width, before.height == after.height, after.width >= 16, after.height >= 16 else { return nil }
    let still = before.difference(to: after, dx: 0, dy: 0)
    guard still > least else { return nil }
    let (reachX, reachY) = (after.width * 3 / 10, after.height * 3 / 10)
    var best = (value: Double.infinity, dx: 0, dy: 0)
    var all: [(value: Double, dx: Int, dy: Int)] = []
    for dy in -reachY...reachY {
      for dx in -reachX...reachX {
        let value = before.difference(to: after, dx: dx, dy: dy)
        all.append((value, dx, dy))
        if value < best.value { best = (value, dx, dy) }
      }
    }
    var scaled = (value: Double.infinity, scale: 1.0)
    for scale in [0.8, 0.85, 0.9, 0.94, 1.06, 1.11, 1.18, 1.25] {
      let value = before.difference(to: after, scale: scale)
      if value < scaled.value { scaled = (value, scale) }
    }
    if scaled.value < explained * still, scaled.value < 0.8 * best.value { return scaled.scale > 1 ? .zoomIn : .zoomOut }
    guard best.value < explained * still, best.value < scaled.value, max(abs(best.dx), abs(best.dy)) >= shortest else { return nil }
    // What fits best at the edge of the search may fit better beyond it; a repeated pattern or a flat picture fits in many places.
    guard abs(best.dx) < reachX, abs(best.dy) < reachY else { return nil }
    let rival = all.lazy.filter { abs($0.dx - best.dx) > 3 || abs($0.dy - best.dy) > 3 }.map(\.value).min() ?? .infinity
    guard best.value < 0.8 * rival else { return nil }
    if abs(best.dx) >= 2 * abs(best.dy) { return best.dx > 0 ? .panLeft : .panRight }
    if abs(best.dy) >= 2 * abs(best.dx) { return best.dy > 0 ? .tiltUp : .tiltDown }
    return nil
  }
}

/// The greys of a reduced picture.
struct GreyGrid: Codable, Equatable {
  let width: Int
  let height: Int
  /// *Shape* `[height, width]`.
  private let greys: [UInt8]
  /// The same less their mean.
  private let cells: [Int16]

  init(_ grid: ColourGrid) { self.init(width: grid.width, height: grid.height, greys: grid.greys) }

  private init(width: Int, height: Int, greys: [UInt8]) {
    (self.width, self.height, self.greys) = (width, height, greys)
    let mean = Int16(greys.reduce(0) { $0 + Int($1) } / max(1, greys.count))
    cells = greys.map { Int16($0) - mean }
  }

  private enum CodingKeys: String, CodingKey { case width, height, greys }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(width, forKey: .width)
    try container.encode(height, forKey: .height)
    try container.encode(Data(greys), forKey: .greys)
  }

  /// *Throws* `DecodingError` when the cells are not as many as they must be.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let (width, height) = (try container.decode(Int.self, forKey: .width), try container.decode(Int.self, forKey: .height))
    let greys = [UInt8](try container.decode(Data.self, forKey: .greys))
    guard (1...1000).contains(width), (1...1000).contains(height), greys.count == width * height else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(greys.count) cells"))
    }
    self.init(width: width, height: height, greys: greys)
  }

  /// Mean difference of what both show when the content moved by so many cells.
  func difference(to other: GreyGrid, dx: Int, dy: Int) -> Double {
    let (columns, rows) = (width - abs(dx), height - abs(dy))
    var sum = 0
    cells.withUnsafeBufferPointer { from in
      other.cells.withUnsafeBufferPointer { to in
        for row in 0..<rows {
          let old = (row + max(0, -dy)) * width + max(0, -dx)
          let new = (row + max(0, dy)) * width + max(0, dx)
          var line: Int32 = 0
          for column in 0..<columns { line &+= Int32(abs(from[old &+ column] &- to[new &+ column])) }
          sum += Int(line)
        }
      }
    }
    return Double(sum) / Double(max(1, columns * rows))
  }

  /// The same when the content grew about the middle by a scale.
  func difference(to other: GreyGrid, scale: Double) -> Double {
    var (sum, count) = (0, 0)
    let (middleX, middleY) = (Double(width - 1) / 2, Double(height - 1) / 2)
    for row in 0..<height {
      let y = Int(((Double(row) - middleY) / scale + middleY).rounded())
      guard y >= 0, y < height else { continue }
      for column in 0..<width {
        let x = Int(((Double(column) - middleX) / scale + middleX).rounded())
        guard x >= 0, x < width else { continue }
        sum += Int(abs(other.cells[row * width + column] - cells[y * width + x]))
        count += 1
      }
    }
    return Double(sum) / Double(max(1, count))
  }

  /// Pearson's correlation of the cells; 0 for a flat one.
  func correlation(with other: GreyGrid) -> Double {
    guard width == other.width, height == other.height else { return 0 }
    var (ab, aa, bb) = (0, 0, 0)
    for (a, b) in zip(cells, other.cells) {
      ab += Int(a) * Int(b)
      aa += Int(a) * Int(a)
      bb += Int(b) * Int(b)
    }
    return aa > 0 && bb > 0 ? Double(ab) / (Double(aa) * Double(bb)).squareRoot() : 0
  }
}
