import Core

/// A picture as cells, at most 80 a side: the mean grey of each, its colour term, and how far it is from grey.
struct ColourGrid {
  let width: Int
  let height: Int
  /// *Shape* `[height, width]`, 0...255.
  let greys: [UInt8]
  /// `BasicColour.rawValue`, or `BasicColour.none`.
  let colours: [UInt8]
  /// Mean over the cells of the largest less the smallest of red, green and blue, 0...255.
  let colourfulness: Double

  private static let side = 80

  /// - Parameter picture: red, green and blue.
  init(_ picture: Picture) {
    let step = max(1, (max(picture.width, picture.height) + Self.side - 1) / Self.side)
    let (width, height) = (max(1, picture.width / step), max(1, picture.height / step))
    var greys = [UInt8](repeating: 0, count: width * height)
    var colours = greys
    var spread = 0
    let (area, plane, table) = (step * step, picture.width * picture.height, BasicColour.table)
    picture.samples.withUnsafeBufferPointer { samples in
      for row in 0..<height {
        for column in 0..<width {
          var (red, green, blue) = (0, 0, 0)
          for y in row * step..<min((row + 1) * step, picture.height) {
            var at = y * picture.width + column * step
            for _ in 0..<min(step, picture.width - column * step) {
              red += Int(samples[at])
              green += Int(samples[plane + at])
              blue += Int(samples[2 * plane + at])
              at += 1
            }
          }
          (red, green, blue) = (min(255, red / area), min(255, green / area), min(255, blue / area))
          greys[row * width + column] = UInt8((77 * red + 150 * green + 29 * blue) >> 8)
          colours[row * width + column] = table[BasicColour.place(red: UInt8(red), green: UInt8(green), blue: UInt8(blue))]
          spread += max(red, green, blue) - min(red, green, blue)
        }
      }
    }
    (self.width, self.height, self.greys, self.colours) = (width, height, greys, colours)
    colourfulness = Double(spread) / Double(width * height)
  }

  var brightness: Double { Double(greys.reduce(0) { $0 + Int($1) }) / Double(greys.count) }

  /// The share of cells darker than a grey.
  func share(below grey: UInt8) -> Double { Double(greys.count { $0 < grey }) / Double(greys.count) }

  /// The share of each colour term, `none` last.
  func shares(in cells: some Collection<Int>) -> [Double] {
    var counts = [Double](repeating: 0, count: Int(BasicColour.none) + 1)
    for cell in cells { counts[Int(colours[cell])] += 1 }
    return counts.map { $0 / Double(max(1, cells.count)) }
  }

  var shares: [Double] { shares(in: colours.indices) }

  /// How far the cells of a colour lie from their middle, as a share of the picture's longer side.
  func spread(of colour: BasicColour) -> Double {
    var (count, x, y, xx, yy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (cell, own) in colours.enumerated() where own == colour.rawValue {
      let (column, row) = (Double(cell % width), Double(cell / width))
      count += 1
      x += column
      y += row
      xx += column * column
      yy += row * row
    }
    guard count > 0 else { return 0 }
    let variance = xx / count - (x / count) * (x / count) + yy / count - (y / count) * (y / count)
    return max(0, variance).squareRoot() / Double(max(width, height))
  }

  /// The cells under those of a classifier's grid in which a class scores more than half as much as at most.
  ///
  /// - Parameter scores: row by row over the square that the classifier saw: the middle of the picture, 7/8 of its shorter side.
  func cells(where scores: [Float], columns: Int) -> [Int] {
    guard let most = scores.max(), most > 0, columns > 0 else { return [] }
    let side = Double(min(width, height)) * 224 / 256
    let (left, top) = ((Double(width) - side) / 2, (Double(height) - side) / 2)
    let rows = scores.count / columns
    return greys.indices.filter { cell in
      let x = Int(((Double(cell % width) + 0.5 - left) / side * Double(columns)).rounded(.down))
      let y = Int(((Double(cell / width) + 0.5 - top) / side * Double(rows)).rounded(.down))
      return (0..<columns).contains(x) && (0..<rows).contains(y) && scores[y * columns + x] > 0.5 * most
    }
  }
}
