import Core
import Foundation

/// Whisper, any size: writes down what is said in a recording, with the time of each word.
///
/// *Isolation* keeps working memory between calls: use it from one actor. Blocks for seconds: that actor runs on a queue of its own. What the
/// model knows is a value that any number of them share.
/// *Source*: Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision"; openai/whisper.
package final class Whisper {
  /// Samples per second of what `transcribe` takes.
  package static let sampleRateHertz = LogMelSpectrogram.sampleRateHertz

  let configuration: WhisperConfiguration
  let tokenizer: BytePairTokenizer
  let tokens: WhisperTokens
  let spectrogram: LogMelSpectrogram
  let encoder: WhisperEncoder
  let decoder: WhisperDecoder
  private let attention = FloatBuffer()

  /// Rows of the spectrogram, 10 ms each, that the encoder hears at once.
  private var windowRows: Int { 2 * configuration.sourcePositions }

  /// What `.fitted` computes at least, 10 s: less is too far from what the model was trained on.
  private static let fewestPositions = 500

  /// The weights of a model, with all that goes with them: about 330 MB for `whisper-base`, once, however many share them.
  package struct Weights: Sendable {
    fileprivate let configuration: WhisperConfiguration
    fileprivate let tokenizer: BytePairTokenizer
    fileprivate let tokens: WhisperTokens
    fileprivate let spectrogram: LogMelSpectrogram
    fileprivate let encoder: WhisperEncoder.Weights
    fileprivate let decoder: WhisperDecoder.Weights

    /// - Parameter folder: `config.json`, `model.safetensors`, `tokenizer.json` and, where known, `generation_config.json`, as on the Hub.
    /// - Throws: `NeuralError.unavailable` when a file is missing, `.corruptInput` when one is not what it should be.
    package init(folder: URL) throws {
      configuration = try WhisperConfiguration(folder: folder)
      let tokenizerFile = folder.appendingPathComponent("tokenizer.json")
      tokenizer = try BytePairTokenizer(url: tokenizerFile)
      tokens = try WhisperTokens(tokenizer, configuration: configuration, file: tokenizerFile.path)
      let weights = try SafetensorsFile(url: folder.appendingPathComponent("model.safetensors"))
      encoder = try WhisperEncoder.Weights(weights, configuration: configuration)
      decoder = try WhisperDecoder.Weights(weights, configuration: configuration)
      spectrogram = LogMelSpectrogram(bins: configuration.melBins)
    }

    /// Codes of the languages the model knows; empty when it knows English only.
    package var languages: [String] { tokens.languages.map(\.code) }
  }

  package init(_ weights: Weights) {
    (configuration, tokenizer, tokens, spectrogram) = (weights.configuration, weights.tokenizer, weights.tokens, weights.spectrogram)
    encoder = WhisperEncoder(weights.encoder)
    decoder = WhisperDecoder(weights.decoder)
  }

  /// A model with weights of its own.
  ///
  /// - Throws: what `Weights` throws.
  package convenience init(folder: URL) throws { self.init(try Weights(folder: folder)) }

  /// Codes of the languages the model knows; empty when it knows English only.
  package var languages: [String] { tokens.languages.map(\.code) }

  /// Transcribes a recording of any length, window by window.
  ///
  /// - Parameter samples: mono at 16 kHz, −1...1.
  /// - Throws: `CancellationError` when the task was cancelled, `NeuralError.misconfigured` for a language the model does not know.
  package func transcribe(_ samples: [Float], options: Options = Options()) throws -> Transcript {
    var language = options.language
    if !configuration.isMultilingual { language = "en" }
    if let language, configuration.isMultilingual, tokens.token(ofLanguage: language) == nil {
      throw NeuralError(.misconfigured, "Whisper knows no language “\(language)”; it knows \(languages.sorted().joined(separator: ", "))")
    }
    var transcript = Transcript(language: language ?? "en", languageProbability: language == nil ? 0 : 1, segments: [])
    let frames = spectrogram(samples)
    var seek = 0
    while seek < frames.count {
      try Task.checkCancellation()
      let rows = min(windowRows, frames.count - seek)
      guard frames.loudest > LogMelSpectrogram.digitalSilence else { break }
      let positions = self.positions(forRows: rows, context: options.encoderContext)
      let encoded = encoder.encode(frames, from: seek, positions: positions)
      try Task.checkCancellation()
      decoder.listen(to: encoded, positions: positions)
      let beginning = hearBeginning()
      var window = Window(start: seek, rows: rows, positions: positions, language: language ?? "en", noSpeech: beginning.noSpeech)
      if language == nil, !beginning.languages.isEmpty {
        let heard = try settle(among: beginning.languages, window, options: options)
        (language, window.language) = (heard.code, heard.code)
        (transcript.language, transcript.languageProbability) = heard
      }
      let result = try read(window, options: options)
      transcript.segments += result.segments
      seek += max(1, result.rowsDone)
    }
    return transcript
  }

  /// The language that a window is in. Not every voice tells its language at once: where the first is not certain the others that are possible are
  /// tried as well, and the one is taken in which language and text together are likeliest. In a wrong one the text is unlikely, or long.
  private func settle(
    among languages: [(code: String, probability: Float)], _ window: Window, options: Options
  ) throws -> (code: String, probability: Float) {
    guard languages[0].probability < Self.certainLanguage, languages.count > 1 else { return languages[0] }
    var best = (language: languages[0], likelihood: -Float.infinity)
    for language in languages {
      var window = window
      window.language = language.code
      // Where nothing is said in the likeliest language, nothing is said.
      guard let text = try likelihood(of: window, options: options) else {
        if language.code == languages[0].code { return languages[0] } else { continue }
      }
      if text + logf(language.probability) > best.likelihood { best = (language, text + logf(language.probability)) }
    }
    return best.language
  }

  /// A language this likely is not doubted; of those that are doubted the likeliest few are tried, as far as they are possible at all.
  private static let certainLanguage: Float = 0.8
  private static let (mostLanguages, possibleLanguage) = (3, Float(0.02))

  /// Which language is spoken at the beginning of a recording; nil when the model knows English only.
  package func detectLanguage(_ samples: [Float]) -> (code: String, probability: Float)? {
    let frames = spectrogram(Array(samples.prefix(windowRows * LogMelSpectrogram.hopLength)))
    decoder.listen(to: encoder.encode(frames, from: 0, positions: configuration.sourcePositions), positions: configuration.sourcePositions)
    return hearBeginning().languages.first
  }

  /// What the encoder makes of the first window, for comparison with other implementations.
  ///
  /// *Shape* `[positions, width]`.
  package func encoding(of samples: [Float]) -> Tensor {
    let positions = configuration.sourcePositions
    let encoded = encoder.encode(spectrogram(samples), from: 0, positions: positions)
    return Tensor(
      shape: [positions, configuration.width], values: Array(UnsafeBufferPointer(start: encoded, count: positions * configuration.width)))
  }

  /// A stretch of the recording the decoder is listening to.
  struct Window {
    /// In rows of the spectrogram, 10 ms each.
    var start: Int
    var rows: Int
    /// Computed by the encoder, 20 ms each; at least half of `rows`.
    var positions: Int
    var language: String
    var noSpeech: Float

    var startSeconds: Double { Double(start) / 100 }
    var endSeconds: Double { Double(start + rows) / 100 }
  }

  private func positions(forRows rows: Int, context: Options.EncoderContext) -> Int {
    switch context {
    case .full: configuration.sourcePositions
    case .fitted(let silence):
      min(
        configuration.sourcePositions,
        max(Self.fewestPositions, (rows + 1) / 2 + Int(max(0, min(30, silence)) / WhisperTokens.secondsPerPosition)))
    }
  }

  /// What the model makes of the window before it is asked for anything.
  ///
  /// - Returns: the languages it may be, the likeliest first; none when the model knows English only.
  private func hearBeginning() -> (languages: [(code: String, probability: Float)], noSpeech: Float) {
    decoder.begin(sequences: 1)
    let scores = decoder.run([.init(sequence: 0, position: 0, token: tokens.startOfTranscript)], wanted: [0])
    let sum = Kernels.logSumExp(scores, count: decoder.vocabularySize)
    let noSpeech = tokens.noSpeech.map { expf(scores[$0] - sum) } ?? 0
    let among = Kernels.logSumExp(tokens.languages.map { scores[$0.token] }, count: tokens.languages.count)
    let likely = tokens.languages.map { (code: $0.code, probability: expf(scores[$0.token] - among)) }
      .sorted { ($0.probability, $1.code) > ($1.probability, $0.code) }.prefix(Self.mostLanguages)
    return (likely.enumerated().filter { $0.offset == 0 || $0.element.probability >= Self.possibleLanguage }.map(\.element), noSpeech)
  }

  /// The instructions a decoding starts with.
  func prompt(language: String, task: Options.Task) -> [Int] {
    guard let spoken = tokens.token(ofLanguage: language) else { return [tokens.startOfTranscript] }
    return [tokens.startOfTranscript, spoken, task == .translate ? tokens.translate : tokens.transcribe]
  }

  /// When each token of a text was said: the position at which each begins, and the position at which the last one ends.
  func alignment(of text: [Int], window: Window, options: Options) -> [Int] {
    let prompt = prompt(language: window.language, task: options.task)
    let sequence = Array((prompt + [tokens.noTimestamps] + text + [tokens.endOfText]).prefix(decoder.capacity))
    let heads = configuration.alignmentHeads.count
    let scores = attention.reserve(heads * sequence.count * window.positions)
    decoder.begin(sequences: 1)
    let rows = sequence.enumerated().map { WhisperDecoder.Row(sequence: 0, position: $0.offset, token: $0.element) }
    _ = decoder.run(rows, wanted: [], capture: scores)
    // The row of a token is where the next one is decided; the last row, the end's own, decides nothing.
    return WhisperAlignment.starts(
      scores, heads: heads, rows: rows.count, positions: window.positions, heard: (window.rows + 1) / 2, skipped: prompt.count
    ).dropLast()
  }
}
