import Core

/// Cuts a stream of frames into episodes: a rule proposes boundaries, a refiner may take them back or move them, and lengths are kept in
/// bounds.
///
/// Causal: a boundary is final at most `mergeReach` frames after its own; one that was moved back, at most twice as many.
struct FrameSegmenter: Codable, Equatable, Sendable {
  private let shortest: Int
  private let longest: Int
  private let refractory: MediaTime
  private let refiner: WeakBoundaryMerge?
  private let split: CommunitySplit?
  private var rule: BoundaryRule
  private var history: FrameHistory
  /// The first frame of the open episode.
  private var episode = 0
  /// When each frame from `episode` on begins.
  private var times: [MediaTime] = []
  /// Boundaries that are proposed and not yet decided, ascending.
  private var pending: [Int] = []
  /// The newest boundary, decided, proposed or taken back.
  private var mark = 0
  private var markTime = MediaTime.zero

  init(_ configuration: MemoryConfiguration.Segmentation) {
    shortest = max(1, configuration.shortest)
    longest = max(shortest, configuration.longest)
    refractory = MediaTime(seconds: configuration.refractorySeconds)
    refiner = configuration.refiner == .mergeWeak ? WeakBoundaryMerge(configuration) : nil
    split =
      switch configuration.refiner {
      case .modularity: CommunitySplit(.modularity, configuration)
      case .conductance: CommunitySplit(.conductance, configuration)
      case .none, .mergeWeak: nil
      }
    rule = BoundaryRule(configuration)
    history = FrameHistory(capacity: max(2 * configuration.mergeReach, configuration.context) + 1)
  }

  /// - Returns: the starts of episodes that are now certain, ascending.
  mutating func take(_ vector: [Float], at time: MediaTime) -> [MediaTime] {
    let index = history.count
    if index == 0 { markTime = time }
    let begins = rule.begins(with: vector, after: history, length: index - mark)
    history.append(vector)
    times.append(time)
    if begins, index - mark >= shortest, time - markTime >= refractory {
      pending.append(index)
      (mark, markTime) = (index, time)
    }
    return decide(all: false)
  }

  /// Decides what is pending, with what is known. The next frame continues the open episode.
  mutating func finish() -> [MediaTime] { decide(all: true) }

  /// Ends the open episode for a reason of its own, after `finish`: the next frame begins a new one.
  mutating func cut() {
    (episode, mark, times, pending) = (history.count, history.count, [], [])
  }

  private mutating func decide(all: Bool) -> [MediaTime] {
    var starts: [MediaTime] = []
    while true {
      let limit = episode + longest
      if let boundary = pending.first, boundary <= limit {
        let end = pending.count > 1 ? pending[1] : history.count
        if let split {
          guard all || history.count - boundary >= split.reach else { return starts }
          pending.removeFirst()
          starts.append(confirm(place(of: boundary, end: end, by: split)))
          continue
        }
        if let refiner {
          guard all || history.count - boundary >= refiner.reach else { return starts }
          if refiner.joins(boundary, episode: episode, end: end, in: history) {
            pending.removeFirst()
            continue
          }
        }
        starts.append(confirm(boundary))
      } else if history.count > limit {
        starts.append(confirm(limit))
      } else {
        return starts
      }
    }
  }

  /// Where a boundary goes, with the shortest episode on its left, and on its right as far as it has come.
  private func place(of boundary: Int, end: Int, by split: CommunitySplit) -> Int {
    let first = min(episode + shortest, boundary)
    let last = max(min(boundary + split.reach - 1, end - shortest, episode + longest), boundary)
    let frames = max(episode, boundary - split.reach)..<min(end, boundary + split.reach)
    return split.place(
      of: boundary, among: max(first, frames.lowerBound + 1)...min(last, frames.upperBound - 1), frames: frames, in: history)
  }

  private mutating func confirm(_ boundary: Int) -> MediaTime {
    let time = times[boundary - episode]
    times.removeFirst(boundary - episode)
    episode = boundary
    if boundary > mark { (mark, markTime) = (boundary, time) }
    pending.removeAll { $0 < boundary + shortest }
    return time
  }
}
