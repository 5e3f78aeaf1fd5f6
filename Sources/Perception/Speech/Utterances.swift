import Core
import Neural

/// Makes utterances of a transcript: one per sentence, or per stretch between two pauses.
enum Utterances {
  /// Words further than this from where the voice detector heard speech were made up, seconds. Word times are good to about 0.3 s.
  private static let stray = 0.6

  /// - Parameters:
  ///   - transcript: of sound that begins at `origin`.
  ///   - spans: where speech was heard, samples at 16 kHz since the start of the stream.
  static func observations(
    of transcript: Transcript, origin: Int, spans: [Range<Int>], configuration: SpeechConfiguration
  ) -> [Observation] {
    let start = Double(origin) / 16_000
    var observations: [Observation] = []
    for sentence in sentences(of: words(of: transcript), gap: configuration.utteranceGap) {
      let words = sentence.filter { word in
        spans.contains { span in
          start + word.end > Double(span.lowerBound) / 16_000 - stray && start + word.start < Double(span.upperBound) / 16_000 + stray
        }
      }
      guard let first = words.first, let last = words.last else { continue }
      let confidence = words.reduce(Float(0)) { $0 + $1.probability } / Float(words.count)
      guard confidence >= configuration.leastConfidence, words.contains(where: { $0.text.contains(where: \.isLetterOrNumber) }) else {
        continue
      }
      let utterance = Utterance(
        text: words.map { $0.text.trimmed }.joined(separator: transcript.joinsWithoutSpaces ? "" : " "),
        words: words.map {
          let range = TimeRange(start: MediaTime(seconds: start + $0.start), end: MediaTime(seconds: start + $0.end))
          return Utterance.Word(text: $0.text.trimmed, range: range, confidence: $0.probability)
        },
        language: transcript.language, confidence: confidence)
      let range = TimeRange(start: MediaTime(seconds: start + first.start), end: MediaTime(seconds: start + last.end))
      observations.append(Observation(range: range, content: .speech(utterance)))
    }
    return observations
  }

  /// The words of the segments that can be believed.
  ///
  /// *Source* the three tests are Whisper's own (Radford et al. 2022, section 4.5): a silent window, unlikely text, text that repeats itself.
  private static func words(of transcript: Transcript) -> [Transcript.Word] {
    transcript.segments.flatMap { segment in
      let isSilent = segment.noSpeechProbability > 0.6 && segment.averageLogProbability < -0.7
      let isUnlikely = segment.averageLogProbability < -1.3
      let isRepeating = segment.compressionRatio > 2.4
      return isSilent || isUnlikely || isRepeating ? [] : segment.words
    }
  }

  private static func sentences(of words: [Transcript.Word], gap: Double) -> [[Transcript.Word]] {
    var sentences: [[Transcript.Word]] = []
    var current: [Transcript.Word] = []
    for (index, word) in words.enumerated() {
      current.append(word)
      guard index + 1 < words.count else { break }
      let next = words[index + 1]
      if next.start - word.end > gap || endsSentence(word.text.trimmed, before: next.text.trimmed) {
        sentences.append(current)
        current = []
      }
    }
    return current.isEmpty ? sentences : sentences + [current]
  }

  private static let abbreviations: Set<String> = [
    "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "vs.", "no.", "mt.", "jr.", "sr.", "e.g.", "i.e.", "etc.", "approx.",
  ]

  private static func endsSentence(_ word: String, before next: String) -> Bool {
    let bare = word.last.map { "\"'”’)".contains($0) } == true ? String(word.dropLast()) : word
    guard let mark = bare.last, ".?!…。？！".contains(mark) else { return false }
    if "。？！".contains(mark) { return true }
    guard !abbreviations.contains(bare.lowercased()) else { return false }
    // An initial: "J. F. Kennedy".
    if mark == ".", bare.count == 2, bare.first?.isUppercase == true { return false }
    let opening = next.first(where: { !"\"'“‘(¿¡".contains($0) })
    return opening?.isLowercase != true
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

extension Transcript {
  /// Languages written without spaces between words.
  fileprivate var joinsWithoutSpaces: Bool { ["zh", "ja", "th", "lo", "my", "yue"].contains(language) }
}
