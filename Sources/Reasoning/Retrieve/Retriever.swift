import Core
import Memory

/// Finds in one stream what fits a topic, in every sense, on one calibrated scale.
///
/// What was read, said and heard is compared by meaning (cosine of sentence vectors) and by words (rare ones count more); what was seen by
/// the frames' textual vectors. Each sense's scores are standardised against what neutral queries score there, so that senses can be
/// compared; cues in the question shift them.
struct Retriever: Sendable {
  let evidence: StreamEvidence
  let encoder: QueryEncoder
  let vocabularies: [Modality: SenseVocabulary]
  private let nulls: [Modality: NullDistribution]

  /// Measures what chance scores in the stream: 64 neutral queries.
  init(_ evidence: StreamEvidence, encoder: QueryEncoder, vocabularies: [Modality: SenseVocabulary] = [:]) async throws {
    self.evidence = evidence
    self.encoder = encoder
    self.vocabularies = vocabularies
    var best: [Modality: [Double]] = [:]
    for query in NeutralQueries.all {
      if let track = evidence.track, let vector = try await Self.pictureVector(query, track.space, encoder) {
        let scores = FrameScores(ranges: track.ranges, raw: VectorScan.cosines(rows: track.vectors, query: vector))
        best[.vision, default: []].append(scores.values.max() ?? 0)
      }
      if let space = evidence.passageSpace, let vector = try await encoder.vector(of: query, in: space) {
        let cosines = VectorScan.cosines(rows: evidence.passageVectors, query: vector)
        var top: [Modality: Double] = [:]
        for (passage, cosine) in zip(evidence.passages, cosines) {
          top[passage.item.modality] = max(top[passage.item.modality] ?? -1, Double(cosine))
        }
        for (modality, score) in top { best[modality, default: []].append(score) }
      }
    }
    nulls = best.mapValues(NullDistribution.init)
  }

  private static func pictureVector(_ phrase: String, _ space: EmbeddingSpace, _ encoder: QueryEncoder) async throws -> [Float]? {
    try await encoder.mean(of: ["a photo of \(phrase)", phrase], in: space)
  }

  /// The frames' scores for a topic; nil when nothing was seen.
  func frameScores(for topic: QuestionPlan.Topic) async throws -> FrameScores? {
    guard let track = evidence.track, let vector = try await Self.pictureVector(topic.phrase, track.space, encoder) else { return nil }
    return FrameScores(ranges: track.ranges, raw: VectorScan.cosines(rows: track.vectors, query: vector))
  }

  func standardised(_ score: Double, _ modality: Modality) -> Double { nulls[modality]?.standardised(score) ?? 0 }

  /// What was seen that fits a topic, best first.
  func seen(_ topic: QuestionPlan.Topic, limit: Int = 12) async throws -> [Candidate] {
    guard !topic.phrase.isEmpty, let scores = try await frameScores(for: topic) else { return [] }
    let named = try await naming(of: topic)
    return scores.peaks(limit: limit).map { peak in
      let similarity = standardised(peak.score, .vision)
      let coverage = tagCoverage(of: topic, frames: peak.frames)
      let score =
        named.map { named in
          let frames = evidence.frames(overlapping: peak.range)
          return Calibration.seen(
            similarity: similarity, relevance: named.relevance.values[frames].max() ?? 0, nearest: named.nearest,
            named: named.share(in: frames), words: topic.stems.count)
        } ?? Calibration.of(.vision).logOdds(similarity: similarity, cosine: peak.score, coverage: coverage, confidence: 1)
      return Candidate(
        stream: evidence.stream.id, modality: .vision, range: peak.range, score: score, similarity: similarity, coverage: coverage,
        frames: peak.frames)
    }
  }

  /// How sharply the names of what is seen are told apart.
  private static let sharpness = 20.0

  /// How far the names of what is in each frame fit a topic. A frame's vector says what is most like a giraffe there; this says that none
  /// of it would be called one.
  struct Naming {
    /// Beside the one of all names that fits the topic best: the probabilities of the names times how well they fit, summed.
    var relevance: FrameScores
    /// The cosine of the topic with that name.
    var nearest: Double
    /// For each word of the topic the probability of the names that it is part of.
    var words: [FrameScores]

    /// The share of the words that are names of what is there.
    func share(in frames: Range<Int>) -> Double {
      guard !words.isEmpty else { return 0 }
      return words.reduce(0) { $0 + min(1, ($1.values[frames].max() ?? 0) / Self.surely) } / Double(words.count)
    }
    private static let surely = 0.1
  }

  /// nil when it is not known what can be named.
  func naming(of topic: QuestionPlan.Topic) async throws -> Naming? {
    guard let vocabulary = vocabularies[.vision], evidence.frames.contains(where: { !$0.tags.isEmpty }),
      let query = try await Self.pictureVector(topic.phrase, vocabulary.space, encoder)
    else { return nil }
    let (fits, nearest) = vocabulary.fits(of: query, sharpness: Self.sharpness)
    let tags = evidence.frames.map { frame in
      frame.tags.compactMap { tag in vocabulary.place(of: tag.label).map { (place: $0, probability: tag.probability) } }
    }
    let ranges = evidence.frames.map(\.range)
    func scores(_ weight: (Int) -> Float) -> FrameScores {
      FrameScores(ranges: ranges, raw: tags.map { $0.reduce(0) { $0 + $1.probability * weight($1.place) } })
    }
    return Naming(
      relevance: scores { Float(fits[$0]) }, nearest: nearest,
      words: topic.stems.map { stem in
        let bearers = vocabulary.bearers(of: stem)
        return scores { bearers.contains($0) ? 1 : 0 }
      })
  }

