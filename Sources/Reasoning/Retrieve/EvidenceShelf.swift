import Core
import Memory

/// Keeps what was made of each stream. It holds no snapshot, so a memory that is being written can fold in its log.
actor EvidenceShelf {
  private let encoder: QueryEncoder
  private let vocabularies: [Modality: SenseVocabulary]
  private var retrievers: [StreamID: Retriever] = [:]

  init(encoder: QueryEncoder, vocabularies: [Modality: SenseVocabulary]) {
    self.encoder = encoder
    self.vocabularies = vocabularies
  }

  /// - Parameter snapshot: one that holds what those before it held.
  func retriever(for stream: StreamRecord, in snapshot: MemorySnapshot) async throws -> Retriever {
    if let known = retrievers[stream.id] { return known.over(snapshot) }
    let reading = try StreamReading(stream, in: snapshot, spaces: encoder.spaces)
    // Counting and comparing take about as long as each other.
    async let chance = Chance(in: reading, encoder: encoder)
    let evidence = StreamEvidence(reading)
    let retriever = Retriever(evidence, chance: try await chance, encoder: encoder, vocabularies: vocabularies)
    retrievers[stream.id] = retriever
    return retriever.over(snapshot)
  }
}
