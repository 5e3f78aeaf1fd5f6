/// One thing perceived, with the stretch of stream it was perceived in. The only value that crosses from seeing to remembering.
package struct Observation: Sendable, Equatable {
  /// When the thing was visible or audible. A frame's range runs to the next sample.
  package var range: TimeRange
  package var content: Content
  /// What was told of the same thing before, whose place this takes; nil for what is told once. Where that is no longer remembered, neither is this.
  package var replaces: Earlier?

  package init(range: TimeRange, content: Content) {
    self.range = range
    self.content = content
  }

  /// An earlier telling of something that went on.
  package struct Earlier: Sendable, Equatable {
    package var range: TimeRange
    package var text: String

    package init(range: TimeRange, text: String) {
      self.range = range
      self.text = text
    }
  }

  package enum Content: Sendable, Equatable {
    case frame(FrameFeatures)
    case text(TextLine)
    case speech(Utterance)
    case sound(SoundEvent)
    case look(Look)
    /// A stretch in which nothing could be perceived, with the reason: a lost signal, undecodable packets, dropped sound.
    case gap(String)
  }

  package var modality: Modality {
    switch content {
    case .frame: .vision
    case .text: .text
    case .speech: .speech
    case .sound: .sound
    case .look: .look
    case .gap: .gap
    }
  }
}

/// The sense an observation came by: seen, read, said, heard, how the picture looks, or missing.
package enum Modality: String, Sendable, Codable, CaseIterable, Comparable {
  case vision, text, speech, sound, look, gap

  private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  package static func < (a: Modality, b: Modality) -> Bool { a.order < b.order }
}

/// A line of text read on screen, followed over time.
package struct TextLine: Sendable, Equatable, Codable {
  package var text: String
  /// Where the line stands, as a share of the upright picture: origin top left, all four within 0...1.
  package var box: Box
  /// 0...1.
  package var confidence: Float
  /// The sentence vector of `text`, when a sentence model is installed.
  package var embedding: Embedding?

  package init(text: String, box: Box, confidence: Float, embedding: Embedding? = nil) {
    self.text = text
    self.box = box
    self.confidence = confidence
    self.embedding = embedding
  }

  package struct Box: Sendable, Equatable, Codable {
    package var x, y, width, height: Float
    package init(x: Float, y: Float, width: Float, height: Float) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }
  }
}

/// A stretch of speech between two pauses.
package struct Utterance: Sendable, Equatable, Codable {
  package var text: String
  package var words: [Word]
  /// BCP 47 language of the speech, as the recogniser heard it.
  package var language: String
  /// 0...1: the mean probability of the tokens.
  package var confidence: Float
  package var embedding: Embedding?

  package init(text: String, words: [Word], language: String, confidence: Float, embedding: Embedding? = nil) {
    self.text = text
    self.words = words
    self.language = language
    self.confidence = confidence
    self.embedding = embedding
  }

  package struct Word: Sendable, Equatable, Codable {
    package var text: String
    package var range: TimeRange
    /// 0...1.
    package var confidence: Float
    package init(text: String, range: TimeRange, confidence: Float) {
      self.text = text
      self.range = range
      self.confidence = confidence
    }
  }
}

/// A sound other than what was said, with its class name.
package struct SoundEvent: Sendable, Equatable, Codable {
  package var name: String
  /// 0...1.
  package var score: Float
  package var embedding: Embedding?

  /// Least score of a name that is told. A fainter one is a guess: it has a place among the moments of an answer and carries none.
  package static let clear: Float = 0.1
  package var isClear: Bool { score >= Self.clear }

  package init(name: String, score: Float, embedding: Embedding? = nil) {
    self.name = name
    self.score = score
    self.embedding = embedding
  }
}

/// A plain fact about the picture that holds for a stretch: how bright it is, its colours, what the camera does.
package struct Look: Sendable, Equatable, Codable {
  package var kind: Kind
  /// In few fixed words: "dark", "pans left", "green, grey; red stands out", "sports car, red".
  package var words: String
  /// 0...1.
  package var confidence: Float

  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// How bright the picture is, or that it changed of a sudden.
    case light
    /// The colours of the picture, those that fill most of it first, and those that stand out in it.
    case colours
    /// The colour of the part of the picture that got a name.
    case colour
    /// How the camera moves.
    case camera
  }

  package init(_ kind: Kind, _ words: String, confidence: Float = 1) {
    self.kind = kind
    self.words = words
    self.confidence = confidence
  }

  /// "light: dark", the form in which it is remembered.
  package var text: String { "\(kind.rawValue): \(words)" }

  /// *Returns* nil for a text of another form.
  package init?(text: String, confidence: Float) {
    guard let mark = text.firstIndex(of: ":"), let kind = Kind(rawValue: String(text[..<mark])) else { return nil }
    self.init(kind, String(text[text.index(after: mark)...].drop { $0 == " " }), confidence: confidence)
  }
}
