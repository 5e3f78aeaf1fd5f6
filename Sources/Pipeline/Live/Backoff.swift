import Media

/// How long to wait before a source is tried again: longer and longer, with chance in it so that many do not come back at once. A value.
struct Backoff: Sendable {
  private let configuration: LiveConfiguration
  private var failures = 0

  init(_ configuration: LiveConfiguration) { self.configuration = configuration }

  /// - Parameters:
  ///   - good: how long there was media since the last fault.
  ///   - chance: 0..<1.
  mutating func pause(after kind: LiveFault.Kind, good: Duration, chance: Double = .random(in: 0..<1)) -> Duration {
    if good >= configuration.settled { failures = 0 }
    defer { failures = min(failures + 1, 30) }
    let jitter = 0.75 + 0.5 * chance
    switch kind {
    case .changed where failures == 0: return .zero
    case .refused: return min(configuration.refusedPause, configuration.firstPause * (1 << min(failures + 2, 20))) * jitter
    default: return min(configuration.longestPause, configuration.firstPause * (1 << min(failures, 20))) * jitter
    }
  }
}
