import Core

/// Follows lines of text over successive pictures, so that a sign that stands for a minute is one observation and not sixty.
///
/// A pure value: what it says depends only on what it was told, in that order.
struct LineTracker: Codable, Equatable {
  var tracks: [LineTrack] = []

  /// A line is gone when this many pictures in a row do not show it: one bad reading does not end it.
  private static let patience = 2

  /// Takes in the lines of a picture that was read.
  ///
  /// - Parameter isCut: most of the picture changed; what is not on it is gone at once.
  /// - Returns: the lines that have ended.
  mutating func see(_ lines: [TextReader.Line], in range: TimeRange, isCut: Bool) -> [LineTrack] {
    struct Pair {
      var track: Int
      var line: Int
      var affinity: Double
    }
    var pairs: [Pair] = []
    for (t, track) in tracks.enumerated() {
      for (l, line) in lines.enumerated() {
        if let affinity = track.affinity(to: line) { pairs.append(Pair(track: t, line: l, affinity: affinity)) }
      }
    }
    pairs.sort { ($1.affinity, $0.track, $0.line) < ($0.affinity, $1.track, $1.line) }
    var lineOfTrack = [Int?](repeating: nil, count: tracks.count)
    var isTaken = [Bool](repeating: false, count: lines.count)
    for pair in pairs where lineOfTrack[pair.track] == nil && !isTaken[pair.line] {
      lineOfTrack[pair.track] = pair.line
      isTaken[pair.line] = true
    }
    var (open, ended): ([LineTrack], [LineTrack]) = ([], [])
    for (index, track) in tracks.enumerated() {
      var track = track
      if let line = lineOfTrack[index] {
        if let successor = track.see(lines[line], in: range) {
          ended.append(track)
          open.append(successor)
        } else {
          open.append(track)
        }
      } else {
        track.miss()
        if isCut || track.missed >= Self.patience { ended.append(track) } else { open.append(track) }
      }
    }
    for (index, line) in lines.enumerated() where !isTaken[index] { open.append(LineTrack(line, in: range)) }
    tracks = open
    return ended
  }

  /// Takes in a picture that shows the same as the one last read.
  mutating func stay(in range: TimeRange) -> [LineTrack] {
    see(tracks.filter { $0.missed == 0 }.map(\.latest), in: range, isCut: false)
  }

  /// Ends every line.
  mutating func finish() -> [LineTrack] {
    defer { tracks = [] }
    return tracks
  }
}
