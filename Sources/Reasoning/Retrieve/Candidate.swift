import Core

/// Something found in a memory that may answer a question.
struct Candidate: Sendable, Equatable {
  var stream: StreamID
  var modality: Modality
  var range: TimeRange
  /// The log-odds that it answers the question, with what the cues of the question add.
  var score: Double
  /// How far its meaning is above what chance scores in this memory, in standard deviations.
  var similarity: Double
  /// The share of the topic's words found in it, weighted by rarity: 0...1.
  var coverage: Double = 0
  /// Index of the passage in the stream's evidence; nil for what was seen.
  var passage: Int?
  /// Indices of the frames; nil for what was read, said or heard.
  var frames: Range<Int>?
  /// What a fact about the picture says; nil for everything else.
  var look: String?
  /// The name of a sound that is no more than a guess: a further moment, never the answer.
  var guess: String?
}
