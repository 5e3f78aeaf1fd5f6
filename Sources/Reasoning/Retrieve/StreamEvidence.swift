import Core
import Foundation
import Memory

/// Everything of one stream that questions are answered from, read once per snapshot.
struct StreamEvidence: Sendable {
  var stream: StreamRecord
  var passages: [Passage]
  /// *Shape* `[passages, dimensions]`; a row of zeros where a passage has no vector.
  var passageVectors: [Float]
  var passageSpace: EmbeddingSpace?
  /// The frames in a space that words live in, as far as an encoder for it is at hand.
  var track: FrameTrack?
  var frames: [FrameRecord]
  var episodes: [EpisodeRecord]
  /// In how many passages a stem occurs.
  var frequencies: [String: Int]
  /// The share of the stream in which a line that differs at most in its numbers can be read; 0 for what is not a line. One per passage.
  var permanence: [Double]
  /// The mean probability of each label over the whole stream.
  var usual: [String: Float] = [:]
  /// Where the picture changes, as indices into the track: a cut lies in front of each.
  var cuts: [Int]

  init(stream: StreamRecord, items: [ItemRecord], track: FrameTrack?, frames: [FrameRecord], episodes: [EpisodeRecord]) {
    self.stream = stream
    self.track = track.flatMap { $0.count > 0 ? $0 : nil }
    self.frames = frames
    self.episodes = episodes
    var passages = items.filter { $0.modality != .gap && !$0.text.isEmpty }.map(Passage.init)
    Passage.joinSigns(&passages)
    self.passages = passages
    let space = passages.lazy.compactMap(\.item.embedding).first?.space
    passageSpace = space
    let dimensions = passages.lazy.compactMap(\.item.embedding).first?.values.count ?? 0
    passageVectors = passages.flatMap { passage -> [Float] in
      guard let vector = passage.item.embedding, vector.space == space, vector.values.count == dimensions else {
        return Array(repeating: 0, count: dimensions)
      }
      return vector.values
    }
    var frequencies: [String: Int] = [:]
    for passage in passages { for stem in passage.stems { frequencies[stem, default: 0] += 1 } }
    self.frequencies = frequencies
    for frame in frames { for tag in frame.tags { usual[tag.label, default: 0] += tag.probability / Float(frames.count) } }
    permanence = Self.permanence(of: passages, in: stream.extent)
    cuts = self.track.map(SceneCuts.find) ?? []
  }

  init(_ stream: StreamRecord, in snapshot: MemorySnapshot, spaces: some Collection<EmbeddingSpace>) throws {
    var track: FrameTrack?
    for space in spaces.sorted(by: { $0.rawValue < $1.rawValue }) where track == nil {
      let found = try snapshot.frameTrack(of: stream.id, space: space)
      if found.count > 0 { track = found }
    }
    self.init(
      stream: stream, items: try snapshot.items(of: stream.id), track: track, frames: try snapshot.frames(of: stream.id),
      episodes: try snapshot.episodes(of: stream.id))
  }

  /// From the first to the last reading of a line, whatever its numbers.
  func presence(of index: Int) -> TimeRange {
    let key = Self.key(passages[index])
    return passages.filter { $0.item.modality == .text && Self.key($0) == key }.reduce(passages[index].item.range) {
      $0.union($1.item.range)
    }
  }

  private static func key(_ passage: Passage) -> String { passage.words.filter { !$0.hasDigit }.map(\.stem).joined(separator: " ") }

  private static func permanence(of passages: [Passage], in extent: TimeRange) -> [Double] {
    var ranges: [String: [TimeRange]] = [:]
    for passage in passages where passage.item.modality == .text { ranges[key(passage), default: []].append(passage.item.range) }
    let shares = ranges.mapValues { ranges in
      // From the first to the last reading when there are many: an overlay is not read in every frame it stands in.
      let span = ranges.dropFirst().reduce(ranges[0]) { $0.union($1) }
      let covered = ranges.count >= 4 ? span.duration.seconds : ranges.map(\.duration.seconds).max() ?? 0
      return min(1, covered / max(extent.duration.seconds, 1))
    }
    return passages.map { $0.item.modality == .text ? shares[key($0)] ?? 0 : 0 }
  }

  /// How rare a stem is among the stream's texts; a stem that never occurs is the rarest.
  func rarity(of stem: String) -> Double {
    let (count, occurrences) = (Double(passages.count), Double(frequencies[stem] ?? 0))
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
