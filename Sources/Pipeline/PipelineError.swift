import Core
import Media

/// What went wrong while watching, asking or looking after a memory.
package struct PipelineError: Failure {
  package var code: FailureCode
  package var message: String
  /// Which part of the job failed: decides the exit status of the command line.
  package var situation: Situation
  package var cause: (any Error)?

  package init(_ situation: Situation, code: FailureCode, _ message: String, cause: (any Error)? = nil) {
    self.situation = situation
    self.code = code
    self.message = message
    self.cause = cause
  }

  package enum Situation: String, Sendable, CaseIterable {
    /// The media file is not there or may not be read.
    case missingInput
    /// The media file, question file or memory is not what it claims to be.
    case badInput
    /// The pipeline file is malformed.
    case badPipeline
    /// An argument makes no sense together with what it names.
    case badArgument
    /// There is no memory, stream or model of that name.
    case notThere
    /// A model is installed but unusable.
    case badModel
    /// The memory could not be created or opened for writing: no permission, no space, another writer.
    case cannotCreate
    /// Writing failed: a full disk, a lost device.
    case writing
    /// A fault of this program.
    case internalFault
  }
}

extension PipelineError {
  /// One line for any error: the message of our own kinds, a plain description of the others.
  package static func line(for error: any Error) -> String {
    let text = (error as? any Failure)?.message ?? String(describing: error)
    return redactingCredentials(in: text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }

  /// Hides the secrets of addresses: `rtsp://user:secret@host` becomes `rtsp://***@host`.
  package static func redactingCredentials(in text: String) -> String { Media.redactingCredentials(in: text) }
}
