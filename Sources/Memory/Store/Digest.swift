import Foundation
import GRDB

/// FNV-1a with 64 bits (Fowler, Noll, Vo) over typed values. Tells runs apart; no protection against someone who wants them to collide.
struct Digest {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The digest of some bytes alone.
  static func of(_ data: Data) -> String {
    var digest = Digest()
    digest.add(data)
    return digest.text
  }

  mutating func add(_ value: DatabaseValue) {
    switch value.storage {
    case .null: add([0], kind: 0)
    case .int64(let number): withUnsafeBytes(of: number.littleEndian) { add($0, kind: 1) }
    case .double(let number): withUnsafeBytes(of: number.bitPattern.littleEndian) { add($0, kind: 2) }
    case .string(let text): add(text.utf8, kind: 3)
    case .blob(let data): add(data, kind: 4)
    }
  }

  mutating func add(_ data: Data) { add(data, kind: 4) }

  private mutating func add(_ bytes: some Collection<UInt8>, kind: UInt8) {
    mix(kind)
    withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { for byte in $0 { mix(byte) } }
    for byte in bytes { mix(byte) }
  }

  private mutating func mix(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
}
