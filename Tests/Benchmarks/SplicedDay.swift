import Core
import Foundation
import Memory

/// A day made of what a memory really holds: stretches of 20 to 180 seconds of its streams, drawn by a seed, with their frames, names, lines, sounds
/// and sentences. Numbers in lines are drawn anew, and half of the time somebody speaks in sentences mixed of recorded ones, so that
/// few texts occur twice.
struct SplicedDay {
  static let stream = StreamID("day")

  private struct Recording {
    var stream: StreamID
    var frames: [(record: FrameRecord, vector: [Float])]
    var items: [ItemRecord]
    var seconds: Int
  }

  private let recordings: [Recording]
  private let sentences: [ItemRecord]
  private let space: EmbeddingSpace

  init(_ snapshot: MemorySnapshot, space: EmbeddingSpace) throws {
    recordings = try snapshot.streams.map { stream in
      let track = try snapshot.frameTrack(of: stream.id, space: space)
      let frames = try snapshot.frames(of: stream.id)
      return Recording(
        stream: stream.id, frames: track.count == frames.count ? frames.enumerated().map { ($1, Array(track.vector($0))) } : [],
        items: try snapshot.items(of: stream.id), seconds: max(30, Int(stream.extent.end.seconds)))
    }
    sentences = recordings.flatMap(\.items).filter { $0.modality == .speech && $0.embedding != nil && $0.words.count > 4 }
    self.space = space
  }

  /// Writes the day, a minute at a time.
  func write(to memory: URL, hours: Int, seed: UInt64) async throws {
    let store = try MemoryStore(writing: memory)
    _ = try await store.open(stream: Self.stream, source: SourceDescription(path: "/day.mp4", fingerprint: "day"))
    var random = SeededNumbers(seed: seed)
    var waiting: [Observation] = []
    var (filled, written) = (0, 0)
    while written < hours * 3600 {
      while filled < written + 240 {
        let length = Int.random(in: 20...180, using: &random)
        waiting += stretch(at: filled, seconds: length, &random)
        filled += length
      }
      written += 60
      let upTo = MediaTime(seconds: Double(written))
      let due = waiting.filter { $0.range.end <= upTo }
      waiting.removeAll { $0.range.end <= upTo }
      try await store.commit(
        Batch(stream: Self.stream, observations: due, upTo: upTo, stageStates: [:], finished: written >= hours * 3600))
    }
    await store.close()
  }

  private func stretch(at second: Int, seconds: Int, _ random: inout SeededNumbers) -> [Observation] {
    guard let recording = recordings.randomElement(using: &random) else { return [] }
    let from = Int.random(in: 0...max(0, recording.seconds - seconds), using: &random)
    let range = TimeRange(seconds: Double(from)...Double(from + seconds))
    let shift = MediaTime(seconds: Double(second - from))
    func moved(_ range: TimeRange) -> TimeRange { TimeRange(start: range.start + shift, end: range.end + shift) }
    func isInside(_ other: TimeRange) -> Bool { other.start >= range.start && other.end <= range.end }
    var made = recording.frames.filter { isInside($0.record.range) }.map { frame in
      Observation(
        range: moved(frame.record.range),
        content: .frame(
          FrameFeatures(
            grid: nil, pooled: Embedding(space: EmbeddingSpace("picture"), values: frame.vector),
            textual: Embedding(space: space, values: frame.vector), tags: frame.record.tags, thumbnail: [])))
    }
    made += recording.items.filter { isInside($0.range) }.map { item in
      Observation(range: moved(item.range), content: content(of: item, shift, &random))
    }
    if Bool.random(using: &random) {
      for begin in stride(from: second, to: second + seconds - 8, by: 8) { made.append(mixed(at: begin, &random)) }
    }
    return made
  }

  private func content(of item: ItemRecord, _ shift: MediaTime, _ random: inout SeededNumbers) -> Observation.Content {
    switch item.modality {
    case .text:
      let text = String(item.text.map { $0.isASCII && $0.isNumber ? Character("\(Int.random(in: 0...9, using: &random))") : $0 })
      return .text(
        TextLine(
          text: text, box: item.box ?? .init(x: 0, y: 0, width: 1, height: 0.1), confidence: item.confidence, embedding: item.embedding))
    case .speech:
      let words = item.words.map {
        Utterance.Word(
          text: $0.text, range: TimeRange(start: $0.range.start + shift, end: $0.range.end + shift), confidence: $0.confidence)
      }
      return .speech(
        Utterance(
          text: item.text, words: words, language: item.language ?? "en", confidence: item.confidence, embedding: item.embedding))
    case .sound: return .sound(SoundEvent(name: item.text, score: item.confidence, embedding: item.embedding))
    case .look: return Look(text: item.text, confidence: item.confidence).map { .look($0) } ?? .gap(item.text)
    case .gap, .vision: return .gap(item.text)
    }
  }

  /// Words of two sentences in turn, one every 0.4 seconds.
  private func mixed(at second: Int, _ random: inout SeededNumbers) -> Observation {
    var (texts, vector) = ([String](), [Float](repeating: 0, count: sentences[0].embedding?.values.count ?? 0))
    for _ in 0..<2 {
      guard let sentence = sentences.randomElement(using: &random), let values = sentence.embedding?.values else { continue }
      let first = Int.random(in: 0..<max(1, sentence.words.count - 9), using: &random)
      texts += sentence.words[first..<min(sentence.words.count, first + 9)].map(\.text)
      for index in vector.indices { vector[index] += values[index] + Float.random(in: -0.04..<0.04, using: &random) }
    }
    let words = texts.enumerated().map { index, text in
      Utterance.Word(
        text: text, range: TimeRange(seconds: Double(second) + 0.4 * Double(index)...Double(second) + 0.4 * Double(index + 1)),
        confidence: 0.9)
    }
    return Observation(
      range: TimeRange(seconds: Double(second)...Double(second) + 0.4 * Double(words.count)),
      content: .speech(
        Utterance(
          text: texts.joined(separator: " "), words: words, language: "en", confidence: 0.9,
          embedding: Embedding(space: space, values: vector))))
  }
}
