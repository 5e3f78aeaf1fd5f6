/// Names the encoder and the space a vector lives in, for example `all-MiniLM-L6-v2`. Vectors of different spaces are never compared
/// (LongMem's "no staleness": a stored key is only as good as the encoder that made it).
package struct EmbeddingSpace: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
  package var rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ name: String) { rawValue = name }
  package var description: String { rawValue }

  package init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// A vector and the space it lives in.
///
/// *Shape* `values`: `[dimensions of the space]`. *Range* unit length where the space is compared by cosine.
package struct Embedding: Sendable, Equatable, Codable {
  package var space: EmbeddingSpace
  package var values: [Float]

  package init(space: EmbeddingSpace, values: [Float]) {
    self.space = space
    self.values = values
  }
}
