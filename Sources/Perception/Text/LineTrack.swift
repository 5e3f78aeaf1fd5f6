import Core

/// One line of text followed over time: every way it was read, how often, and how long it stood.
struct LineTrack: Codable, Equatable {
  private struct Reading: Codable, Equatable {
    var line: TextReader.Line
    /// Summed confidence over the sightings.
    var weight: Float
  }

  /// A different, certain reading that waits for a second sighting before it counts as a new sign.
  private struct Challenger: Codable, Equatable {
    var line: TextReader.Line
    var start: MediaTime
  }

  /// A line is never read more than this many ways at once; the weakest way is forgotten.
  private static let readingLimit = 6
  /// Two readings below this confidence, 0...1, never mean that the sign changed.
  private static let certain: Float = 0.8

  private var readings: [Reading]
  private var challenger: Challenger?
  /// As last seen.
  private(set) var latest: TextReader.Line
  private(set) var start: MediaTime
  private(set) var end: MediaTime
  private(set) var sightings: Int
  /// Samples since it was last seen.
  private(set) var missed = 0
  /// Given to a line that is told of while it stands; nil in files.
  var number: Int?

  init(_ line: TextReader.Line, in range: TimeRange) {
    readings = [Reading(line: line, weight: line.confidence)]
    latest = line
    start = range.start
    end = range.end
    sightings = 1
  }

  /// The reading with the largest summed confidence, the earlier one of equals, with every letter that the readings together outvote
  /// replaced: each picture misreads another letter.
  var voted: TextReader.Line {
    var best = readings[0]
    for reading in readings.dropFirst() where reading.weight > best.weight { best = reading }
    if readings.count > 2 { best.line.text = LetterVote.text(of: readings.map { ($0.line.text, $0.weight) }, around: best.line.text) }
    return best.line
  }

  /// How well a line of the next picture continues this one; nil when it does not.
  func affinity(to line: TextReader.Line) -> Double? {
    let (a, b) = (Resemblance.folded(latest.text), Resemblance.folded(line.text))
    let overlap = Resemblance.overlap(latest.box, line.box)
    let distance = Resemblance.distance(a, b)
    let stays = overlap >= 0.3 && distance <= 0.3
    // The same place, read badly.
    let blurred = overlap >= 0.5 && distance <= 0.6 && min(latest.confidence, line.confidence) < 0.85
    // Scrolled or panned away, in the same size.
    let (low, high) = (min(latest.box.height, line.box.height), max(latest.box.height, line.box.height))
    let moved = a == b && a.count >= 4 && high <= 1.25 * low
    return stays || blurred || moved ? 1 - distance + Double(overlap) : nil
  }

  mutating func miss() { missed += 1 }

  /// Takes in a sighting. When it is the second certain reading in a row that differs for real, this line ended before the first of the
  /// two, and the track of the new one is returned.
  mutating func see(_ line: TextReader.Line, in range: TimeRange) -> LineTrack? {
    missed = 0
    latest = line
    let (folded, known) = (Resemblance.folded(line.text), Resemblance.folded(voted.text))
    // One inside the other is one line, once read in part.
    let isPart = folded.contains(known) || known.contains(folded)
    let differs = !isPart && min(line.confidence, voted.confidence) >= Self.certain
    if differs, let waiting = challenger, Resemblance.folded(waiting.line.text) == folded {
      end = waiting.start
      var successor = LineTrack(waiting.line, in: TimeRange(start: waiting.start, end: range.start))
      _ = successor.see(line, in: range)
      return successor
    }
    challenger = differs ? Challenger(line: line, start: range.start) : nil
    if !differs { count(line) }
    end = range.end
    sightings += 1
    return nil
  }

  private mutating func count(_ line: TextReader.Line) {
    if let known = readings.firstIndex(where: { $0.line.text == line.text }) {
      readings[known].weight += line.confidence
      if line.confidence > readings[known].line.confidence { readings[known].line = line }
    } else {
      if readings.count == Self.readingLimit, let weakest = readings.indices.min(by: { readings[$0].weight < readings[$1].weight }) {
        readings.remove(at: weakest)
      }
      readings.append(Reading(line: line, weight: line.confidence))
    }
  }

  /// Whether it was really written: seen twice, or once with certainty and not too short.
  var isTrusted: Bool {
    sightings >= 2 || voted.confidence >= 0.9 && voted.text.count(where: \.isLetterOrNumber) >= 4
  }
}
