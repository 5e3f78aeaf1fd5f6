import Core
import Foundation
import Media
import Neural

/// Sees: what is on a sampled frame as features, labels, a vector that can be compared with words, and plain facts about the picture.
///
/// What has stood still, what is usual in it, and the facts that still hold, are the only state. *Isolation* its own queue. *Complexity* about 10 ms a frame, 25 ms where
/// something moves in a picture that stands still.
package actor VisionStage {
  private let executor = QueueExecutor("afterimage.vision")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// What the stage wants of a frame: what the classifier sees, the thumbnail, and what can be looked at closer. It takes the first pictures
  /// of each frame, and does without the last.
  package static let renditions: [Rendition] = [
    .centreCrop(side: side, from: 256), .fit(width: 320, height: 320, planes: 3), .fit(width: 640, height: 640, planes: 3),
  ]
  private static let side = 224
  /// The space of the pooled vectors.
  package static let pooledSpace = EmbeddingSpace("efficientnet-lite0")

  private var configuration: VisionConfiguration
  private let folder: URL
  private let network: EfficientNetLite0
  private let labels: [PictureLabel]
  private let digest: String
  /// nil when the sentence model is not installed.
  private let sentenceFolder: URL?
  private var vectors: LabelVectors?
  /// Whether what goes on is told before it is over.
  private let isLive: Bool
  private var state: State

  private struct State: Codable {
    var closer = CloserLook()
    var looks = LookTracker()
  }

  /// - Parameter checkpoint: what `checkpoint()` returned; nil starts afresh.
  /// *Throws* `unavailable` when the model is not installed, `corruptInput` when its labels or the checkpoint are broken; `NeuralError` when its
  /// weights are.
  /// Without the sentence model, frames have no textual vector.
  package init(
    library: ModelLibrary, configuration: VisionConfiguration = VisionConfiguration(), restoring checkpoint: Data? = nil
  ) throws {
    self.configuration = configuration
    isLive = false
    state = try Self.state(from: checkpoint)
    folder = try library.installedFolder(of: configuration.model, for: "seeing")
    network = try EfficientNetLite0(folder: folder)
    (labels, digest) = try PictureLabel.labels(in: folder)
    guard labels.count == network.classes else {
      throw PerceptionError(
        .corruptInput, "\(folder.path): labels.json names \(labels.count) classes, the network has \(network.classes)")
    }
    sentenceFolder = library.isInstalled(configuration.sentenceModel) ? library.folder(of: configuration.sentenceModel) : nil
  }

  private init(
    _ configuration: VisionConfiguration, folder: URL, network: EfficientNetLite0, labels: [PictureLabel], digest: String,
    sentenceFolder: URL?, vectors: LabelVectors?
  ) {
    (self.configuration, self.folder, self.network, self.labels) = (configuration, folder, network, labels)
    (self.digest, self.sentenceFolder, self.vectors, state) = (digest, sentenceFolder, vectors, State())
    isLive = true
  }

  /// A stage for a live stream, with the model of this one: what stands still in one place says nothing about another.
  package func sibling() -> VisionStage {
    VisionStage(
      configuration, folder: folder, network: network, labels: labels, digest: digest, sentenceFolder: sentenceFolder, vectors: vectors)
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

  private static func state(from checkpoint: Data?) throws(PerceptionError) -> State {
    guard let checkpoint else { return State() }
    // Older versions saved no more than what is looked at closer.
    if let closer = try? JSONDecoder().decode(CloserLook.self, from: checkpoint) { return State(closer: closer) }
    do { return try JSONDecoder().decode(State.self, from: checkpoint) } catch {
      throw PerceptionError(.corruptInput, "restoring the vision stage: its saved state cannot be read (\(error))")
    }
  }

  /// Turns to another stream, keeping the model.
  ///
  /// *Throws* `corruptInput` for a broken checkpoint; the stage is then as it was.
  package func begin(restoring checkpoint: Data? = nil) throws { state = try Self.state(from: checkpoint) }

  /// Other choices from the next frame on; the models stay.
  package func adopt(_ configuration: VisionConfiguration) { self.configuration = configuration }

  /// What a later run goes on from: about 16 kB.
  package func checkpoint() throws -> Data { try JSONEncoder().encode(state) }

  /// Ends every fact about the picture that still holds.
  package func finish() -> [Observation] { state.looks.finish() }

  /// - Returns: the frame, and the plain facts about the picture that ended with it.
  /// *Throws* `misconfigured` when the frame lacks the pictures of `renditions`.
  package func process(_ frame: VideoFrame) throws -> [Observation] {
    guard frame.pictures.count >= 2 else {
      throw PerceptionError(.misconfigured, "seeing the frame at \(frame.time): it came without the pictures the stage asks for")
    }
    try prepare()
    let seen = try network.features(of: frame.pictures[0])
    let probabilities = try withCloserLook(seen.probabilities, frame)
    let ranked = probabilities.indices.sorted { (probabilities[$0], $1) > (probabilities[$1], $0) }
    let likeliest = ranked.prefix(max(configuration.tags, configuration.blendedLabels)).map { (label: $0, probability: probabilities[$0]) }
    let features = FrameFeatures(
      grid: seen.grid,
      pooled: Embedding(space: Self.pooledSpace, values: seen.pooled),
      textual: vectors.map { Embedding(space: $0.space, values: $0.blend(likeliest.prefix(configuration.blendedLabels))) },
      tags: likeliest.prefix(configuration.tags).map { FrameFeatures.Tag(label: labels[$0.label].name, probability: $0.probability) },
      thumbnail: configuration.thumbnails ? try jpeg(frame.pictures[1], quality: configuration.thumbnailQuality) : [])
    return [Observation(range: frame.range, content: .frame(features))] + looks(of: frame, seen)
  }

  /// How likely the name of the whole picture must be for the part that got it to be looked for.
  private static let named: Float = 0.2

  private func looks(of frame: VideoFrame, _ seen: ImageFeatures) -> [Observation] {
    let grid = ColourGrid(frame.pictures[1])
    let probabilities = seen.probabilities
    guard let best = probabilities.indices.max(by: { probabilities[$0] < probabilities[$1] }), probabilities[best] >= Self.named else {
      return state.looks.see(grid, in: frame.range, isLive: isLive)
    }
    let logits = network.cellLogits(of: seen.grid)
    let scores = (0..<seen.grid.rows * seen.grid.columns).map { logits[$0 * labels.count + best] }
    let cells = grid.cells(where: scores, columns: seen.grid.columns)
    let named = NamedPart(name: labels[best].name, probability: probabilities[best], cells: cells)
    return state.looks.see(grid, in: frame.range, named: named, isLive: isLive)
  }

  /// The probabilities of the whole picture, with those of a part that is looked at by itself in the place of as much of them as is unusual
  /// about the part.
  private func withCloserLook(_ whole: [Float], _ frame: VideoFrame) throws -> [Float] {
    guard configuration.looksCloser, frame.pictures.count >= 3 else { return whole }
    let picture = frame.pictures[2]
    guard let square = state.closer.square(in: picture) else { return whole }
    let part = state.closer.unusual(try network.features(of: CloserLook.cut(square, from: picture, side: Self.side)).probabilities)
    let rest = 1 - part.reduce(0, +)
    return zip(whole, part).map { $0 * rest + $1 }
  }
}
