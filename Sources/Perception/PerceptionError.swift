import Core

/// What can go wrong while perceiving: a model or language data that is missing or broken, a state that was not written by this version,
/// a configuration that makes no sense.
package struct PerceptionError: Failure, Equatable {
  package let code: FailureCode
  package let message: String

  package init(_ code: FailureCode, _ message: String) {
    self.code = code
    self.message = message
  }
}
