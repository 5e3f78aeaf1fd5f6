import Core
import Memory

/// Answers questions about one snapshot of a memory. Reads only; makes no picture of the world beyond what the snapshot holds.
///
/// What it reads of a stream is kept for the next question, so that many questions about one snapshot cost one read.
package struct Reasoner: Sendable {
  package typealias Encoder = @Sendable (String) async throws -> Embedding

  private let snapshot: MemorySnapshot
  private let encoders: [EmbeddingSpace: Encoder]

  /// - Parameter encoders: how a text becomes a vector, for each embedding space in which questions can be asked. Without one for a
  ///   space, what lives in that space is found by its words only.
  package init(snapshot: MemorySnapshot, encoders: [EmbeddingSpace: Encoder]) {
    self.snapshot = snapshot
    self.encoders = encoders
  }

  /// *Throws* `ReasoningError` when the question names a stream that is not in the memory, `MemoryError` when it cannot be read,
  /// and whatever an encoder throws. A question that has no answer is not an error.
  package func answer(_ question: Question) async throws -> Answer {
    Answer(
      text: nil, kind: .none, abstained: true, confidence: 0, moments: [], citations: [], understood: [], missing: "not built yet")
  }
}
