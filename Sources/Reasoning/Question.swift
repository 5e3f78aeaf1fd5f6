import Core
import Foundation

/// Something a person asks of a memory.
package struct Question: Sendable, Equatable {
  package var text: String
  /// The stream to ask about; nil asks about all of them.
  package var stream: StreamID?
  /// Wall-clock time at which it was asked, for "five minutes ago".
  package var askedAt: Date

  package init(text: String, stream: StreamID? = nil, askedAt: Date = Date()) {
    self.text = text
    self.stream = stream
    self.askedAt = askedAt
  }
}
