import Core

/// Cuts one stream into episodes. A pure value: the same frames and items at the same barriers always give the same episodes, and a
/// segmenter that was stored and read back goes on as if it had not been.
package struct Segmenter: Codable, Equatable, Sendable {
  /// Where the open episode begins.
  package private(set) var episode: MediaTime
  private var frames: FrameSegmenter?
  private var pauses: PauseSegmenter?
  /// Where the newest frame ends.
  private var seen: MediaTime
  private let longest: MediaTime

  /// Nothing for longer than this is not cut up.
  static let jump = MediaTime(seconds: 3600)

  /// - Parameter hasVideo: whether frames will come; without them episodes are cut at pauses.
  package init(_ configuration: MemoryConfiguration.Segmentation, hasVideo: Bool, from start: MediaTime) {
    episode = start
    seen = start
    longest = MediaTime(seconds: max(1, configuration.longestSeconds))
    frames = hasVideo ? FrameSegmenter(configuration) : nil
    pauses = hasVideo ? nil : PauseSegmenter(configuration, from: start)
  }

  /// - Parameter vector: as it will be stored. *Shape* `[dimensions]`, the same for every frame.
  /// - Returns: the starts of episodes that are now certain, ascending.
  package mutating func take(frame vector: [Float], over range: TimeRange) -> [MediaTime] {
    let starts = frames?.take(vector, at: range.start) ?? []
    seen = max(seen, range.end)
    return accept(starts)
  }

  package mutating func take(item range: TimeRange) { pauses?.take(range) }

  /// Everything before `time` has been taken.
  package mutating func advance(to time: MediaTime) -> [MediaTime] {
    var starts = accept(pauses?.advance(to: time) ?? [])
    // A picture that ended or is lost must not leave an episode without end.
    while frames != nil, time - max(episode, seen) >= longest {
      starts += accept(frames?.finish() ?? [])
      frames?.cut()
      let last = max(episode, seen)
      // A jump of the clock is one stretch of nothing, not thousands.
      starts += accept([time - last > Self.jump ? time : last + longest])
    }
    return starts
  }

  /// The stream ends at `time`: what was pending is decided.
  package mutating func finish(at time: MediaTime) -> [MediaTime] {
    let starts = advance(to: time)
    return starts + accept(frames?.finish() ?? []) + accept(pauses?.finish(at: time) ?? [])
  }

  private mutating func accept(_ starts: [MediaTime]) -> [MediaTime] {
    let later = starts.filter { $0 > episode }
    if let last = later.last { episode = last }
    return later
  }
}
