import Core

/// What went wrong while answering.
package struct ReasoningError: Failure, Equatable {
  package var code: FailureCode
  package var message: String

  package init(_ code: FailureCode, _ message: String) {
    self.code = code
    self.message = message
  }
}
