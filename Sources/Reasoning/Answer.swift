import Core
import Memory

/// What a memory has to say to a question: an answer with the moments it rests on, or an honest refusal.
///
/// Its JSON form is what `ask --json` prints: the keys are the property names, except that a `range` is written as `start` and `end`,
/// in seconds on the stream's clock.
package struct Answer: Sendable, Equatable, Codable {
  /// The answer in words; nil when there is none.
  package var text: String?
  /// What kind of answer the question asked for.
  package var kind: AnswerKind
  /// Whether the memory holds nothing that answers the question. `missing` then says what was looked for.
  package var abstained: Bool
  /// The estimated probability that the answer is right, 0...1.
  package var confidence: Double
  /// The moments that answer the question, best first. Empty when abstained.
  package var moments: [Moment]
  /// What the answer rests on; at least one unless abstained or corrected.
  package var citations: [Citation]
  /// How the question was understood, one short line each.
  package var understood: [String]
  /// When abstained: what was looked for and the nearest thing that was found.
  package var missing: String?
  /// Set when a person's correction answers instead of what is remembered.
  package var correction: AppliedCorrection?
  /// Corrections of other questions about the same things, newest first, where none answers: somebody who asks should know of them.
  package var seeAlso: [AppliedCorrection.Statement]?

  package init(
    text: String?, kind: AnswerKind, abstained: Bool, confidence: Double, moments: [Moment], citations: [Citation], understood: [String],
    missing: String?, correction: AppliedCorrection? = nil
  ) {
    self.text = text
    self.kind = kind
    self.abstained = abstained
    self.confidence = confidence
    self.moments = moments
    self.citations = citations
    self.understood = understood
    self.missing = missing
    self.correction = correction
  }

  /// A stretch of a stream that answers the question.
  package struct Moment: Sendable, Equatable, Codable {
    package var stream: StreamID
    package var range: TimeRange
    /// Higher is better; comparable within one answer only.
    package var score: Double

    package init(stream: StreamID, range: TimeRange, score: Double) {
      self.stream = stream
      self.range = range
      self.score = score
    }
  }

  /// Where in the memory a statement of the answer comes from.
  package struct Citation: Sendable, Equatable, Codable {
    package var stream: StreamID
    package var range: TimeRange
    package var modality: Modality
    /// How much of the original is still kept there.
    package var level: DetailLevel
    /// What was read or said word for word, or the names of what was seen or heard.
    package var quote: String
    /// Path of a picture, relative to the memory's folder.
    package var thumbnail: String?

    package init(stream: StreamID, range: TimeRange, modality: Modality, level: DetailLevel, quote: String, thumbnail: String? = nil) {
      self.stream = stream
      self.range = range
      self.modality = modality
      self.level = level
      self.quote = quote
      self.thumbnail = thumbnail
    }
  }
}

extension Answer.Moment {
  private enum Key: String, CodingKey { case stream, start, end, score }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let (start, end) = (try container.decode(Double.self, forKey: .start), try container.decode(Double.self, forKey: .end))
    self.init(
      stream: try container.decode(StreamID.self, forKey: .stream),
      range: TimeRange(start: MediaTime(seconds: start), end: MediaTime(seconds: end)),
      score: try container.decode(Double.self, forKey: .score))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(stream, forKey: .stream)
    try container.encode(range.start.seconds, forKey: .start)
    try container.encode(range.end.seconds, forKey: .end)
    try container.encode(score, forKey: .score)
  }
}

extension Answer.Citation {
  private enum Key: String, CodingKey { case stream, start, end, modality, level, quote, thumbnail }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let (start, end) = (try container.decode(Double.self, forKey: .start), try container.decode(Double.self, forKey: .end))
    self.init(
      stream: try container.decode(StreamID.self, forKey: .stream),
      range: TimeRange(start: MediaTime(seconds: start), end: MediaTime(seconds: end)),
      modality: try container.decode(Modality.self, forKey: .modality), level: try container.decode(DetailLevel.self, forKey: .level),
      quote: try container.decode(String.self, forKey: .quote), thumbnail: try container.decodeIfPresent(String.self, forKey: .thumbnail))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(stream, forKey: .stream)
    try container.encode(range.start.seconds, forKey: .start)
    try container.encode(range.end.seconds, forKey: .end)
    try container.encode(modality, forKey: .modality)
    try container.encode(level, forKey: .level)
    try container.encode(quote, forKey: .quote)
    try container.encodeIfPresent(thumbnail, forKey: .thumbnail)
  }
}

/// The kind of answer a question asks for.
package enum AnswerKind: String, Sendable, Codable, CaseIterable {
  /// When or where in the stream something is.
  case moment
  /// Which thing, in words: what is written, said or shown.
  case fact
  /// Who.
  case person
  /// A quantity: a price, a length of time, a speed.
  case value
  /// How many times, or how many of them.
  case count
  /// Whether.
  case yesNo
  /// Which of two came first, or whether one came before or after the other.
  case order
  /// Several things or moments.
  case list
  /// What there is in all, or of one sense, in short.
  case summary
  /// Nothing that can be answered was asked.
  case none
}
