import Core

/// Why a live source gives nothing more, sorted by what to do next.
package struct LiveFault: Error, Sendable, Equatable, CustomStringConvertible {
  package var kind: Kind
  /// One line, without credentials.
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var description: String { message }

  package enum Kind: String, Sendable {
    /// It has ended for good: a pipe that was closed, a playlist with its end.
    case ended
    /// It is not there, or was and is not any more: try again soon.
    case absent
    /// It is there and does not let us in, or what it sends is no media: try again, but seldom.
    case refused
    /// It changed into something else: open it again at once.
    case changed
    /// It makes no sense as a source: do not try again.
    case misconfigured
    /// We were told to stop.
    case cancelled
  }
}
