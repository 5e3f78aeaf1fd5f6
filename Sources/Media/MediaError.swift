import Core

/// Why a media input could not be opened or read on.
package struct MediaError: Failure {
  package var code: FailureCode
  package var message: String

  package init(_ code: FailureCode, _ message: String) {
    self.code = code
    self.message = message
  }
}
