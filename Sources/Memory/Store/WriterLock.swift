import Core
import Foundation

/// The right to write a memory: held by one store at a time, over all processes, and given up with the process whatever ends it.
final class WriterLock: Sendable {
  private let descriptor: Int32

  /// *Throws* `unavailable` when another store has it, or the folder cannot be written.
  init(_ folder: MemoryFolder) throws {
    descriptor = Foundation.open(folder.lock.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw MemoryError(.unavailable, "cannot write in the memory \(folder.path): \(reason); check its permissions and the disk")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      Foundation.close(descriptor)
      throw MemoryError(
        .unavailable, "the memory \(folder.path) is being written by another process; wait for it to end or use another memory")
    }
  }

  /// Whether some store has the right to write now.
  static func isHeld(_ folder: MemoryFolder) throws -> Bool {
    let descriptor = Foundation.open(folder.lock.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { Foundation.close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  deinit { Foundation.close(descriptor) }
}
