import Core

/// The newest stretch of a stream as it was perceived, full grids included: a ring limited by media time and by bytes.
package struct ShortTermMemory: Sendable {
  package private(set) var observations: [Observation] = []
  package private(set) var bytes = 0
  private let span: MediaTime
  private let limit: Int

  package init(_ configuration: MemoryConfiguration.ShortTerm) {
    span = MediaTime(seconds: configuration.seconds)
    limit = configuration.bytes
  }

  /// Takes what was perceived up to `now` and lets go of what is too old or too much, oldest first.
  package mutating func take(_ new: [Observation], upTo now: MediaTime) {
    observations.append(contentsOf: new)
    bytes += new.reduce(0) { $0 + Self.size($1) }
    let horizon = now - span
    var leaving = observations.prefix { $0.range.end < horizon }.count
    var left = bytes - observations[..<leaving].reduce(0) { $0 + Self.size($1) }
    while left > limit, leaving < observations.count {
      left -= Self.size(observations[leaving])
      leaving += 1
    }
    observations.removeFirst(leaving)
    bytes = left
  }

  /// Lets go of everything in a stretch of the stream.
  mutating func forget(_ range: TimeRange) {
    observations.removeAll { $0.range.overlaps(range) }
    bytes = observations.reduce(0) { $0 + Self.size($1) }
  }

  private static func size(_ observation: Observation) -> Int {
    switch observation.content {
    case .frame(let features):
      4 * ((features.grid?.values.count ?? 0) + features.pooled.values.count + (features.textual?.values.count ?? 0))
        + features.thumbnail.count
    case .text(let line): line.text.utf8.count + 4 * (line.embedding?.values.count ?? 0)
    case .speech(let utterance): utterance.text.utf8.count + 64 * utterance.words.count + 4 * (utterance.embedding?.values.count ?? 0)
    case .sound(let event): event.name.utf8.count + 4 * (event.embedding?.values.count ?? 0)
    case .look(let look): look.text.utf8.count
    case .gap(let reason): reason.utf8.count
    }
  }
}
