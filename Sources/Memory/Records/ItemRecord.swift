import Core

/// Something read, said or heard, how the picture looked, or a gap, as it is remembered. Never pooled.
package struct ItemRecord: Sendable, Equatable, Identifiable {
  package var id: Int64
  package var stream: StreamID
  /// Never `.vision`; frames are `FrameRecord`s.
  package var modality: Modality
  package var range: TimeRange
  /// The line, what was said, the name of the sound, `Look.text`, or the reason of the gap.
  package var text: String
  /// 0...1.
  package var confidence: Float
  /// The words of an utterance with their times; empty for the rest.
  package var words: [Utterance.Word]
  /// Where a line of text stood in the picture.
  package var box: TextLine.Box?
  /// BCP 47 language of an utterance.
  package var language: String?
  /// The vector of `text`, when a sentence model was installed.
  package var embedding: Embedding?
  /// The episode in which the item begins; nil when the stream has none yet.
  package var episode: Int64?

  package init(
    id: Int64, stream: StreamID, modality: Modality, range: TimeRange, text: String, confidence: Float, words: [Utterance.Word] = [],
    box: TextLine.Box? = nil, language: String? = nil, embedding: Embedding? = nil, episode: Int64? = nil
  ) {
    self.id = id
    self.stream = stream
    self.modality = modality
    self.range = range
    self.text = text
    self.confidence = confidence
    self.words = words
    self.box = box
    self.language = language
    self.embedding = embedding
    self.episode = episode
  }
}
