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
  /// The sounds whose names are in the vocabulary, with the place of the name.
  let namedSounds: [(passage: Int, place: Int)]
  /// The same for those that are guesses.
  let namedGuesses: [(guess: Int, place: Int)]
  private let chance: Chance
  /// The names of each frame by their places in the vocabulary; nil when nothing was named or it is not known what can be.
  private let namedFrames: [[(place: Int, probability: Float)]]?
  private var snapshot: MemorySnapshot?

  init(_ evidence: StreamEvidence, chance: Chance, encoder: QueryEncoder, vocabularies: [Modality: SenseVocabulary]) {
    self.evidence = evidence
    self.chance = chance
    self.encoder = encoder
    self.vocabularies = vocabularies
    namedSounds =
      vocabularies[.sound].map { vocabulary in
        evidence.passages.indices.filter { evidence.passages[$0].item.modality == .sound }.compactMap { index in
          vocabulary.place(of: evidence.passages[index].item.text).map { (index, $0) }
        }
      } ?? []
    namedGuesses =
      vocabularies[.sound].map { vocabulary in
        evidence.guesses.indices.compactMap { index in vocabulary.place(of: evidence.guesses[index].text).map { (index, $0) } }
      } ?? []
    let isNamed = evidence.frames.contains { !$0.tags.isEmpty }
    namedFrames = vocabularies[.vision].flatMap { vocabulary in
      !isNamed
        ? nil
        : evidence.frames.map { frame in
          frame.tags.compactMap { tag in vocabulary.place(of: tag.label).map { ($0, tag.probability) } }
        }
    }
  }

  /// The same over a snapshot that holds the same.
  func over(_ snapshot: MemorySnapshot) -> Retriever {
    var retriever = self
    retriever.snapshot = snapshot
    return retriever
  }

  /// The item of a passage whole, with the times of its words.
  func item(of passage: Int) throws -> ItemRecord {
    let item = evidence.passages[passage].item
    return try snapshot?.item(item.id) ?? item
  }

  private static func pictureVector(_ phrase: String, _ space: EmbeddingSpace, _ encoder: QueryEncoder) async throws -> [Float]? {
    try await encoder.mean(of: NeutralQueries.wordings(of: phrase), in: space)
  }

  /// The frames' scores for a topic; nil when nothing was seen.
  func frameScores(for topic: QuestionPlan.Topic) async throws -> FrameScores? {
    guard let track = evidence.track, let windows = evidence.windows,
      let vector = try await Self.pictureVector(topic.phrase, track.space, encoder)
    else { return nil }
    return FrameScores(windows, raw: VectorScan.cosines(rows: track.vectors, query: vector))
  }

  func standardised(_ score: Double, _ modality: Modality) -> Double {
    Part.chance.isOn ? chance.nulls[modality]?.standardised(score) ?? 0 : 10 * score
  }

  /// What was seen that fits a topic, best first.
  func seen(_ topic: QuestionPlan.Topic, limit: Int = 12) async throws -> [Candidate] {
    guard !topic.phrase.isEmpty, let scores = try await frameScores(for: topic) else { return [] }
    let named = try await naming(of: topic)
    let labels = labels(naming: topic)
    return scores.peaks(limit: limit).map { peak in
      let similarity = standardised(peak.score, .vision)
      let coverage = tagCoverage(labels, frames: peak.frames)
      let score =
        named.map { named in
          let frames = evidence.frames(overlapping: peak.range)
          return Calibration.seen(
            similarity: similarity, relevance: named.relevance.values[frames].max() ?? 0, nearest: named.nearest,
            named: named.share(in: frames), words: topic.stems.count)
        } ?? Calibration.of(.vision).logOdds(similarity: similarity, cosine: peak.score, coverage: coverage)
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
    guard Part.sightNames.isOn, let vocabulary = vocabularies[.vision], let namedFrames,
      let query = try await Self.pictureVector(topic.phrase, vocabulary.space, encoder)
    else { return nil }
    let (fits, nearest) = vocabulary.fits(of: query, sharpness: Self.sharpness)
    func scores(_ weights: [Float]) -> FrameScores {
      FrameScores(
        evidence.frameWindows, raw: namedFrames.map { names in names.reduce(Float(0)) { $0 + $1.probability * weights[$1.place] } })
    }
    return Naming(
      relevance: scores(fits.map(Float.init)), nearest: nearest,
      words: topic.stems.map { stem in
        let bearers = vocabulary.bearers(of: stem)
        return scores(fits.indices.map { bearers.contains($0) ? 1 : 0 })
      })
  }

  /// The labels that hold words of a topic, with the share of its words they hold.
  private func labels(naming topic: QuestionPlan.Topic) -> [String: Double] {
    guard !topic.stems.isEmpty else { return [:] }
    return evidence.labelStems.compactMapValues { stems in
      let named = topic.stems.count(where: stems.contains)
      return named > 0 ? Double(named) / Double(topic.stems.count) : nil
    }
  }

  /// How surely the classifier itself named the topic in these frames: the share of its words times the probability, 0...1.
  private func tagCoverage(_ labels: [String: Double], frames: Range<Int>) -> Double {
    guard let track = evidence.track, !labels.isEmpty else { return 0 }
    let start = track.ranges[frames.lowerBound].start, end = track.ranges[frames.upperBound - 1].end
    return evidence.labels(from: start, to: end).reduce(0) { best, found in
      max(best, (labels[found.label] ?? 0) * min(1, Double(found.probability) * 2))
    }
  }

  /// What was read, said or heard that fits a topic, best first.
  ///
  /// - Parameter text: the whole question, whose meaning is compared as well as the topic's.
  /// - Parameter bySubject: whether its words need not be those of the topic.
  func told(_ topic: QuestionPlan.Topic, text: String? = nil, bySubject: Bool = false, limit: Int = 24) async throws -> [Candidate] {
    guard !evidence.passages.isEmpty else { return [] }
    let passages = evidence.passages
    var cosines = [Double](repeating: -1, count: passages.count)
    if let space = evidence.passageSpace, Part.meaning.isOn {
      for wording in Set([topic.phrase, Part.wholeQuestion.isOn ? text ?? topic.phrase : topic.phrase]) {
        guard let vector = try await encoder.vector(of: wording, in: space) else { continue }
        for (index, cosine) in evidence.cosines(with: vector).enumerated() { cosines[index] = max(cosines[index], Double(cosine)) }
      }
    }
    let rarities = (Part.words.isOn ? topic.stems : []).map { ($0, Part.rarity.isOn ? evidence.rarity(of: $0) : 1) }
    let total = rarities.reduce(0) { $0 + $1.1 }
    var coverages = [Double](repeating: 0, count: passages.count)
    for (stem, rarity) in rarities {
      for index in evidence.terms.passages(with: stem) { coverages[index] += rarity }
    }
    var named = [Int](repeating: 0, count: passages.count)
    let names = Self.names(in: text ?? topic.phrase)
    for name in names {
      for index in evidence.terms.passages(with: name) { named[index] += 1 }
    }
    let heard = try await heard(topic)
    let chosen = passages.indices.filter { heard == nil || passages[$0].item.modality != .sound }
    let scores = chosen.map { index -> Double in
      let item = passages[index].item
      let isStrange = Part.strangeNames.isOn && item.modality == .text && named[index] < names.count
      let coverage = total > 0 ? coverages[index] / total : 0
      return Calibration.of(item.modality).logOdds(
        similarity: cosines[index] > -1 ? standardised(cosines[index], item.modality) : 0, cosine: cosines[index],
        coverage: bySubject ? max(Self.subjectCoverage, coverage) : coverage) - (isStrange ? Self.strangeName : 0)
    }
    let least = scores.count > limit ? scores.sorted(by: >)[limit - 1] : -.infinity
    let found = zip(chosen, scores).filter { $0.1 >= least }.map { index, score -> Candidate in
      let item = passages[index].item
      let isStrange = Part.strangeNames.isOn && item.modality == .speech && names.contains { isAnothers(index, $0) }
      return Candidate(
        stream: evidence.stream.id, modality: item.modality, range: item.range, score: score - (isStrange ? Self.strangeName : 0),
        similarity: cosines[index] > -1 ? standardised(cosines[index], item.modality) : 0,
        coverage: total > 0 ? coverages[index] / total : 0, passage: index)
    }
    return Array((found + (heard ?? [])).sorted { ($0.score, $1.range.start) > ($1.score, $0.range.start) }.prefix(limit))
  }

  /// What a subject's words are counted as, where none of them need be said.
  private static let subjectCoverage = 0.4

  /// Whether a sentence is about somebody else: it lacks a name that is heard rightly elsewhere in the stream, or has one instead that sounds
  /// nothing like it.
  private func isAnothers(_ index: Int, _ name: String) -> Bool {
    let passage = evidence.passages[index]
    if Spelling.contains(passage.stems, name) || passage.stems.contains(where: { Spelling.resembles($0, name) }) { return false }
    if evidence.terms.count(of: name) > 0 { return true }
    return passage.item.text.matches(of: /[a-z,] ([A-Z][a-z]{2,})/).contains { !Vocabulary.weekdays.contains($0.output.1.lowercased()) }
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
}
