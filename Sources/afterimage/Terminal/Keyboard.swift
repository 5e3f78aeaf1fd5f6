import Core
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The keyboard of a terminal, key by key, or standard input line by line.
///
/// *Isolation* its own queue, which waits for the next byte.
actor Keyboard {
  private let executor = QueueExecutor("afterimage.keyboard")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private var decoder = KeyDecoder()
  private var saved: termios?
  private var buffered: [UInt8] = []

  /// Takes keys as they are pressed, without the terminal's own echo and editing.
  func begin() {
    var settings = termios()
    guard saved == nil, tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
    saved = settings
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
    withUnsafeMutableBytes(of: &settings.c_cc) {
      $0[Int(VMIN)] = 1
      $0[Int(VTIME)] = 0
    }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
  }

  /// Gives the terminal back as it was.
  func end() {
    guard var settings = saved else { return }
    saved = nil
    tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
  }

  /// The next key; nil at the end of input.
  func next() -> Key? {
    while let byte = byte() {
      if let key = decoder.feed(byte) { return key }
    }
    return nil
  }

  /// The next line, for an input that is not a terminal; nil at its end.
  func line() -> String? {
    var bytes: [UInt8] = []
    while let byte = byte() {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  private func byte() -> UInt8? {
    if buffered.isEmpty {
      var block = [UInt8](repeating: 0, count: 512)
      while true {
        let count = read(STDIN_FILENO, &block, block.count)
        if count > 0 {
          buffered = block[..<count].reversed()
          break
        }
        if count == 0 || errno != EINTR { return nil }
      }
    }
    return buffered.popLast()
  }
}
