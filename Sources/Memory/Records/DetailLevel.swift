/// How much of what was perceived is still kept. An item is demoted level by level before anything is evicted, and every level keeps
/// the time ranges of what it replaced.
package enum DetailLevel: Int, Sendable, Codable, CaseIterable, Comparable {
  /// L0: the sampled frame as it was perceived.
  case full = 0
  /// L1: progressive pooling inside the episode: anchors at the high-resolution stride, the frames between them at the low one.
  case pooled = 1
  /// L2: anchors, and one vector per two seconds.
  case anchors = 2
  /// L3: the episode's code: its mean and a few representative vectors.
  case episode = 3
  /// L4: a chapter of merged episodes.
  case chapter = 4

  package static func < (a: DetailLevel, b: DetailLevel) -> Bool { a.rawValue < b.rawValue }
}
