import Core
import Foundation
import Neural

/// All the names a sense can give, with the vector of each: against these a question is weighed, so that what it means is known even when
/// it was never seen or heard.
package struct NamedVectors: Sendable {
  package let names: [String]
  /// Synonyms and kinds of each name; empty when there are none for any.
  package let alsoCalled: [[String]]
  /// *Shape* `[names, dimensions]`; rows have unit length.
  package let values: [Float]
  package let space: EmbeddingSpace
}

extension SentenceStage {
  /// The names of what can be seen; nil when their vectors were not made yet by this model, which a first watch does.
  package func namesOfPictures(_ configuration: VisionConfiguration, library: ModelLibrary) -> NamedVectors? {
    let folder = library.folder(of: configuration.model)
    guard let (labels, digest) = try? PictureLabel.labels(in: folder) else { return nil }
    return names(
      labels.map(\.name), alsoCalled: labels.map { $0.synonyms + $0.hypernyms }, in: folder, texts: labels.map(\.texts), digest: digest)
  }

  /// The names of what can be heard; nil as above.
  package func namesOfSounds(_ configuration: SoundConfiguration, library: ModelLibrary) -> NamedVectors? {
    let folder = library.folder(of: configuration.model)
    guard let labels = try? YAMNet.labels(in: folder) else { return nil }
    return names(labels, in: folder, texts: labels.map(SoundStage.texts), digest: SoundStage.digest(of: labels))
  }

  /// The vectors of texts that are always the same, read from beside the sentence model or made and left there. *Shape* one of unit length for
  /// each text.
  package func vectors(of texts: [String], library: ModelLibrary, model: String) -> [[Float]] {
    let vectors = try? LabelVectors(
      folder: library.folder(of: model), texts: texts.map { [$0] }, digest: SoundStage.digest(of: texts), encoder: encoder,
      progress: { _ in })
    return texts.indices.map { vectors?.embedding(of: $0).values ?? encoder.encode(texts[$0]) }
  }

  private func names(_ names: [String], alsoCalled: [[String]] = [], in folder: URL, texts: [[String]], digest: String) -> NamedVectors? {
    guard !names.isEmpty, let kept = LabelVectors(kept: folder, texts: texts, digest: digest, encoder: encoder) else { return nil }
    return NamedVectors(names: names, alsoCalled: alsoCalled, values: kept.values, space: kept.space)
  }
}
