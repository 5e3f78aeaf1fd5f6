import Core
import Foundation
import Media
import Neural

/// Sees: what is on a sampled frame as features, labels, and a vector that can be compared with words.
///
/// Each frame is seen by itself; there is no state to save. *Isolation* its own queue. *Complexity* about 10 ms a frame.
package actor VisionStage {
  private let executor = QueueExecutor("afterimage.vision")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// What the stage wants of a frame: what the classifier sees, and the thumbnail. It takes the first two pictures of each frame.
  package static let renditions: [Rendition] = [.centreCrop(side: 224, from: 256), .fit(width: 320, height: 320, planes: 3)]
  /// The space of the pooled vectors.
  package static let pooledSpace = EmbeddingSpace("efficientnet-lite0")

  private let configuration: VisionConfiguration
  private let folder: URL
  private let network: EfficientNetLite0
  private let labels: [PictureLabel]
  private let digest: String
  /// nil when the sentence model is not installed.
  private let sentenceFolder: URL?
  private var vectors: LabelVectors?

  /// *Throws* `unavailable` when the model is not installed, `corruptInput` when its labels are broken; `NeuralError` when its weights are.
  /// Without the sentence model, frames have no textual vector.
  package init(library: ModelLibrary, configuration: VisionConfiguration = VisionConfiguration()) throws {
    self.configuration = configuration
    folder = try library.installedFolder(of: configuration.model, for: "seeing")
    network = try EfficientNetLite0(folder: folder)
    (labels, digest) = try PictureLabel.labels(in: folder)
    guard labels.count == network.classes else {
      throw PerceptionError(
        .corruptInput, "\(folder.path): labels.json names \(labels.count) classes, the network has \(network.classes)")
    }
    sentenceFolder = library.isInstalled(configuration.sentenceModel) ? library.folder(of: configuration.sentenceModel) : nil
  }

  /// Makes the label vectors, if they are not there yet: 20 to 30 s the first time, milliseconds later. `process` does it when this was not
  /// called.
  ///
  /// - Parameter progress: told 0...1 while they are made; not called when they were there.
  /// *Throws* `CancellationError`.
  package func prepare(progress: @Sendable (Double) -> Void = { _ in }) throws {
    guard vectors == nil, let sentenceFolder else { return }
    // Needed for the labels only: 90 MB that go back when they are done.
    let encoder = try SentenceEncoder(folder: sentenceFolder)
    vectors = try LabelVectors(folder: folder, texts: labels.map(\.texts), digest: digest, encoder: encoder, progress: progress)
  }

  /// - Returns: one observation, of the frame.
  /// *Throws* `misconfigured` when the frame lacks the pictures of `renditions`.
  package func process(_ frame: VideoFrame) throws -> [Observation] {
    guard frame.pictures.count >= 2 else {
      throw PerceptionError(.misconfigured, "seeing the frame at \(frame.time): it came without the pictures the stage asks for")
    }
    try prepare()
    let seen = try network.features(of: frame.pictures[0])
    let probabilities = seen.probabilities
    let ranked = probabilities.indices.sorted { (probabilities[$0], $1) > (probabilities[$1], $0) }
    let likeliest = ranked.prefix(max(configuration.tags, configuration.blendedLabels)).map { (label: $0, probability: probabilities[$0]) }
    let features = FrameFeatures(
      grid: seen.grid,
      pooled: Embedding(space: Self.pooledSpace, values: seen.pooled),
      textual: vectors.map { Embedding(space: $0.space, values: $0.blend(likeliest.prefix(configuration.blendedLabels))) },
      tags: likeliest.prefix(configuration.tags).map { FrameFeatures.Tag(label: labels[$0.label].name, probability: $0.probability) },
      thumbnail: configuration.thumbnails ? try jpeg(frame.pictures[1], quality: configuration.thumbnailQuality) : [])
    return [Observation(range: frame.range, content: .frame(features))]
  }
}
