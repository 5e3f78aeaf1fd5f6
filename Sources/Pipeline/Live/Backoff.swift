import Media

/// How long to wait before a source is tried again: longer and longer, with chance in it so that many do not come back at once. A value.
struct Backoff: Sendable {
  private let configuration: LiveConfiguration
  private var failures = 0
  /// How long was waited since there was media; nil before the first.
  private var waited: Duration?

  init(_ configuration: LiveConfiguration) { self.configuration = configuration }

  /// - Parameters:
  ///   - good: how long there was media since the last fault.
  ///   - chance: 0..<1.
  mutating func pause(after kind: LiveFault.Kind, good: Duration, chance: Double = .random(in: 0..<1)) -> Duration {
    if good >= configuration.settled { failures = 0 }
    if good > .zero { waited = .zero }
    if kind == .changed, failures == 0 {
      failures = 1
      return .zero
    }
    defer { failures = min(failures + 1, 30) }
    let length = length(after: kind) * (0.75 + 0.5 * chance)
    waited = waited.map { $0 + length }
    return length
  }

  private func length(after kind: LiveFault.Kind) -> Duration {
    let first = configuration.firstPause
    // What sent a moment ago is about to come back: a server that has just started knows no stream yet, and that is no refusal.
    if let waited, waited < configuration.hope { return min(configuration.hopefulPause, first * (1 << min(failures, 20))) }
    if kind == .refused { return min(configuration.refusedPause, first * (1 << min(failures + 2, 20))) }
    return min(configuration.longestPause, first * (1 << min(failures, 20)))
  }
}
