import Core

/// What went wrong while remembering or recalling.
package struct MemoryError: Failure, Equatable {
  package var code: FailureCode
  package var message: String

  package init(_ code: FailureCode, _ message: String) {
    self.code = code
    self.message = message
  }
}
