import Core
import Memory

/// Keeps what was read of each stream of a snapshot.
actor EvidenceShelf {
  private let snapshot: MemorySnapshot
  private let encoder: QueryEncoder
  private let vocabularies: [Modality: SenseVocabulary]
  private var retrievers: [StreamID: Retriever] = [:]

  init(snapshot: MemorySnapshot, encoder: QueryEncoder, vocabularies: [Modality: SenseVocabulary]) {
    self.snapshot = snapshot
    self.encoder = encoder
    self.vocabularies = vocabularies
  }

  func retriever(for stream: StreamRecord) async throws -> Retriever {
    if let known = retrievers[stream.id] { return known }
    let evidence = try StreamEvidence(stream, in: snapshot, spaces: encoder.spaces)
    let retriever = try await Retriever(evidence, encoder: encoder, vocabularies: vocabularies)
    retrievers[stream.id] = retriever
    return retriever
  }
}
