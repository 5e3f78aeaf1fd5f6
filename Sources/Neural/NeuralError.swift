import Core

/// A failure of a model, its weights or its tokenizer.
package struct NeuralError: Failure {
  package var code: FailureCode
  package var message: String

  package init(_ code: FailureCode, _ message: String) {
    self.code = code
    self.message = message
  }
}
