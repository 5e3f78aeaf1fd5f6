/// What is left out under overload, and in which order: a value that is told once a second how things stand.
package struct Shedding: Sendable {
  /// Each includes what comes before it.
  package enum Level: Int, Sendable, Comparable, CaseIterable {
    case none
    /// On-screen text is not read.
    case text
    /// One picture in four is looked at.
    case vision
    /// Speech is searched greedily.
    case beam

    package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  package private(set) var level = Level.none
  private var strained = 0
  private var calm = 0

  /// Seconds of strain before more is left out, and of calm before something is taken up again.
  static let patience = 2
  static let recovery = 10

  package init() {}

  /// - Parameter isStrained: whether, since the last time, something was dropped or waited for too long.
  package mutating func advance(isStrained: Bool) {
    (strained, calm) = isStrained ? (strained + 1, 0) : (0, calm + 1)
    if strained >= Self.patience, let next = Level(rawValue: level.rawValue + 1) {
      level = next
      strained = 0
    } else if calm >= Self.recovery, let before = Level(rawValue: level.rawValue - 1) {
      level = before
      calm = 0
    }
  }
}
