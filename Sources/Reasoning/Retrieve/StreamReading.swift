import Core
import Memory

/// What is read of one stream, before anything is made of it.
struct StreamReading: Sendable {
  var stream: StreamRecord
  /// Without gaps, looks and what has no text.
  var items: ItemTrack
  /// Sounds whose names are guesses.
  var guesses: [ItemRecord] = []
  /// Where nothing is remembered: no signal, or forgotten on request.
  var holes: [TimeRange]
  /// Facts about the picture, in order of time.
  var looks: [SeenLook]
  /// The frames in a space that words live in, as far as an encoder for it is at hand.
  var track: FrameTrack?
  var windows: FrameWindows?
  var frames: [FrameRecord]
  var episodes: [EpisodeRecord]

  init(_ stream: StreamRecord, in snapshot: MemorySnapshot, spaces: some Collection<EmbeddingSpace>) throws {
    self.stream = stream
    for space in spaces.sorted(by: { $0.rawValue < $1.rawValue }) where track == nil {
      let found = try snapshot.frameTrack(of: stream.id, space: space)
      if found.count > 0 { track = found }
    }
    frames = try snapshot.frames(of: stream.id)
    episodes = try snapshot.episodes(of: stream.id, countingFrames: false)
    items = try snapshot.itemTrack(of: stream.id)
    holes = Self.holes(items.items.filter { $0.modality == .gap }.map(\.range), frames)
    windows = track.map { [holes] in FrameWindows($0.ranges, holes: holes) }
    looks = SeenLook.joined(items.items.compactMap(SeenLook.init))
    guesses = items.items.filter(\.isGuess)
    let kept = items.items.indices.filter {
      ![.gap, .look].contains(items.items[$0].modality) && !items.items[$0].text.isEmpty && !items.items[$0].isGuess
    }
    items.rows = kept.map { items.rows[$0] }
    items.items = kept.map { items.items[$0] }
  }
}

extension StreamReading {
  /// Of the gaps those without a picture: where only sound was lost there are pictures still.
  static func holes(_ gaps: [TimeRange], _ frames: [FrameRecord]) -> [TimeRange] {
    gaps.filter { hole in
      let next = frames.partitioningIndex { $0.range.middle >= hole.start }
      return next == frames.count || frames[next].range.middle >= hole.end
    }
  }
}

extension ItemRecord {
  fileprivate var isGuess: Bool { modality == .sound && confidence < SoundEvent.clear }
}
