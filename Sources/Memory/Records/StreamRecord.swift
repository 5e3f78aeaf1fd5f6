import Core
import Foundation

/// One stream as the memory knows it.
package struct StreamRecord: Sendable, Equatable {
  package var id: StreamID
  package var source: SourceDescription
  /// From the stream's first moment to the last one remembered.
  package var extent: TimeRange
  /// Wall-clock time of the stream's first moment; nil when the source does not say.
  package var startedAt: Date?
  /// Whether the stream was watched to its end.
  package var finished: Bool
  /// The senses of which something is remembered.
  package var modalities: Set<Modality>
  /// The last barrier that was committed.
  package var upTo: MediaTime

  package init(
    id: StreamID, source: SourceDescription, extent: TimeRange, startedAt: Date?, finished: Bool, modalities: Set<Modality>, upTo: MediaTime
  ) {
    self.id = id
    self.source = source
    self.extent = extent
    self.startedAt = startedAt
    self.finished = finished
    self.modalities = modalities
    self.upTo = upTo
  }
}
