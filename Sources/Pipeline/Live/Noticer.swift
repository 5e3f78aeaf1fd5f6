import Core
import Foundation

/// Turns what was remembered into lines of a feed: a value.
struct Noticer: Sendable {
  private let stream: StreamID
  var hasPicture = false
  private var frames: [(time: MediaTime, tags: [FrameFeatures.Tag])] = []
  /// Episodes that have begun and of which too little was seen to say what is in them.
  private var begun: [MediaTime] = []

  /// Frames kept to say what an episode begins with, and how many it takes to say it.
  private static let longest = 80
  private static let enough = 2

  init(_ stream: StreamID) { self.stream = stream }

  mutating func events(_ committed: LiveCommitter.Committed, now: MediaTime, time: LiveTime) -> [TailEvent.Noticed] {
    var events: [TailEvent.Noticed] = []
    func add(_ kind: TailEvent.Noticed.Kind, _ range: TimeRange, _ text: String, _ score: Float) {
      let delay = Duration.seconds(max(0, (now - (kind == .scene ? range.start : range.end)).seconds))
      events.append(
        .init(stream: stream, kind: kind, range: range, date: time.date(of: range.start), text: text, score: score, delay: delay))
    }
    for observation in committed.observations where observation.replaces == nil {
      switch observation.content {
      case .frame(let features): frames.append((observation.range.start, features.tags))
      case .text(let line): add(.sign, observation.range, line.text, line.confidence)
      case .speech(let said): add(.sentence, observation.range, said.text, said.confidence)
      case .sound(let event) where event.isClear: add(.sound, observation.range, event.name, event.score)
      case .sound, .look, .gap: break
      }
    }
    if hasPicture { begun += committed.episodes }
    while let start = begun.first {
      let next = begun.dropFirst().first ?? committed.upTo + MediaTime(seconds: 1)
      let seen = frames.filter { $0.time >= start && $0.time < next }
      guard seen.count >= Self.enough || begun.count > 1 else { break }
      begun.removeFirst()
      if let (text, score) = Self.summary(of: seen.map(\.tags)) { add(.scene, TimeRange(start: start, end: start), text, score) }
    }
    if frames.count > Self.longest { frames.removeFirst(frames.count - Self.longest) }
    return events.sorted { $0.range.start < $1.range.start }
  }

  /// The likeliest labels of some frames, as far as they are likely at all.
  private static func summary(of frames: [[FrameFeatures.Tag]]) -> (String, Float)? {
    var sums: [String: Float] = [:]
    for tag in frames.joined() { sums[tag.label, default: 0] += tag.probability / Float(frames.count) }
    let best = sums.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(3)
    guard let first = best.first else { return nil }
    let shown = best.filter { $0.value >= max(0.1, first.value / 5) }
    return (shown.isEmpty ? "nothing in particular" : shown.map(\.key).joined(separator: ", "), first.value)
  }
}
