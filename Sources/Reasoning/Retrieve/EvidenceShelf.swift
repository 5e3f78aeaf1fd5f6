import Core
import Memory

/// Keeps what was read of each stream of a snapshot.
actor EvidenceShelf {
  private let snapshot: MemorySnapshot
  private let encoder: QueryEncoder
  private var retrievers: [StreamID: Retriever] = [:]

  init(snapshot: MemorySnapshot, encoder: QueryEncoder) {
    self.snapshot = snapshot
    self.encoder = encoder
  }

  func retriever(for stream: StreamRecord) async throws -> Retriever {
    if let known = retrievers[stream.id] { return known }
    let evidence = try StreamEvidence(stream, in: snapshot, spaces: encoder.spaces)
    let retriever = try await Retriever(evidence, encoder: encoder)
    retrievers[stream.id] = retriever
    return retriever
  }
}
