import Core
import Foundation

/// What a person says is right where the memory is wrong: the answer to one question. It stands beside the memory and changes nothing in it.
///
/// *Source* WISE, section 2.3.1: edits live in a side memory, and a router decides which of the two answers.
package struct Correction: Sendable, Equatable {
  /// The stream it is about; nil for all of them.
  package var stream: StreamID?
  /// The stretch it is about; nil for the whole stream.
  package var range: TimeRange?
  package var question: String
  package var answer: String
  package var author: String
  /// The vector of the question; nil when there was no sentence model.
  package var key: Embedding?
  /// The vectors of other wordings of the question, in the space of `key`: how alike to it a question about the same may still be.
  package var probes: [[Float]]

  package init(
    question: String, answer: String, author: String, stream: StreamID? = nil, range: TimeRange? = nil, key: Embedding? = nil,
    probes: [[Float]] = []
  ) {
    self.question = question
    self.answer = answer
    self.author = author
    self.stream = stream
    self.range = range
    self.key = key
    self.probes = probes
  }

  /// Longest question and answer, in characters.
  package static let longest = 2000
}

/// A correction as it is remembered. One that was undone is kept and answers nothing.
package struct CorrectionRecord: Sendable, Equatable, Identifiable {
  package var id: Int64
  package var content: Correction
  package var writtenAt: Date
  package var undoneAt: Date?

  package init(id: Int64, content: Correction, writtenAt: Date, undoneAt: Date? = nil) {
    self.id = id
    self.content = content
    self.writtenAt = writtenAt
    self.undoneAt = undoneAt
  }
}
