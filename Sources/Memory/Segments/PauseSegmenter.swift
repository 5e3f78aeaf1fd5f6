import Core

/// Cuts a stream without a picture into episodes at the pauses between what is said and heard, and at a greatest length.
///
/// What is heard is known late (an utterance is handed over when it is over), so a stretch is decided only when it lies far enough back.
struct PauseSegmenter: Codable, Equatable, Sendable {
  private let pause: MediaTime
  private let longest: MediaTime
  /// Where the open episode begins.
  private var episode: MediaTime
  /// What was heard since, in order of start.
  private var heard: [TimeRange] = []

  /// No episode is shorter, the last excepted.
  private static let shortest = MediaTime(seconds: 5)
  /// How late something heard may be handed over: a recogniser's window and a margin.
  private static let lateness = MediaTime(seconds: 35)

  init(_ configuration: MemoryConfiguration.Segmentation, from start: MediaTime) {
    pause = MediaTime(seconds: configuration.pauseSeconds)
    longest = MediaTime(seconds: max(configuration.longestSeconds, Self.shortest.seconds))
    episode = start
  }

  mutating func take(_ range: TimeRange) {
    guard range.end > episode else { return }
    let place = heard.firstIndex { $0.start > range.start } ?? heard.endIndex
    heard.insert(range, at: place)
  }

  /// - Returns: the starts of episodes that are now certain, ascending.
  mutating func advance(to time: MediaTime) -> [MediaTime] { decide(upTo: time - Self.lateness) }

  mutating func finish(at time: MediaTime) -> [MediaTime] { decide(upTo: time) }

  private mutating func decide(upTo horizon: MediaTime) -> [MediaTime] {
    var starts: [MediaTime] = []
    while let start = boundary(upTo: horizon) {
      starts.append(start)
      episode = start
      heard.removeAll { $0.end <= start }
    }
    return starts
  }

  /// An episode begins where something begins to be heard again after a pause.
  private func boundary(upTo horizon: MediaTime) -> MediaTime? {
    let (earliest, latest) = (episode + Self.shortest, episode + longest)
    guard horizon > episode, latest > episode else { return nil }
    let next = min(heard.first?.start ?? horizon, horizon)
    if next - episode > Segmenter.jump { return next }
    var silence = episode
    var best: (start: MediaTime, length: MediaTime)?
    for range in heard where range.start < min(latest, horizon) {
      let length = range.start - silence
      if range.start >= earliest, length > .zero {
        if length >= pause { return range.start }
        if best == nil || length > best!.length { best = (range.start, length) }
      }
      silence = max(silence, range.end)
    }
    guard latest < horizon else { return nil }
    return best?.start ?? latest
  }
}
