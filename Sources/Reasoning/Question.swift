import Core
import Foundation

/// Something a person asks of a memory.
package struct Question: Sendable, Equatable {
  package var text: String
  /// The stream to ask about; nil asks about all of them.
  package var stream: StreamID?
  /// The only stretch of each stream that may answer; nil for all of it.
  package var within: TimeRange?
  /// What the answer before this question rested on, for "what happens after that?".
  package var previous: Answer.Citation?
  /// Wall-clock time at which it was asked, for "five minutes ago".
  package var askedAt: Date

  package init(text: String, stream: StreamID? = nil, within: TimeRange? = nil, previous: Answer.Citation? = nil, askedAt: Date = Date()) {
    self.text = text
    self.stream = stream
    self.within = within
    self.previous = previous
    self.askedAt = askedAt
  }
}
