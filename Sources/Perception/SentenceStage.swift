import Core
import Foundation
import Neural

/// Gives everything that was read, said or heard a vector of its meaning, and questions too.
///
/// *Isolation* its own queue. *Complexity* about 6 ms for a sentence of 20 words.
package actor SentenceStage {
  private let executor = QueueExecutor("afterimage.sentences")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  package static let defaultModel = "all-MiniLM-L6-v2"

  /// The space the vectors live in.
  package nonisolated let space: EmbeddingSpace
  let encoder: SentenceEncoder

  /// *Throws* `unavailable` when the model is not installed; `NeuralError` when its files are broken.
  package init(library: ModelLibrary, model: String = SentenceStage.defaultModel) throws {
    encoder = try SentenceEncoder(folder: library.installedFolder(of: model, for: "comparing meanings"))
    space = encoder.space
  }

  /// The same observations, those of text, speech and sound with a vector in `space`.
  package func embed(_ observations: [Observation]) throws -> [Observation] {
    let places = observations.indices.filter { observations[$0].sentence != nil }
    let vectors = encoder.encode(places.compactMap { observations[$0].sentence })
    var embedded = observations
    for (place, vector) in zip(places, vectors) { embedded[place].embed(Embedding(space: space, values: vector)) }
    return embedded
  }

  /// The vector of a question.
  package func embedding(of text: String) throws -> Embedding {
    Embedding(space: space, values: encoder.encode(text))
  }
}

extension Observation {
  /// What stands for the observation in the space of sentences; nil when it has no vector of its own to get.
  fileprivate var sentence: String? {
    // What is told again in the same words has its vector.
    if case .text(let line) = content, replaces?.text == line.text { return nil }
    return switch content {
    case .text(let line): line.embedding == nil ? line.text : nil
    case .speech(let utterance): utterance.embedding == nil ? utterance.text : nil
    case .sound(let event): event.embedding == nil && event.isClear ? event.name : nil
    case .frame, .look, .gap: nil
    }
  }

  fileprivate mutating func embed(_ embedding: Embedding) {
    switch content {
    case .text(var line):
      line.embedding = embedding
      content = .text(line)
    case .speech(var utterance):
      utterance.embedding = embedding
      content = .speech(utterance)
    case .sound(var event):
      event.embedding = embedding
      content = .sound(event)
    case .frame, .look, .gap: break
    }
  }
}
