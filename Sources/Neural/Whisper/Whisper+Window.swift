import Core
import Foundation

extension Whisper {
  /// Decodes a window, until a decoding passes the checks or the temperatures run out, and cuts it into segments.
  ///
  /// - Returns: the segments, and how many rows of the spectrogram they account for.
  func read(_ window: Window, options: Options) throws -> (segments: [Transcript.Segment], rowsDone: Int) {
    guard let decoding = try decode(window, options: options) else { return ([], window.rows) }
    var (pieces, rowsDone) = pieces(of: decoding.attempt, window: window)
    pieces.removeAll { tokenizer.decode($0.tokens).allSatisfy { $0.isWhitespace } || $0.end <= $0.start }
    var segments = pieces.map { piece in
      Transcript.Segment(
        text: tokenizer.decode(piece.tokens).trimmingCharacters(in: .whitespaces), start: window.startSeconds + piece.start,
        end: min(window.endSeconds, window.startSeconds + piece.end), words: [], averageLogProbability: decoding.attempt.average,
        noSpeechProbability: window.noSpeech, compressionRatio: decoding.compressionRatio, temperature: decoding.attempt.temperature)
    }
    guard options.wordTimes, !segments.isEmpty else { return (segments, rowsDone) }
    addWords(to: &segments, pieces: pieces, window: window, options: options)
    segments.removeAll { $0.words.isEmpty }
    // The last word says more exactly than the last timestamp how far the window has been understood.
    if let end = segments.last?.words.last?.end, rowsDone < window.rows, end > window.startSeconds {
      rowsDone = min(window.rows, Int(((end - window.startSeconds) * 100).rounded()))
    }
    return (segments, rowsDone)
  }

  /// The logarithm of the likelihood of the first text that comes to mind, all tokens together; nil when nothing was said.
  func likelihood(of window: Window, options: Options) throws -> Float? {
    var once = options
    (once.temperatures, once.beamSize) = ([0], 1)
    return try decode(window, options: once)?.attempt.total
  }

  private struct Decoding {
    var attempt: WhisperAttempt
    var compressionRatio: Float
  }

  /// - Returns: nil when nothing was said.
  private func decode(_ window: Window, options: Options) throws -> Decoding? {
    let rules = WhisperTokenRules(
      tokens: tokens, suppressed: configuration.suppressed, suppressedAtStart: configuration.suppressedAtStart, timestamps: true)
    // Half of what the decoder holds is kept for a prompt; and no one says thirty tokens a second.
    let limit = min(decoder.capacity / 2, 24 + window.rows * 30 / 100)
    let search = WhisperSearch(
      decoder: decoder, rules: rules, prompt: prompt(language: window.language, task: options.task), limit: limit)
    let seemsSilent = window.noSpeech > options.noSpeechThreshold
    if seemsSilent, options.beamSize > 1 {
      // A search over noise runs to the limit with every beginning: a greedy look first costs a fraction.
      let glance = try search.sample(temperature: 0, candidates: 1, seed: options.seed)
      if glance.average < options.silenceLogProbabilityThreshold { return nil }
    }
    var failed: [Decoding] = []
    for (round, temperature) in options.temperatures.enumerated() {
      let seed = options.seed &+ UInt64(window.start) &* 1_000_003 &+ UInt64(round)
      let attempt =
        temperature == 0 && options.beamSize > 1
        ? try search.beam(size: options.beamSize)
        : try search.sample(temperature: temperature, candidates: temperature == 0 ? 1 : max(1, options.candidates), seed: seed)
      let text = tokenizer.decode(attempt.tokens.filter { $0 < tokens.endOfText })
      let decoding = Decoding(attempt: attempt, compressionRatio: TextCompression.ratio(of: text))
      let isUnlikely = attempt.average < options.logProbabilityThreshold
      let repeats = decoding.compressionRatio > options.compressionRatioThreshold
      if seemsSilent, attempt.average < options.silenceLogProbabilityThreshold { return nil }
      if !isUnlikely && !repeats { return decoding }
      failed.append(decoding)
    }
    let sound = failed.filter { $0.compressionRatio <= options.compressionRatioThreshold }
    return (sound.isEmpty ? failed : sound).max { $0.attempt.average < $1.attempt.average }
  }

  /// A run of text between two timestamps, seconds from the start of the window.
  struct Piece {
    var tokens: [Int]
    var logProbabilities: [Float]
    var start: Double
    var end: Double
  }

  /// Cuts what was written at its timestamps. Text after the last complete pair is left for the next window.
  private func pieces(of attempt: WhisperAttempt, window: Window) -> (pieces: [Piece], rowsDone: Int) {
    let written = attempt.tokens
    func seconds(_ token: Int) -> Double { Double(token - tokens.firstTimestamp) * WhisperTokens.secondsPerPosition }
    func isTime(_ index: Int) -> Bool { written.indices.contains(index) && written[index] >= tokens.firstTimestamp }
    func piece(_ range: Range<Int>, start: Double, end: Double) -> Piece {
      let text = range.filter { written[$0] < tokens.endOfText }
      return Piece(tokens: text.map { written[$0] }, logProbabilities: text.map { attempt.logProbabilities[$0] }, start: start, end: end)
    }
    // Where one segment's end meets the next one's start.
    var cuts = written.indices.filter { isTime($0) && isTime($0 - 1) }
    let endsWithOneTime = isTime(written.count - 1) && !isTime(written.count - 2)
    let length = Double(window.rows) / 100
    guard !cuts.isEmpty else {
      // One segment: to its last timestamp if it has one, else to the end.
      let last = written.last { $0 >= tokens.firstTimestamp }.map(seconds) ?? 0
      let start = written.first.map { $0 >= tokens.firstTimestamp ? seconds($0) : 0 } ?? 0
      return ([piece(0..<written.count, start: start, end: last > start ? last : length)], window.rows)
    }
    if endsWithOneTime { cuts.append(written.count) }
    var pieces: [Piece] = []
    var start = 0
    for cut in cuts {
      pieces.append(piece(start..<cut, start: seconds(written[start]), end: seconds(written[cut - 1])))
      start = cut
    }
    if endsWithOneTime { return (pieces, window.rows) }
    return (pieces, min(window.rows, Int((seconds(written[start - 1]) * 100).rounded())))
  }
}
