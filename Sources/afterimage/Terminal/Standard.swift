import Foundation
import Pipeline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The three streams of the process. Standard output is data; everything said to a person goes to standard error.
enum Standard {
  /// Writes a line of data.
  static func print(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Writes data as it is.
  static func write(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Says something to the person at the terminal, without credentials.
  static func say(_ line: String) { write("afterimage: \(PipelineError.redactingCredentials(in: line))\n", to: STDERR_FILENO) }

  /// Writes to standard error as it is: a progress bar, a prompt.
  static func show(_ text: String) { write(text, to: STDERR_FILENO) }

  static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether a status line can stand below what is written: standard error is a terminal that takes control sequences, in the foreground, and
  /// standard output is the same terminal or goes where nobody watches it. A pipe may end on the terminal too (`| tee`).
  static var hasScreen: Bool {
    guard errorIsTerminal, ProcessInfo.processInfo.environment["TERM"] ?? "dumb" != "dumb", !isInBackground else { return false }
    var status = stat()
    return outputIsTerminal || fstat(STDOUT_FILENO, &status) == 0 && [S_IFREG, S_IFCHR].contains(status.st_mode & S_IFMT)
  }

  /// Whether the terminal this began at has been closed: SIGHUP then means that it is over.
  static var terminalIsGone: Bool {
    var settings = termios()
    return beganAtTerminal && tcgetattr(STDIN_FILENO, &settings) != 0
  }
  private static let beganAtTerminal = inputIsTerminal

  /// Whether another job has the terminal: reading it would stop this one.
  static var isInBackground: Bool {
    let foreground = tcgetpgrp(STDIN_FILENO)
    return inputIsTerminal && foreground >= 0 && foreground != getpgrp()
  }

  /// Columns of the terminal; 80 where it does not say.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 || ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }

  /// Whether the locale shows more than ASCII.
  static let isUnicode: Bool = {
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8")
  }()

  /// Makes a closed pipe an error of the write instead of the end of the process.
  static func ignoreClosedPipes() {
    signal(SIGPIPE, SIG_IGN)
    _ = beganAtTerminal
  }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let written = bytes[done...].withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if written > 0 { done += written } else if errno != EINTR && errno != EAGAIN { return closed(descriptor) }
    }
  }

  /// Nobody reads our data any more (`| head`): there is nothing left to do. Nobody reading what we say is no reason to stop.
  private static func closed(_ descriptor: Int32) {
    guard descriptor == STDOUT_FILENO else { return }
    if errno == EPIPE { ExitStatus.closedPipe.leave() }
    let reason = String(cString: strerror(errno))
    write("afterimage: cannot write to standard output: \(reason)\n", to: STDERR_FILENO)
    ExitStatus.writing.leave()
  }

  private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }
}
