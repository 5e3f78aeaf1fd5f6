/// One press of a key, whatever bytes the terminal sends for it.
enum Key: Equatable {
  case character(Character)
  case enter, tab, backspace, delete
  case left, right, wordLeft, wordRight, home, end, up, down
  /// A control letter that is none of the above, in lower case: `c` for Ctrl-C.
  case control(Character)
  case unknown
}

/// Turns the bytes of a terminal into keys, one byte at a time.
///
/// *Source* ECMA-48 section 5.4 for the shape of control sequences; the keys are those of xterm's and the Linux console's manuals.
struct KeyDecoder {
  private enum State {
    case plain
    case escaped
    case sequence([UInt8])
    case utf8([UInt8], expected: Int)
  }

  private var state = State.plain

  /// The key a byte completes; nil when more bytes are needed.
  mutating func feed(_ byte: UInt8) -> Key? {
    switch state {
    case .plain: return plain(byte)
    case .escaped:
      state = .plain
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "O"):
        state = .sequence([])
        return nil
      case UInt8(ascii: "b"): return .wordLeft
      case UInt8(ascii: "f"): return .wordRight
      default: return .unknown
      }
    case .sequence(let bytes):
      guard (0x40...0x7E).contains(byte) || bytes.count > 16 else {
        state = .sequence(bytes + [byte])
        return nil
      }
      state = .plain
      return Self.key(final: byte, parameters: String(decoding: bytes, as: UTF8.self))
    case .utf8(let bytes, let expected):
      guard byte & 0xC0 == 0x80 else {
        state = .plain
        return plain(byte)
      }
      let all = bytes + [byte]
      guard all.count == expected else {
        state = .utf8(all, expected: expected)
        return nil
      }
      state = .plain
      return String(validating: all, as: UTF8.self)?.first.map(Key.character) ?? .unknown
    }
  }

  private mutating func plain(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x1B:
      state = .escaped
      return nil
    case 0x0D, 0x0A: return .enter
    case 0x09: return .tab
    case 0x7F, 0x08: return .backspace
    case 0x00..<0x20: return .control(Character(Unicode.Scalar(byte + 0x60)))
    case 0x20..<0x7F: return .character(Character(Unicode.Scalar(byte)))
    case 0xC2..<0xE0: state = .utf8([byte], expected: 2)
    case 0xE0..<0xF0: state = .utf8([byte], expected: 3)
    case 0xF0..<0xF5: state = .utf8([byte], expected: 4)
    default: return .unknown
    }
    return nil
  }

  private static func key(final: UInt8, parameters: String) -> Key {
    let modified = parameters.hasSuffix(";5") || parameters.hasSuffix(";3")
    switch (Character(Unicode.Scalar(final)), parameters) {
    case ("A", _): return .up
    case ("B", _): return .down
    case ("C", _): return modified ? .wordRight : .right
    case ("D", _): return modified ? .wordLeft : .left
    case ("H", _), ("~", "1"), ("~", "7"): return .home
    case ("F", _), ("~", "4"), ("~", "8"): return .end
    case ("~", "3"): return .delete
    default: return .unknown
    }
  }
}
