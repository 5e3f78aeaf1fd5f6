import Core

/// What was said in a recording. Times are seconds since its first sample.
package struct Transcript: Sendable, Equatable, Codable {
  /// Two- or three-letter code of the language heard or asked for.
  package var language: String
  /// 0...1; 1 when the language was asked for.
  package var languageProbability: Float
  package var segments: [Segment]

  package var text: String { segments.map(\.text).joined(separator: " ") }
  package var words: [Word] { segments.flatMap(\.words) }

  package init(language: String, languageProbability: Float, segments: [Segment]) {
    self.language = language
    self.languageProbability = languageProbability
    self.segments = segments
  }

  /// A stretch of text the model wrote between two timestamps.
  package struct Segment: Sendable, Equatable, Codable {
    package var text: String
    package var start: Double
    package var end: Double
    /// Empty when word times were not asked for.
    package var words: [Word]
    /// Mean natural logarithm of the tokens' probabilities, over the window the segment was found in.
    package var averageLogProbability: Float
    /// 0...1: how strongly the model held that nothing was said in the window.
    package var noSpeechProbability: Float
    /// How often the window's text repeats itself; above 2.4 it is a loop.
    package var compressionRatio: Float
    /// The temperature at which the window was decoded; 0 unless more confident attempts failed.
    package var temperature: Float

    package init(
      text: String, start: Double, end: Double, words: [Word], averageLogProbability: Float, noSpeechProbability: Float,
      compressionRatio: Float, temperature: Float
    ) {
      self.text = text
      self.start = start
      self.end = end
      self.words = words
      self.averageLogProbability = averageLogProbability
      self.noSpeechProbability = noSpeechProbability
      self.compressionRatio = compressionRatio
      self.temperature = temperature
    }
  }

  /// One word, with the punctuation that belongs to it.
  package struct Word: Sendable, Equatable, Codable {
    package var text: String
    package var start: Double
    package var end: Double
    /// 0...1: the mean probability of its tokens.
    package var probability: Float

    package init(text: String, start: Double, end: Double, probability: Float) {
      self.text = text
      self.start = start
      self.end = end
      self.probability = probability
    }
  }
}
