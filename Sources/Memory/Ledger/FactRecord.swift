import Core

/// Something a stream said of something, as long as it held.
package struct FactRecord: Sendable, Equatable, Identifiable {
  package var id: Int64
  package var stream: StreamID
  /// What it is about, in lower case: "train to oslo".
  package var head: String
  /// `is`, `price`, `number`, `day`, `time`, `score`, `notes`, or the noun whose number the value is: "platform".
  package var relation: String
  package var value: String
  /// From the first time it was read or said to the last.
  package var range: TimeRange
  /// When another value took its place; nil while it holds, as far as was watched.
  package var validTo: MediaTime?
  /// The fact that took its place.
  package var supersededBy: Int64?
  /// 0...1: of the surest source.
  package var confidence: Float
  /// The items that say it, in order of time.
  package var sources: [Int64]

  package init(
    id: Int64, stream: StreamID, head: String, relation: String, value: String, range: TimeRange, validTo: MediaTime?, supersededBy: Int64?,
    confidence: Float, sources: [Int64]
  ) {
    self.id = id
    self.stream = stream
    self.head = head
    self.relation = relation
    self.value = value
    self.range = range
    self.validTo = validTo
    self.supersededBy = supersededBy
    self.confidence = confidence
    self.sources = sources
  }
}
