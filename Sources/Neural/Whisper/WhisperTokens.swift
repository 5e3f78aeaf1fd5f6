import Core

/// The tokens with which Whisper is told what to do and says when.
struct WhisperTokens: Sendable {
  let startOfTranscript: Int
  let endOfText: Int
  let transcribe: Int
  let translate: Int
  let noSpeech: Int?
  let noTimestamps: Int
  /// `<|0.00|>`; one token for each 20 ms follows.
  let firstTimestamp: Int
  /// Language codes in the order of their tokens; empty for a model that knows English only.
  let languages: [(code: String, token: Int)]

  /// Seconds between two timestamp tokens, and between two positions of the encoder.
  static let secondsPerPosition = 0.02

  /// - Throws: `NeuralError.corruptInput` when the tokenizer lacks one of Whisper's tokens or has more than the model.
  init(_ tokenizer: BytePairTokenizer, configuration: WhisperConfiguration, file: String) throws {
    func token(_ name: String) throws -> Int {
      guard let id = tokenizer.specialTokens[name] else { throw NeuralError(.corruptInput, "\(file) has no token \(name)") }
      guard id < configuration.vocabularySize else {
        throw NeuralError(.corruptInput, "\(file): token \(name) is \(id), the model has \(configuration.vocabularySize)")
      }
      return id
    }
    startOfTranscript = try token("<|startoftranscript|>")
    endOfText = try token("<|endoftext|>")
    transcribe = try token("<|transcribe|>")
    translate = try token("<|translate|>")
    noTimestamps = try token("<|notimestamps|>")
    noSpeech = try ["<|nospeech|>", "<|nocaptions|>"].first { tokenizer.specialTokens[$0] != nil }.map(token)
    firstTimestamp = noTimestamps + 1
    guard firstTimestamp < configuration.vocabularySize, endOfText < startOfTranscript, startOfTranscript < noTimestamps else {
      throw NeuralError(.corruptInput, "\(file): the special tokens are not in Whisper's order")
    }
    if configuration.isMultilingual {
      let range = startOfTranscript + 1..<min(translate, transcribe)
      languages = tokenizer.specialTokens.filter { range.contains($0.value) }
        .map { (String($0.key.dropFirst(2).dropLast(2)), $0.value) }.sorted { $0.token < $1.token }
    } else {
      languages = []
    }
  }

  func token(ofLanguage code: String) -> Int? { languages.first { $0.code == code }?.token }
}
