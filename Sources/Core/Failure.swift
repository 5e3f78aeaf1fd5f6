/// How the caller of a failed operation should react. Shared by the error type of every target.
package enum FailureCode: String, Sendable {
  /// There is no more input; not a fault.
  case endOfStream
  /// The component must be closed and opened again.
  case needsReset
  /// The input breaks its own format: skip the item, or give up on the source.
  case corruptInput
  /// Something outside is missing or refuses: a file, a device, a model, a permission, space on the disk.
  case unavailable
  /// The input asks for more than this program is willing to spend.
  case limitExceeded
  /// The user's configuration or arguments are wrong.
  case misconfigured
}

/// What every error type of ours can say about itself: the reaction it asks for, and one clear line for a person.
package protocol Failure: Error, CustomStringConvertible {
  var code: FailureCode { get }
  /// What was being done to what, what was wrong, and what to do; one line, no credentials.
  var message: String { get }
}

extension Failure {
  package var description: String { message }
}
