import Core
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The terminal's settings as they were before keys were taken one by one. Outside of the keyboard, which may be waiting for a key when
/// the process ends.
private let settingsBefore = Mutex<termios?>(nil)

/// The keyboard of a terminal, key by key, or standard input line by line.
///
/// *Isolation* its own queue, which waits for the next byte.
actor Keyboard {
  private let executor = QueueExecutor("afterimage.keyboard")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private var decoder = KeyDecoder()
  private var buffered: [UInt8] = []

  /// Takes keys as they are pressed, without the terminal's own echo and editing.
  ///
  /// - Parameter signals: whether Ctrl-C and Ctrl-Z stay signals instead of keys.
  nonisolated func begin(signals: Bool = false) {
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
    let before = settings
    let isFirst = settingsBefore.withLock {
      guard $0 == nil else { return false }
      $0 = before
      return true
    }
    guard isFirst else { return }
    settings.c_lflag &= ~tcflag_t(signals ? ICANON | ECHO | IEXTEN : ICANON | ECHO | ISIG | IEXTEN)
    settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
    withUnsafeMutableBytes(of: &settings.c_cc) {
      $0[Int(VMIN)] = 1
      $0[Int(VTIME)] = 0
    }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
  }

  /// Gives the terminal back as it was.
  nonisolated func end() { Self.giveBack() }

  /// The same for an end of the process in the middle of everything.
  static func giveBack() {
    let before = settingsBefore.withLock { settings in
      defer { settings = nil }
      return settings
    }
    guard var settings = before else { return }
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
