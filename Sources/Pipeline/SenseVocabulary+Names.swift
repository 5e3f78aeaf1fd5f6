import Core
import Perception
import Reasoning

extension SenseVocabulary {
  /// What each sense can name at all, for questions.
  static func all(
    _ sentences: SentenceStage, configuration: PipelineConfiguration, library: ModelLibrary
  ) async -> [Modality: SenseVocabulary] {
    [
      .vision: await sentences.namesOfPictures(configuration.vision.stage, library: library),
      .sound: await sentences.namesOfSounds(configuration.sound.stage, library: library),
    ].compactMapValues { $0.map { SenseVocabulary(names: $0.names, alsoCalled: $0.alsoCalled, vectors: $0.values, space: $0.space) } }
  }
}

extension Senses {
  /// What holds standing questions against what is perceived, with the vectors that questions get.
  func standingReader() async -> StandingReader {
    guard let sentences else { return StandingReader(encoders: [:]) }
    let neutral = await sentences.vectors(of: Reasoner.neutralTexts, library: library, model: configuration.sentences.model)
    return StandingReader(
      encoders: [sentences.space: { try await sentences.embedding(of: $0) }],
      vocabularies: await SenseVocabulary.all(sentences, configuration: configuration, library: library),
      neutral: [sentences.space: neutral])
  }
}
