import Core

/// What only some items have, as it is stored: absent where an item has none of it.
struct ItemDetail: Codable, Equatable {
  var words: [Word]?
  var language: String?
  var box: TextLine.Box?

  /// A word in as few bytes as JSON allows: `[text, start, end, confidence]`, times in nanoseconds after the item's start.
  struct Word: Codable, Equatable {
    var text: String
    var start: Int64
    var end: Int64
    var confidence: Float

    init(_ word: Utterance.Word, after start: MediaTime) {
      text = word.text
      self.start = (word.range.start - start).nanoseconds
      end = (word.range.end - start).nanoseconds
      confidence = word.confidence
    }

    func word(after start: MediaTime) -> Utterance.Word {
      Utterance.Word(
        text: text,
        range: TimeRange(start: start + MediaTime(nanoseconds: self.start), end: start + MediaTime(nanoseconds: end)),
        confidence: confidence)
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      text = try list.decode(String.self)
      start = try list.decode(Int64.self)
      end = try list.decode(Int64.self)
      confidence = try list.decode(Float.self)
    }

    func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(text)
      try list.encode(start)
      try list.encode(end)
      try list.encode(confidence)
    }
  }
}
