import Core
import Foundation
import Memory

/// Everything of one stream that questions are answered from: read once, and kept as long as nothing is written.
final class StreamEvidence: Sendable {
  let stream: StreamRecord
  let passages: [Passage]
  /// Sounds whose names are guesses.
  let guesses: [ItemRecord]
  /// Where nothing is remembered: no signal, or forgotten on request. No answer reaches across.
  let holes: [TimeRange]
  /// Facts about the picture, in order of time.
  let looks: [SeenLook]
  /// The passages' vectors; `vectorRows` has the row of each, -1 for one without.
  private let passageVectors: [Float]
  private let vectorRows: [Int32]
  let passageSpace: EmbeddingSpace?
  let dimensions: Int
  let terms: TermIndex
  /// The frames in a space that words live in, as far as an encoder for it is at hand.
  let track: FrameTrack?
  let windows: FrameWindows?
  let frames: [FrameRecord]
  /// The windows of `frames`, which need not all be in the track.
  let frameWindows: FrameWindows
  let episodes: [EpisodeRecord]
  /// The share of the stream in which a line that differs at most in its numbers can be read; 0 for what is not a line. One per passage.
  let permanence: [Double]
  /// From the first to the last reading of each such line; `lines` has the number of each passage's, -1 for what is not a line.
  private let presences: [TimeRange]
  private let lines: [Int32]
  /// The mean probability of each label over the whole stream.
  let usual: [String: Float]
  /// The stems of each label's words.
  let labelStems: [String: Set<String>]
  /// Where the picture changes.
  let cuts: SceneCuts?

  init(_ reading: StreamReading) {
    stream = reading.stream
    (holes, looks, guesses) = (reading.holes, reading.looks, reading.guesses)
    track = reading.track
    windows = reading.windows
    frames = reading.frames
    frameWindows =
      reading.windows.flatMap { $0.ranges == reading.frames.map(\.range) ? $0 : nil }
      ?? FrameWindows(reading.frames.map(\.range), holes: reading.holes)
    episodes = reading.episodes
    cuts = reading.track.map(SceneCuts.init)
    (passageVectors, vectorRows, passageSpace) = (reading.items.vectors, reading.items.rows, reading.items.space)
    dimensions = reading.items.dimensions

    var reader = WordReader()
    // The sounds of a day have few names.
    var names: [String: [Int32]] = [:]
    let words = reading.items.items.map { item in
      if item.modality == .sound, let known = names[item.text] { return known }
      let words = reader.read(item.text)
      if item.modality == .sound { names[item.text] = words }
      return words
    }
    var passages = zip(reading.items.items, words).map { item, words in Passage(item: item, words: words.map { reader.words[Int($0)] }) }
    Passage.joinSigns(&passages)
    self.passages = passages
    let lines = Self.lines(passages, words, reader)
    terms = TermIndex(reader, passages: words)

    var spans: [(union: TimeRange, longest: Double, count: Int)] = []
    for (passage, line) in zip(passages, lines) where line >= 0 {
      let (range, seconds) = (passage.item.range, passage.item.range.duration.seconds)
      if Int(line) == spans.count {
        spans.append((range, seconds, 1))
      } else {
        let known = spans[Int(line)]
        spans[Int(line)] = (known.union.union(range), max(known.longest, seconds), known.count + 1)
      }
    }
    let whole = max(stream.extent.duration.seconds, 1)
    // From the first to the last reading when there are many: an overlay is not read in every frame it stands in.
    permanence = lines.map { line in
      guard line >= 0, case let span = spans[Int(line)] else { return 0 }
      return min(1, (span.count >= 4 ? span.union.duration.seconds : span.longest) / whole)
    }
    presences = spans.map(\.union)
    self.lines = lines

    var usual: [String: Float] = [:]
    for frame in frames { for tag in frame.tags { usual[tag.label, default: 0] += tag.probability / Float(frames.count) } }
    self.usual = usual
    labelStems = Dictionary(
      uniqueKeysWithValues: usual.keys.map { label in (label, Set(reader.read(label).map { reader.words[Int($0)].stem })) })
  }

