/// Cuts a stream of voice probabilities into stretches worth writing down: a pure value that is told one window after the other.
///
/// *Units* positions are samples at 16 kHz since the start of the stream.
struct SpeechSegmenter: Codable, Equatable {
  /// A stretch to write down: one or more spans of speech, close together.
  struct Stretch: Codable, Equatable {
    /// Where the voice detector heard speech, in order, not overlapping.
    var spans: [Range<Int>]
    /// The first span goes on from a stretch that had to be cut, or the last one is cut: no padding on that side.
    var beginsCut = false
    var endsCut = false

    var start: Int { spans.first?.lowerBound ?? 0 }
    var end: Int { spans.last?.upperBound ?? 0 }
  }

  /// Speech that goes on.
  private struct Open: Codable, Equatable {
    var start: Int
    var beginsCut = false
    /// Where the probability fell below the offset, if it has not come back since.
    var quietFrom: Int?
    /// The best place to cut if it goes on for too long, in its second half.
    var quietest: Place?
  }

  private struct Place: Codable, Equatable {
    var position: Int
    var probability: Float
  }

  private var open: Open?
  /// Spans that have ended and wait for company.
  private var waiting: [Range<Int>] = []
  private var waitingBeginsCut = false

  /// The first sample that may still be needed; nil when none of the past is.
  var neededFrom: Int? { waiting.first?.lowerBound ?? open?.start }

  /// Takes in one window.
  ///
  /// - Returns: stretches that are complete, in order.
  mutating func step(_ probability: Float, window: Range<Int>, configuration: SpeechConfiguration) -> [Stretch] {
    func samples(_ seconds: Double) -> Int { Int(seconds * 16_000) }
    var complete: [Stretch] = []
    if open != nil {
      follow(probability, window: window, configuration: configuration)
    } else if probability >= configuration.onset {
      open = Open(start: window.lowerBound)
    } else if let last = waiting.last, window.upperBound - last.upperBound > samples(configuration.joinGap) {
      complete += takeWaiting()
    }
    // Too much for one go: the pause before the open span is the best cut, else its quietest place.
    let longest = samples(configuration.longest)
    if let first = waiting.first, open != nil, window.upperBound - first.lowerBound >= longest { complete += takeWaiting() }
    if let speech = open, window.upperBound - speech.start >= longest {
      let cut = speech.quietest?.position ?? window.lowerBound
      complete.append(Stretch(spans: [speech.start..<cut], beginsCut: speech.beginsCut, endsCut: true))
      open = Open(start: cut, beginsCut: true, quietFrom: speech.quietFrom.map { max($0, cut) })
    }
    return complete
  }

  private mutating func follow(_ probability: Float, window: Range<Int>, configuration: SpeechConfiguration) {
    guard var speech = open else { return }
    if window.upperBound - speech.start >= Int(configuration.longest * 8_000), probability < speech.quietest?.probability ?? 2 {
      speech.quietest = Place(position: (window.lowerBound + window.upperBound) / 2, probability: probability)
    }
    if probability >= configuration.onset {
      speech.quietFrom = nil
    } else if probability < configuration.offset {
      speech.quietFrom = speech.quietFrom ?? window.lowerBound
    }
    open = speech
    if let quietFrom = speech.quietFrom, window.upperBound - quietFrom >= Int(configuration.leastSilence * 16_000) {
      close(speech, at: quietFrom, configuration: configuration)
    }
  }

  private mutating func close(_ speech: Open, at end: Int, configuration: SpeechConfiguration) {
    open = nil
    // What remains of speech that was cut counts however short it is.
    guard end - speech.start >= Int(configuration.leastSpeech * 16_000) || speech.beginsCut && end > speech.start else { return }
    if waiting.isEmpty { waitingBeginsCut = speech.beginsCut }
    waiting.append(speech.start..<end)
  }

  private mutating func takeWaiting() -> [Stretch] {
    guard !waiting.isEmpty else { return [] }
    defer { waiting = [] }
    return [Stretch(spans: waiting, beginsCut: waitingBeginsCut)]
  }

  /// Ends everything at the end of the sound, or at a hole in it.
  mutating func finish(at end: Int, configuration: SpeechConfiguration) -> [Stretch] {
    if let speech = open { close(speech, at: speech.quietFrom ?? end, configuration: configuration) }
    return takeWaiting()
  }
}
