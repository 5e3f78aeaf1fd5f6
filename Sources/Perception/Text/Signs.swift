import Core

/// Joins lines that belong to one sign, so that "GATE B17" over "BOARDING" is one thing that was read.
///
/// Lines of one sign stand under one another at less than a line's distance, about as tall, on one axis or edge, and come and go together.
/// The bullets of a slide stand further apart and stay separate.
enum Signs {
  /// Lines of one sign may be first or last read this long apart, seconds: one of them may be read a sample late in a fade.
  private static let spread = 2.0
  /// Gap between two lines of one sign, in heights of the lower one. Single-spaced capitals have 0.7 to 0.9, bullets 1.5 and more.
  private static let gap: Float = 1.2
  /// More lines than this are a page, and citing a page says little.
  private static let lineLimit = 4

  /// The trusted ones of some tracks that ended together, as observations ordered by time and then from top to bottom.
  static func observations(of tracks: [LineTrack]) -> [Observation] {
    groups(of: tracks).map(observation).sorted { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
  }

  /// From top to bottom.
  static func ordered(_ tracks: [LineTrack]) -> [LineTrack] {
    tracks.sorted {
      let (a, b) = ($0.voted.box, $1.voted.box)
      return (a.y, a.x, $0.start) < (b.y, b.x, $1.start)
    }
  }

  /// The trusted tracks, those of one sign together.
  static func groups(of tracks: [LineTrack]) -> [[LineTrack]] {
    let lines = ordered(tracks.filter(\.isTrusted))
    var signs: [[LineTrack]] = []
    for line in lines {
      if let place = signs.firstIndex(where: { $0.count < lineLimit && continues($0[$0.count - 1], line) }) {
        signs[place].append(line)
      } else {
        signs.append([line])
      }
    }
    return signs
  }

  private static func continues(_ upper: LineTrack, _ lower: LineTrack) -> Bool {
    guard abs((upper.start - lower.start).seconds) <= spread, abs((upper.end - lower.end).seconds) <= spread else { return false }
    let (a, b) = (upper.voted.box, lower.voted.box)
    guard max(a.height, b.height) <= 1.5 * min(a.height, b.height) else { return false }
    let distance = b.y - (a.y + a.height)
    guard distance >= -0.3 * b.height, distance <= gap * b.height else { return false }
    // One of the left edges, middles or right edges stand over one another, to a letter's width (pictures are about 16:9).
    let tolerance = max(a.height, b.height) * 0.75
    let shared = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    let steps = [a.x - b.x, a.x + a.width / 2 - b.x - b.width / 2, a.x + a.width - b.x - b.width]
    return shared > 0 && steps.contains { abs($0) <= tolerance }
  }

  /// - Precondition: at least one line, ordered.
  static func observation(of sign: [LineTrack]) -> Observation {
    let lines = sign.map(\.voted)
    let length = lines.reduce(0) { $0 + $1.text.count }
    let (left, top) = (lines.map(\.box.x).min() ?? 0, lines.map(\.box.y).min() ?? 0)
    let (right, bottom) = (lines.map { $0.box.x + $0.box.width }.max() ?? 0, lines.map { $0.box.y + $0.box.height }.max() ?? 0)
    let line = TextLine(
      text: lines.map(\.text).joined(separator: "\n"),
      box: TextLine.Box(x: left, y: top, width: right - left, height: bottom - top),
      confidence: lines.reduce(0) { $0 + $1.confidence * Float($1.text.count) } / Float(max(1, length)))
    let range = sign.dropFirst().reduce(TimeRange(start: sign[0].start, end: sign[0].end)) {
      $0.union(TimeRange(start: $1.start, end: $1.end))
    }
    return Observation(range: range, content: .text(line))
  }
}
