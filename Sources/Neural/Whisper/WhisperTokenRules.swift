import Core

/// What Whisper may write next: no signs that no one speaks, no instructions, and timestamps in pairs that never run backwards.
///
/// *Source*: Radford et al. 2022, section 4.5; `SuppressTokens` and `ApplyTimestampRules` of openai/whisper.
struct WhisperTokenRules: Sendable {
  let tokens: WhisperTokens
  let suppressed: [Int]
  let suppressedAtStart: [Int]
  /// Whether timestamps are written at all.
  let timestamps: Bool
  /// The first timestamp may lie at most this many positions (of 20 ms) into the window.
  let latestStart = 50

  /// Sets the scores of forbidden tokens to −∞. *Shape* `scores`: `[count]`.
  ///
  /// - Parameter written: the tokens written so far, without the prompt.
  func apply(_ scores: UnsafeMutablePointer<Float>, count: Int, written: [Int]) {
    let first = tokens.firstTimestamp
    for token in suppressed { scores[token] = -.infinity }
    if written.isEmpty { for token in suppressedAtStart { scores[token] = -.infinity } }
    forbid(scores, tokens.startOfTranscript..<first)
    guard timestamps else { return forbid(scores, first..<count) }

    if written.isEmpty {
      forbid(scores, 0..<first)
      forbid(scores, min(count, first + latestStart + 1)..<count)
      return
    }
    let lastIsTime = written.last.map { $0 >= first } ?? false
    let endsSegment = lastIsTime && written.count > 1 && written[written.count - 2] < first
    if endsSegment {
      forbid(scores, 0..<tokens.endOfText)
    } else if lastIsTime {
      forbid(scores, first..<count)
    }
    if let latest = written.last(where: { $0 >= first }) {
      // A segment may start where the one before it ended; it may not be empty.
      forbid(scores, first..<min(count, endsSegment ? latest : latest + 1))
    }
    // Timestamps share their probability among many tokens: together they may outweigh the likeliest word.
    let times = Kernels.logSumExp(scores + first, count: count - first)
    if times > Kernels.maximum(scores, count: first) { forbid(scores, 0..<first) }
  }

  private func forbid(_ scores: UnsafeMutablePointer<Float>, _ range: Range<Int>) {
    for token in range { scores[token] = -.infinity }
  }
}
