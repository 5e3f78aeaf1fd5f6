import Core
import Foundation

/// Where the writing of one stream stands: pure, and stored with every commit, so that a run that goes on after an interruption ends
/// like one that was never interrupted.
struct StreamProgress: Codable, Equatable, Sendable {
  private(set) var upTo = MediaTime.zero
  private(set) var finished = false
  private(set) var segmenter: Segmenter?
  /// The running salience of the stream; nil in what an older version stored.
  var salience: Salience?
  private var lastFrame: MediaTime?
  private var space: EmbeddingSpace?
  private var dimensions: Int?
  private var textualSpace: EmbeddingSpace?

  /// What a batch changes.
  struct Change {
    /// In canonical order, whatever order the stages handed them over in.
    var observations: [Observation]
    /// Where the first episode begins, when there was none before.
    var begins: MediaTime?
    /// The starts of further episodes, ascending; each ends the one before.
    var starts: [MediaTime]
    /// Where the open episode ends by now; nil when there is none.
    var end: MediaTime?
  }

  /// Takes a batch in.
  ///
  /// *Throws* `corruptInput` for what contradicts what was remembered: a barrier or a frame in the past, a vector in another space.
  mutating func take(_ batch: Batch, hasVideo: Bool, configuration: MemoryConfiguration.Segmentation) throws -> Change {
    guard !finished else { throw MemoryError(.corruptInput, "stream \(batch.stream) has ended and takes nothing more") }
    guard batch.upTo >= upTo else {
      throw MemoryError(.corruptInput, "stream \(batch.stream) is remembered up to \(upTo); a batch up to \(batch.upTo) comes too late")
    }
    upTo = batch.upTo
    finished = batch.finished
    var change = Change(observations: batch.observations.sorted(by: Observation.comesBefore), begins: nil, starts: [], end: nil)
    let first = change.observations.first?.range.start ?? .zero
    if segmenter == nil, upTo > .zero || !change.observations.isEmpty {
      let start = min(.zero, first)
      segmenter = Segmenter(configuration, hasVideo: hasVideo, from: start)
      change.begins = start
    }
    for observation in change.observations {
      guard case .frame(let features) = observation.content else {
        // How a picture looks is told with the frames, and a guess is no event: neither is a pause or speech.
        if observation.isEvent { segmenter?.take(item: observation.range) }
        continue
      }
      try accept(features, at: observation.range.start, in: batch.stream)
      change.starts += segmenter?.take(frame: HalfFloat.rounded(features.pooled.values), over: observation.range) ?? []
      change.end = max(change.end ?? observation.range.end, observation.range.end)
    }
    change.starts += (finished ? segmenter?.finish(at: upTo) : segmenter?.advance(to: upTo)) ?? []
    change.end = segmenter.map { max(upTo, $0.episode, change.end ?? upTo) }
    // What has ended takes nothing more, and needs nothing to go on from.
    if finished { segmenter = nil }
    return change
  }

  /// Cuts what follows without looking back: what came before was forgotten.
  mutating func restart(hasVideo: Bool, configuration: MemoryConfiguration.Segmentation) {
    guard segmenter != nil else { return }
    segmenter = Segmenter(configuration, hasVideo: hasVideo, from: upTo)
  }

  private mutating func accept(_ features: FrameFeatures, at time: MediaTime, in stream: StreamID) throws {
    if let lastFrame, time <= lastFrame {
      throw MemoryError(.corruptInput, "stream \(stream): a frame at \(time) comes after one at \(lastFrame)")
    }
    lastFrame = time
    if let space, features.pooled.space != space {
      throw MemoryError(
        .misconfigured,
        "stream \(stream) was watched with \(space) and cannot go on with \(features.pooled.space); use the same model or another name")
    }
    space = features.pooled.space
    let count = features.pooled.values.count
    guard dimensions ?? count == count, features.grid.map({ $0.channels == count }) ?? true else {
      throw MemoryError(
        .corruptInput,
        "stream \(stream): the frame at \(time) has a vector of \(count) values, its grid or the frames before it have others")
    }
    dimensions = count
    if let textual = features.textual {
      if let textualSpace, textual.space != textualSpace {
        throw MemoryError(
          .misconfigured,
          "stream \(stream) was described in \(textualSpace) and cannot go on in \(textual.space); use the same model or another name")
      }
      textualSpace = textual.space
      guard textual.values.allSatisfy(\.isFinite) else {
        throw MemoryError(.corruptInput, "stream \(stream): the vector among sentences of the frame at \(time) has no finite length")
      }
    }
    guard features.pooled.values.allSatisfy(\.isFinite), !features.pooled.values.isEmpty else {
      throw MemoryError(.corruptInput, "stream \(stream): the vector of the frame at \(time) has no finite length")
    }
  }
}

extension Observation {
  /// Whether it tells of something that happened.
  fileprivate var isEvent: Bool {
    switch content {
    case .look: false
    case .sound(let event): event.isClear
    default: true
    }
  }

  /// The canonical order of what is remembered: by time, then by sense, then by content.
  static func comesBefore(_ a: Observation, _ b: Observation) -> Bool {
    if a.range.start != b.range.start { return a.range.start < b.range.start }
    if a.range.end != b.range.end { return a.range.end < b.range.end }
    if a.modality != b.modality { return a.modality < b.modality }
    return a.key < b.key
  }

  private var key: String {
    switch content {
    case .frame: ""
    case .text(let line): "\(line.text)\u{0}\(line.box.y)\u{0}\(line.box.x)"
    case .speech(let utterance): utterance.text
    case .sound(let event): "\(event.name)\u{0}\(event.score)"
    case .look(let look): look.text
    case .gap(let reason): reason
    }
  }
}