  /// How far a topic names something to be heard and nothing to be seen, 0...1: the nearest of all names of sounds is nearer than the
  /// nearest of all names of sights. 0 when not both are known.
  func isRatherHeard(_ topic: QuestionPlan.Topic) async throws -> Double {
    guard let sounds = vocabularies[.sound], let sights = vocabularies[.vision], !topic.phrase.isEmpty,
      let sound = try await encoder.vector(of: topic.phrase, in: sounds.space),
      let sight = try await Self.pictureVector(topic.phrase, sights.space, encoder)
    else { return 0 }
    let gap = sounds.fits(of: sound, sharpness: Self.sharpness).nearest - sights.fits(of: sight, sharpness: Self.sharpness).nearest
    return min(1, max(0, (gap - 0.2) / 0.2))
  }

  /// How surely the classifier itself named the topic in these frames: the share of its words times the probability, 0...1.
  private func tagCoverage(of topic: QuestionPlan.Topic, frames: Range<Int>) -> Double {
    guard let track = evidence.track, !topic.stems.isEmpty else { return 0 }
    let start = track.ranges[frames.lowerBound].start, end = track.ranges[frames.upperBound - 1].end
    var best = 0.0
    for (label, probability) in evidence.labels(from: start, to: end) where best < 1 {
      let words = Set(Token.words(of: label).map(\.stem))
      let named = Double(topic.stems.filter(words.contains).count) / Double(topic.stems.count)
      best = max(best, named * min(1, Double(probability) * 2))
    }
    return best
  }

  /// What was read, said or heard that fits a topic, best first.
  ///
  /// - Parameter text: the whole question, whose meaning is compared as well as the topic's.
  func told(_ topic: QuestionPlan.Topic, text: String? = nil, limit: Int = 24) async throws -> [Candidate] {
    guard !evidence.passages.isEmpty else { return [] }
    var cosines = [Double](repeating: -1, count: evidence.passages.count)
    if let space = evidence.passageSpace {
      for wording in Set([topic.phrase, text ?? topic.phrase]) {
        guard let vector = try await encoder.vector(of: wording, in: space) else { continue }
        for (index, cosine) in VectorScan.cosines(rows: evidence.passageVectors, query: vector).enumerated() {
          cosines[index] = max(cosines[index], Double(cosine))
        }
      }
    }
    let names = Self.names(in: text ?? topic.phrase)
    let rarities = topic.stems.map { ($0, evidence.rarity(of: $0)) }
    let total = rarities.reduce(0) { $0 + $1.1 }
    let heard = try await heard(topic)
    let found = evidence.passages.indices.filter { heard == nil || evidence.passages[$0].item.modality != .sound }.map {
      index -> Candidate in
      let passage = evidence.passages[index]
      let coverage = total > 0 ? self.coverage(of: rarities, in: index) / total : 0
      let similarity = cosines[index] > -1 ? standardised(cosines[index], passage.item.modality) : 0
      let strange = passage.item.modality == .text && names.contains { self.coverage(of: [($0, 1)], in: index) == 0 }
      return Candidate(
        stream: evidence.stream.id, modality: passage.item.modality, range: passage.item.range,
        score: Calibration.of(passage.item.modality).logOdds(
          similarity: similarity, cosine: cosines[index], coverage: coverage, confidence: Double(passage.item.confidence))
          - (strange ? Self.strangeName : 0),
        similarity: similarity, coverage: coverage, passage: index)
    }
    return Array((found + (heard ?? [])).sorted { ($0.score, $1.range.start) > ($1.score, $0.range.start) }.prefix(limit))
  }

  /// What a proper name of the question costs a line that does not hold it. Lines are read letter by letter, so a name that was asked for
  /// stands there; speech recognition mishears names too often for the same rule.
  static let strangeName = 4.0

  /// Stems of the words with a capital inside the sentence.
  static func names(in text: String) -> [String] {
    Token.words(of: text).dropFirst().filter {
      $0.surface.first?.isUppercase == true && $0.surface.count > 2 && !Vocabulary.stop.contains($0.text)
        && !Vocabulary.months.contains($0.text)
    }.map(\.stem)
  }

  /// The rarity found: fully in the passage itself, four fifths in a line that stood beside it.
  private func coverage(of rarities: [(String, Double)], in index: Int) -> Double {
    let passage = evidence.passages[index]
    return rarities.reduce(0) { sum, word in
      if Spelling.contains(passage.stems, word.0) { return sum + word.1 }
      if passage.sign.contains(where: { $0 != index && Spelling.contains(evidence.passages[$0].stems, word.0) }) {
        return sum + 0.8 * word.1
      }
      return sum
    }
  }
}
