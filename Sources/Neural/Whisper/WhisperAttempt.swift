import Core
import Foundation

/// One decoding of a window, at one temperature.
struct WhisperAttempt {
  /// What was written, timestamps included, without the prompt and the end.
  var tokens: [Int]
  /// The natural logarithm of each token's probability at temperature 0.
  var logProbabilities: [Float]
  /// Their sum, with that of the end if it was reached.
  var total: Float
  var temperature: Float = 0

  /// Per token, the end counted as one.
  var average: Float { total / Float(tokens.count + 1) }
}

/// Searches for what the decoder most likely wrote.
///
/// *Source*: `GreedyDecoder`, `BeamSearchDecoder` and `MaximumLikelihoodRanker` of openai/whisper.
struct WhisperSearch {
  let decoder: WhisperDecoder
  let rules: WhisperTokenRules
  let prompt: [Int]
  /// The most tokens written.
  let limit: Int

  /// Writes the likeliest token each time (temperature 0), or draws from the distribution `candidates` times and keeps the likeliest.
  ///
  /// - Throws: `CancellationError` between two tokens.
  func sample(temperature: Float, candidates: Int, seed: UInt64) throws -> WhisperAttempt {
    var generator = SplitMix64(state: seed)
    let vocabulary = decoder.vocabularySize
    var written = [WhisperAttempt](
      repeating: WhisperAttempt(tokens: [], logProbabilities: [], total: 0, temperature: temperature), count: candidates)
    var active = Array(0..<candidates)
    var scores = start(sequences: candidates)
    var length = prompt.count
    for step in 0..<limit {
      try Task.checkCancellation()
      var rows: [WhisperDecoder.Row] = []
      var still: [Int] = []
      for (index, candidate) in active.enumerated() {
        let row = scores + (step == 0 ? 0 : index * vocabulary)
        if step == 0 && index > 0 {
          // All candidates start from the one row of the prompt, whose rules have been applied.
        } else {
          rules.apply(row, count: vocabulary, written: written[candidate].tokens)
        }
        let token = temperature == 0 ? Kernels.argmax(row, count: vocabulary) : draw(row, vocabulary, temperature, &generator)
        let logProbability = row[token] - Kernels.logSumExp(row, count: vocabulary)
        written[candidate].total += logProbability
        guard token != rules.tokens.endOfText else { continue }
        written[candidate].tokens.append(token)
        written[candidate].logProbabilities.append(logProbability)
        if isLooping(written[candidate].tokens) { continue }
        still.append(candidate)
        rows.append(.init(sequence: candidate, position: length, token: token))
      }
      active = still
      length += 1
      guard !active.isEmpty, step + 1 < limit, length < decoder.capacity else { break }
      scores = decoder.run(rows, wanted: Array(rows.indices))
    }
    return written.max { Self.rank($0) < Self.rank($1) } ?? written[0]
  }

  /// Keeps the `size` likeliest beginnings at each step.
  ///
  /// - Throws: `CancellationError` between two tokens.
  func beam(size: Int) throws -> WhisperAttempt {
    struct Candidate {
      var source: Int
      var token: Int
      var logProbability: Float
      var total: Float
    }
    let vocabulary = decoder.vocabularySize
    var beams = [WhisperAttempt(tokens: [], logProbabilities: [], total: 0)]
    var finished: [WhisperAttempt] = []
    var scores = start(sequences: size)
    var length = prompt.count
    for step in 0..<limit {
      try Task.checkCancellation()
      var candidates: [Candidate] = []
      for (index, beam) in beams.enumerated() {
        let row = scores + index * vocabulary
        rules.apply(row, count: vocabulary, written: beam.tokens)
        let sum = Kernels.logSumExp(row, count: vocabulary)
        for token in Self.best(row, count: vocabulary, size + 1) {
          candidates.append(.init(source: index, token: token, logProbability: row[token] - sum, total: beam.total + row[token] - sum))
        }
      }
      candidates.sort { $0.total != $1.total ? $0.total > $1.total : ($0.source, $0.token) < ($1.source, $1.token) }
      var next: [WhisperAttempt] = []
      var sources: [Int] = []
      for candidate in candidates where next.count < size {
        var attempt = beams[candidate.source]
        attempt.total = candidate.total
        if candidate.token == rules.tokens.endOfText {
          if finished.count < size { finished.append(attempt) }
          continue
        }
        attempt.tokens.append(candidate.token)
        attempt.logProbabilities.append(candidate.logProbability)
        next.append(attempt)
        sources.append(candidate.source)
      }
      beams = next
      guard finished.count < size, !beams.isEmpty, step + 1 < limit, length + 1 < decoder.capacity else { break }
      decoder.rearrange(sources + (sources.count..<size).map { _ in sources[0] }, length: length)
      scores = decoder.run(
        beams.enumerated().map { .init(sequence: $0.offset, position: length, token: $0.element.tokens.last ?? 0) },
        wanted: Array(beams.indices))
      length += 1
    }
    if finished.count < size { finished += beams.sorted { $0.total > $1.total }.prefix(size - finished.count) }
    return finished.max { Self.rank($0) < Self.rank($1) } ?? WhisperAttempt(tokens: [], logProbabilities: [], total: 0)
  }

  /// Runs the prompt and gives every sequence a copy of it; the scores are those of one row.
  private func start(sequences: Int) -> UnsafeMutablePointer<Float> {
    decoder.begin(sequences: sequences)
    let rows = prompt.enumerated().map { WhisperDecoder.Row(sequence: 0, position: $0.offset, token: $0.element) }
    let scores = decoder.run(rows, wanted: [rows.count - 1])
    if sequences > 1 { decoder.rearrange([Int](repeating: 0, count: sequences), length: prompt.count) }
    return scores
  }

  private static func rank(_ attempt: WhisperAttempt) -> Float { attempt.total / Float(max(1, attempt.tokens.count)) }

  /// Whether the last tokens are one phrase over and over: what follows would only be more of it. The compression check then rejects it.
  private func isLooping(_ tokens: [Int]) -> Bool {
    for period in 1...8 {
      let span = max(24, 6 * period)
      guard tokens.count >= span else { return false }
      if tokens.suffix(span - period).elementsEqual(tokens.suffix(span).prefix(span - period)) { return true }
    }
    return false
  }

  /// The places of the `size` largest finite numbers, largest first.
  private static func best(_ row: UnsafePointer<Float>, count: Int, _ size: Int) -> [Int] {
    var places: [Int] = []
    var least = -Float.infinity
    for i in 0..<count where row[i] > least {
      let place = places.firstIndex { row[$0] < row[i] } ?? places.count
      places.insert(i, at: place)
      if places.count > size { places.removeLast() }
      if places.count == size { least = row[places[size - 1]] }
    }
    return places
  }

  private func draw(_ row: UnsafePointer<Float>, _ count: Int, _ temperature: Float, _ generator: inout SplitMix64) -> Int {
    let top = Kernels.maximum(row, count: count)
    var sum: Double = 0
    for i in 0..<count where row[i] > -.infinity { sum += Double(expf((row[i] - top) / temperature)) }
    var rest = Double.random(in: 0..<1, using: &generator) * sum
    for i in 0..<count where row[i] > -.infinity {
      rest -= Double(expf((row[i] - top) / temperature))
      if rest < 0 { return i }
    }
    return Kernels.argmax(row, count: count)
  }
}

/// Random numbers that are the same on every machine. *Source*: Steele, Lea and Flood 2014.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
