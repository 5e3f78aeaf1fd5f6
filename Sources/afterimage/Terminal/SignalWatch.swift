import Core

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The pipe through which a signal handler, which may do next to nothing, tells the program what arrived. Read end, write end.
private let wakePipe: [Int32] = {
  var ends: [Int32] = [-1, -1]
  _ = pipe(&ends)
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return ends
}()

/// Signals as values that a task can wait for.
///
/// *Isolation* its own queue, which waits on a pipe.
actor SignalWatch {
  private let executor = QueueExecutor("afterimage.signals")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// From now on these signals no longer end the process.
  init(_ signals: [Int32]) {
    guard wakePipe[1] >= 0 else { return }
    for number in signals {
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        let before = errno
        _ = write(wakePipe[1], &byte, 1)
        errno = before
      }
    }
  }

  /// The next signal that arrives; nil after `release()`.
  func next() -> Int32? {
    var byte: UInt8 = 0
    while true {
      let count = read(wakePipe[0], &byte, 1)
      if count == 1 { return byte == 0 ? nil : Int32(byte) }
      if count == 0 || errno != EINTR { return nil }
    }
  }

  /// Makes a waiting `next()` return nil.
  nonisolated func release() {
    var byte: UInt8 = 0
    _ = write(wakePipe[1], &byte, 1)
  }
}
