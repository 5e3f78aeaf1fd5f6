import Core

/// Turns words into vectors through the given closures and remembers them, so that the neutral queries are encoded once.
actor QueryEncoder {
  nonisolated let spaces: Set<EmbeddingSpace>
  private let encoders: [EmbeddingSpace: Reasoner.Encoder]
  private var known: [EmbeddingSpace: [String: [Float]]] = [:]
  private static let mostKept = 4096

  /// - Parameter known: vectors that need not be made.
  init(_ encoders: [EmbeddingSpace: Reasoner.Encoder], known: [EmbeddingSpace: [String: [Float]]] = [:]) {
    self.encoders = encoders
    self.known = known
    spaces = Set(encoders.keys)
  }

  /// The vector of a text; nil when there is no encoder for the space or the text is empty.
  ///
  /// *Throws* `ReasoningError.misconfigured` when the encoder answers in another space than it was given for.
  func vector(of text: String, in space: EmbeddingSpace) async throws -> [Float]? {
    guard let encoder = encoders[space], !text.isEmpty else { return nil }
    if let vector = known[space]?[text] { return vector }
    let embedding = try await encoder(text)
    guard embedding.space == space else {
      throw ReasoningError(.misconfigured, "the encoder given for the space \(space) made a vector of the space \(embedding.space)")
    }
    if known[space, default: [:]].count >= Self.mostKept { known[space] = [:] }
    known[space, default: [:]][text] = embedding.values
    return embedding.values
  }

  /// The mean of the vectors of several wordings; nil when none could be encoded.
  func mean(of texts: [String], in space: EmbeddingSpace) async throws -> [Float]? {
    var sum: [Float] = []
    for text in texts {
      guard let vector = try await vector(of: text, in: space) else { continue }
      if sum.isEmpty { sum = vector } else if sum.count == vector.count { for index in sum.indices { sum[index] += vector[index] } }
    }
    return sum.isEmpty ? nil : sum
  }
}
