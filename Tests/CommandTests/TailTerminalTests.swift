import Foundation
import Testing

/// A terminal that a test types at and looks at.
final class PseudoTerminal: Sendable {
  private let master: Int32
  let line: FileHandle

  init(columns: UInt16) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    // TIOCSPTLCK and TIOCGPTN of Linux, which Glibc's module does not name.
    var (isLocked, number) = (Int32(0), UInt32(0))
    guard master >= 0, ioctl(master, 0x4004_5431, &isLocked) == 0, ioctl(master, 0x8004_5430, &number) == 0,
      let line = FileHandle(forUpdatingAtPath: "/dev/pts/\(number)")
    else { throw Command.Failed(description: "no terminal: \(String(cString: strerror(errno)))") }
    self.line = line
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    resize(columns: columns)
  }

  deinit { close(master) }

  func resize(columns: UInt16) {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func type(_ text: String) { _ = write(master, Array(text.utf8), text.utf8.count) }

  /// What was written since the last time.
  func written() -> String {
    var (bytes, block) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while case let count = read(master, &block, block.count), count > 0 { bytes += block[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Everything written until `text` is among it, for a minute at most.
  func wait(for text: String) async throws -> String? {
    var all = ""
    for _ in 0..<1200 {
      all += written()
      if all.contains(text) { return all }
      try await Task.sleep(for: .milliseconds(50))
    }
    return nil
  }

  /// Whether the terminal edits and echoes lines itself.
  var isCooked: Bool {
    var settings = termios()
    tcgetattr(line.fileDescriptor, &settings)
    return settings.c_lflag & tcflag_t(ICANON) != 0 && settings.c_lflag & tcflag_t(ECHO) != 0
  }
}

@Suite("A tail at a terminal", .serialized)
struct TailTerminalTests {
  @Test("a status line and a prompt stay below the feed, a question is edited and answered, and the terminal is given back")
  func everything() async throws {
    let folder = try TemporaryFolder()
    let terminal = try PseudoTerminal(columns: 100)
    let tail = try Command.start(
      ["tail", TailTests.pattern, "--memory", folder.path("m.memory"), "--name", "pattern"],
      environment: ["TERM": "xterm", "XDG_STATE_HOME": folder.path("state")], input: terminal.line, output: terminal.line,
      errors: terminal.line)
    defer { tail.terminate() }
    #expect(try await terminal.wait(for: "scene") != nil)
    #expect(try await terminal.wait(for: " frames") != nil)
    #expect(!terminal.isCooked)
    terminal.type("how lonk\u{7F}g is it?")
    #expect(try await terminal.wait(for: "> how long is it?\r\u{1B}[") != nil)
    terminal.type("\r")
    #expect(try await terminal.wait(for: "[1] pattern") != nil)
    terminal.resize(columns: 40)
    kill(tail.processIdentifier, SIGWINCH)
    _ = terminal.written()
    let narrow = try #require(try await terminal.wait(for: "pattern  0:"))
    #expect(!narrow.isEmpty)
    let began = ContinuousClock.now
    kill(tail.processIdentifier, SIGINT)
    tail.waitUntilExit()
    #expect(ContinuousClock.now - began < .seconds(2))
    #expect(tail.terminationStatus == 130)
    #expect(terminal.isCooked)
    #expect(terminal.written().contains("\u{1B}[J"), "the footer is taken away")
  }
}
