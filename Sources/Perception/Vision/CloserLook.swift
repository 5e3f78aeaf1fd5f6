import Core
import Foundation

/// What is looked at by itself in a picture that stands still otherwise, and what is unusual about it in this stream.
///
/// A classifier names the whole picture; a dog that crosses a lawn is too small to be named with it. The square around what changed is
/// classified too. Names that the squares of this stream get again and again (people on a distant path are "ski" to it) say little: of a
/// name's probability only what exceeds twice its mean so far counts.
struct CloserLook: Codable, Equatable {
  private var background = StillBackground()
  /// Mean probabilities of the squares looked at, as 32-bit floats; empty before the first.
  private var usual = Data()
  private var count = 0

  /// Squares that must have been looked at before one can be told from the usual.
  private static let fewest = 8
  /// The mean is over about as many as this at most.
  private static let most = 512
  /// How far above its mean a probability must be to count.
  private static let excess: Float = 2

  mutating func square(in picture: Picture) -> StillBackground.Square? { background.change(in: picture) }

  /// Takes in what a square was classified as.
  ///
  /// - Returns: the part of the probabilities that is unusual; they sum to less than 1.
  mutating func unusual(_ probabilities: [Float]) -> [Float] {
    var means = usual.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    if means.count != probabilities.count { (means, count) = ([Float](repeating: 0, count: probabilities.count), 0) }
    let isKnown = count >= Self.fewest
    let part = zip(probabilities, means).map { isKnown ? max(0, $0 - Self.excess * $1) : 0 }
    count = min(max(count, 0) + 1, Self.most)
    let share = 1 / Float(count)
    means = zip(means, probabilities).map { $0 + ($1 - $0) * share }
    usual = means.withUnsafeBytes { Data($0) }
    return part
  }

  /// A square of a picture at the size a classifier takes. Samples between samples are weighed linearly.
  static func cut(_ square: StillBackground.Square, from picture: Picture, side: Int) -> Picture {
    var samples = [UInt8](repeating: 0, count: picture.planes * side * side)
    let scale = Float(square.side) / Float(side)
    let steps = (0..<side).map { position -> (low: Int, high: Int, share: Float) in
      let at = min(max(0, (Float(position) + 0.5) * scale - 0.5), Float(square.side - 1))
      return (Int(at), min(Int(at) + 1, square.side - 1), at - at.rounded(.down))
    }
    picture.samples.withUnsafeBufferPointer { source in
      for plane in 0..<picture.planes {
        let base = plane * picture.width * picture.height
        for (y, row) in steps.enumerated() {
          let low = base + (square.top + row.low) * picture.width + square.left
          let high = base + (square.top + row.high) * picture.width + square.left
          for (x, column) in steps.enumerated() {
            let upper = Float(source[low + column.low]) * (1 - column.share) + Float(source[low + column.high]) * column.share
            let lower = Float(source[high + column.low]) * (1 - column.share) + Float(source[high + column.high]) * column.share
            samples[(plane * side + y) * side + x] = UInt8(upper * (1 - row.share) + lower * row.share + 0.5)
          }
        }
      }
    }
    return Picture(width: side, height: side, planes: picture.planes, samples: samples)
  }
}
