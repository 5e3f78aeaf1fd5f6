import Core
import Foundation

@testable import Neural

/// The stored reference outputs in Tests/NeuralTests/Goldens and the inputs they were made from.
enum Golden {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens")

  static func tensors(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(url: folder.appendingPathComponent(name + ".safetensors"))
  }

  /// The generated picture of `picture` in Goldens/golden.py.
  static func picture(seed: UInt64) -> Picture {
    let side = 224
    var numbers = SeededNumbers(seed: seed)
    var samples = [UInt8](repeating: 0, count: 3 * side * side)
    for plane in 0..<3 {
      var drawn: [Int] = []
      for limit: UInt64 in [9, 9, 9, 9, 300, 90] { drawn.append(Int(numbers.next() % limit)) }
      let (a, b, c, d, p, q) = (drawn[0], drawn[1], drawn[2], drawn[3], drawn[4] + 40, drawn[5] + 16)
      for y in 0..<side {
        for x in 0..<side {
          let first = abs((a * x + b * y) % p - p / 2) * 255 / p
          let second = abs((c * x + d * (side - 1 - y)) % q - q / 2) * 255 / q
          samples[(plane * side + y) * side + x] = UInt8(min(255, first + second + Int(numbers.next() % 24)))
        }
      }
    }
    for _ in 0..<12 {
      let r = (0..<7).map { _ in Int(numbers.next() % 256) }
      for plane in 0..<3 {
        for y in r[1] % side..<min(side, r[1] % side + r[3] / 4) {
          for x in r[0] % side..<min(side, r[0] % side + r[2] / 4) { samples[(plane * side + y) * side + x] = UInt8(r[4 + plane]) }
        }
      }
    }
    return Picture(width: side, height: side, planes: 3, samples: samples)
  }
}
