import Core

/// Something found in a memory that may answer a question.
struct Candidate: Sendable, Equatable {
  var stream: StreamID
  var modality: Modality
  var range: TimeRange
  /// Standard deviations above what chance scores in this memory, with what the words and the cues of the question add.
  var score: Double
  /// The part of `score` that comes from meaning alone.
  var similarity: Double
  var raw = 0.0
  /// The share of the topic's words found in it, weighted by rarity: 0...1.
  var coverage: Double = 0
  /// Index of the passage in the stream's evidence; nil for what was seen.
  var passage: Int?
  /// Indices of the frames; nil for what was read, said or heard.
  var frames: Range<Int>?
}
