import Core
import Memory

/// Finds what fits standing questions in what a stream showed lately, by the scores and the threshold of answering.
///
/// What chance scores is measured in the same recent stretch. How likely and how fitting the names of a thing are, and which words were
/// said or written, needs no past, so a stream that has only begun is judged like any other.
package struct StandingReader: Sendable {
  private let encoder: QueryEncoder
  private let vocabularies: [Modality: SenseVocabulary]
  /// What is seen is smoothed over this many seconds: a new frame changes the scores of those just before it.
  private static let smoothing = MediaTime(seconds: FrameScores.window / 2)

  /// The parameters are those of `Reasoner`.
  package init(
    encoders: [EmbeddingSpace: Reasoner.Encoder], vocabularies: [Modality: SenseVocabulary] = [:],
    neutral: [EmbeddingSpace: [[Float]]] = [:]
  ) {
    let known = neutral.mapValues { Dictionary(zip(Reasoner.neutralTexts, $0), uniquingKeysWith: { first, _ in first }) }
    encoder = QueryEncoder(encoders, known: known)
    self.vocabularies = vocabularies
  }

  /// What of the new observations answers each question, in order of time.
  ///
  /// - Parameters:
  ///   - recent: the stretch of the stream before now, with the new ones.
  ///   - fresh: when something new was observed, by each sense.
  package func matches(
    _ questions: [StandingQuestion], in recent: [Observation], of stream: StreamID, fresh: [Modality: [TimeRange]]
  ) async throws -> [[StandingMatch]] {
    let reading = StreamReading(recent, of: stream, spaces: encoder.spaces)
    let chance = try await Chance(in: reading, encoder: encoder)
    let retriever = Retriever(StreamEvidence(reading), chance: chance, encoder: encoder, vocabularies: vocabularies)
    let quote = Quote(evidence: retriever.evidence)
    var matches: [[StandingMatch]] = []
    for question in questions {
      let found =
        if let looking = question.plan.look.flatMap(retriever.looking) { looking } else {
          try await Ranking(plan: question.plan).candidates(for: question.plan.topic, in: retriever, own: true)
        }
      matches.append(
        found.filter {
          $0.score >= Certainty.threshold && question.admits($0, in: retriever.evidence)
        }.compactMap { Self.seenAnew($0, fresh) }.map { candidate in
          StandingMatch(
            modality: candidate.modality, range: candidate.range,
            quote: quote.text(of: candidate, topic: question.plan.topic, slot: question.plan.slot),
            confidence: Certainty.probability(of: candidate.score, sense: candidate.modality))
        }.sorted { ($0.range.start, $1.confidence) < ($1.range.start, $0.confidence) })
    }
    return matches
  }

  /// The candidate where something new belongs to it; nil where nothing does. What is smoothed rises a little before the thing is seen: the moment is that
  /// of the new frames.
  private static func seenAnew(_ candidate: Candidate, _ fresh: [Modality: [TimeRange]]) -> Candidate? {
    let before = candidate.modality == .vision ? smoothing : .zero
    let new = fresh[candidate.modality]?.filter { $0.start - before <= candidate.range.end && candidate.range.start <= $0.end } ?? []
    guard let first = new.first else { return nil }
    guard candidate.modality == .vision else { return candidate }
    var found = candidate
    let anew = new.dropFirst().reduce(first) { $0.union($1) }
    found.range = candidate.range.intersection(anew) ?? anew
    return found
  }
}

extension StreamReading {
  /// The same of observations that are at hand.
  init(_ observations: [Observation], of stream: StreamID, spaces: Set<EmbeddingSpace>) {
    let extent = observations.map(\.range).reduce(nil as TimeRange?) { $0?.union($1) ?? $1 } ?? TimeRange(start: .zero, end: .zero)
    self.stream = StreamRecord(
      id: stream, source: SourceDescription(path: "", fingerprint: ""), extent: extent, startedAt: nil, finished: false,
      modalities: Set(observations.map(\.modality)), upTo: extent.end)
    (items, holes, looks, track, windows, frames, episodes) = (ItemTrack(), [], [], nil, nil, [], [])
    for (index, observation) in observations.sorted(by: { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }).enumerated() {
      take(observation, Int64(index), spaces)
    }
    holes = Self.holes(observations.filter { $0.modality == .gap }.map(\.range), frames)
    windows = track.map { [holes] in FrameWindows($0.ranges, holes: holes) }
  }

  private mutating func take(_ observation: Observation, _ id: Int64, _ spaces: Set<EmbeddingSpace>) {
    var item = ItemRecord(
      id: id, stream: stream.id, modality: observation.modality, range: observation.range, text: "", confidence: 0)
    var embedding: Embedding?
    switch observation.content {
    case .gap: return
    case .look(let look):
      (item.text, item.confidence) = (look.text, look.confidence)
      return looks += [SeenLook(item)].compactMap { $0 }
    case .frame(let features):
      frames.append(
        FrameRecord(id: id, stream: stream.id, range: observation.range, level: .full, tags: features.tags, episode: nil))
      guard let vector = features.textual, spaces.contains(vector.space), (track?.space ?? vector.space) == vector.space else { return }
      track =
        track ?? FrameTrack(space: vector.space, dimensions: vector.values.count, ranges: [], vectors: [], episodes: [])
      track?.ranges.append(observation.range)
      track?.vectors += vector.values
      track?.episodes.append(0)
      return
    case .text(let line): (item.text, item.confidence, item.box, embedding) = (line.text, line.confidence, line.box, line.embedding)
    case .speech(let said): (item.text, item.confidence, item.words, embedding) = (said.text, said.confidence, said.words, said.embedding)
    case .sound(let event): (item.text, item.confidence, embedding) = (event.name, event.score, event.embedding)
    }
    guard !item.text.isEmpty else { return }
    if case .sound(let event) = observation.content, !event.isClear { return }
    items.items.append(item)
    guard let embedding, spaces.contains(embedding.space), (items.space ?? embedding.space) == embedding.space else {
      items.rows.append(-1)
      return
    }
    (items.space, items.dimensions) = (embedding.space, embedding.values.count)
    items.rows.append(Int32(items.vectors.count / max(1, embedding.values.count)))
    items.vectors += embedding.values
  }
}
