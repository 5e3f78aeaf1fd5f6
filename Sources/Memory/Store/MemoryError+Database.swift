import Core
import GRDB

extension MemoryError {
  /// What an error of the database asks of the caller; one of ours passes as it is.
  ///
  /// - Parameter action: what was being done, to begin the message with: "remembering in /path".
  init(_ error: any Error, while action: String) {
    if let known = error as? MemoryError {
      self = known
      return
    }
    guard let error = error as? DatabaseError else {
      let isDamage = error is RowDecodingError || error is DecodingError
      self.init(isDamage ? .corruptInput : .unavailable, "\(action): \(isDamage ? "a row does not have the form it should" : error.reason)")
      return
    }
    let reason = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_FULL: self.init(.unavailable, "\(action): the disk is full; make room and try again")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(.corruptInput, "\(action): memory.sqlite is damaged (\(reason)); restore it from a copy")
    case .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT, .SQLITE_RANGE:
      self.init(.corruptInput, "\(action): memory.sqlite is not as it should be (\(reason)); see `memory verify`")
    default: self.init(.unavailable, "\(action): \(reason); check the disk and the permissions")
    }
  }

  /// Runs `body`, turning what it throws into a `MemoryError`.
  static func wrapping<T>(_ action: String, _ body: () throws -> T) throws -> T {
    do { return try body() } catch { throw MemoryError(error, while: action) }
  }
}