  /// Numbers the lines that differ at most in their numbers, in order of their first reading.
  private static func lines(_ passages: [Passage], _ words: [[Int32]], _ reader: WordReader) -> [Int32] {
    let isNumber = reader.words.map(\.hasDigit)
    var known: [[Int32]: Int32] = [:]
    return zip(passages, words).map { passage, words in
      guard passage.item.modality == .text else { return -1 }
      let key = words.filter { !isNumber[Int($0)] }.map { reader.stemOfWord[Int($0)] }
      let next = Int32(known.count)
      if let line = known[key] { return line }
      known[key] = next
      return next
    }
  }

  /// From the first to the last reading of a line, whatever its numbers; where a hole lies between them, this reading alone.
  func presence(of index: Int) -> TimeRange {
    guard lines[index] >= 0, case let whole = presences[Int(lines[index])], !holes.contains(where: { $0.overlaps(whole) }) else {
      return passages[index].item.range
    }
    return whole
  }

  /// The vector of a passage; zeros where it has none.
  func vector(of passage: Int) -> [Float] {
    let row = Int(vectorRows[passage])
    return row < 0
      ? Array(repeating: 0, count: dimensions) : Array(passageVectors[row * dimensions..<(row + 1) * dimensions])
  }

  /// The cosine of each passage with a vector of their space; 0 for one without.
  func cosines(with vector: [Float]) -> [Float] {
    let rows = VectorScan.cosines(rows: passageVectors, query: vector)
    return vectorRows.map { $0 < 0 ? 0 : rows[Int($0)] }
  }

  /// How rare a stem is among the stream's texts; a stem that never occurs is the rarest.
  func rarity(of stem: String) -> Double {
    let (count, occurrences) = (Double(passages.count), Double(terms.count(of: stem)))
    return log(1 + (count - occurrences + 0.5) / (occurrences + 0.5))
  }

  /// The episode a moment lies in, for its thumbnail and its level of detail.
  func episode(at time: MediaTime) -> EpisodeRecord? {
    episodes.last { $0.range.start <= time } ?? episodes.first
  }

  /// What the classifier named between two moments: the mean probability of each label, likeliest first.
  func labels(from start: MediaTime, to end: MediaTime) -> [(label: String, probability: Float)] {
    var sums: [String: Float] = [:]
    var count: Float = 0
    let first = frames.partitioningIndex { $0.range.end > start }
    for frame in frames[first...] {
      guard frame.range.start < end else { break }
      count += 1
      for tag in frame.tags { sums[tag.label, default: 0] += tag.probability }
    }
    return sums.map { ($0.key, $0.value / max(count, 1)) }.sorted { ($0.1, $1.0) > ($1.1, $0.0) }
  }

  /// The frames that share time with a stretch.
  func frames(overlapping range: TimeRange) -> Range<Int> {
    let first = frames.partitioningIndex { $0.range.end > range.start }
    return first..<max(first, frames.partitioningIndex { $0.range.start >= range.end })
  }

  /// The frame on screen at a moment.
  func frameIndex(at time: MediaTime) -> Int? {
    guard let track else { return nil }
    return track.ranges.lastIndex { $0.start <= time } ?? (track.count > 0 ? 0 : nil)
  }
}

extension RandomAccessCollection {
  /// The first position at which `belongs` holds, in a collection where it holds for every later one too.
  func partitioningIndex(where belongs: (Element) -> Bool) -> Index {
    var (low, count) = (startIndex, count)
    while count > 0 {
      let half = count / 2
      let middle = index(low, offsetBy: half)
      if belongs(self[middle]) {
        count = half
      } else {
        low = index(after: middle)
        count -= half + 1
      }
    }
    return low
  }
}
