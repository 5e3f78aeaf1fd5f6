import Foundation

/// What a stream was made from: enough to recognise the same source again and to tell a person about it.
package struct SourceDescription: Sendable, Equatable, Codable {
  /// The path or address as the user gave it, without credentials.
  package var path: String
  /// Size of the file; 0 where there is none.
  package var bytes: Int64
  /// A digest of the content: the same source gives the same one. A stream is only resumed from a source with an equal digest.
  package var fingerprint: String
  /// Whether the source has a picture that is watched. A stream without one is cut into episodes at its pauses.
  package var hasVideo: Bool
  /// Whether the source has sound that is listened to.
  package var hasSound: Bool
  /// Wall-clock time of the stream's first moment, where the source says so.
  package var startedAt: Date?

  /// What the fingerprint of a live source begins with: it has no content that could be looked at again.
  package static let livePrefix = "live:"
  package var isLive: Bool { fingerprint.hasPrefix(Self.livePrefix) }

  package init(path: String, bytes: Int64 = 0, fingerprint: String, hasVideo: Bool = true, hasSound: Bool = true, startedAt: Date? = nil) {
    self.path = path
    self.bytes = bytes
    self.fingerprint = fingerprint
    self.hasVideo = hasVideo
    self.hasSound = hasSound
    self.startedAt = startedAt
  }
}
