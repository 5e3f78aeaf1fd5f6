/// The name of one stream inside a memory: what `--stream` takes and citations print. Unique within a memory.
package struct StreamID: RawRepresentable, Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  package var rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ name: String) { rawValue = name }
  package var description: String { rawValue }
  package static func < (a: StreamID, b: StreamID) -> Bool { a.rawValue < b.rawValue }

  package init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
