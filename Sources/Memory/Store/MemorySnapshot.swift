import Core
import Foundation

/// A memory as it was at one moment, the open episode included: it sees no later commit and never waits for the writer.
///
/// *Isolation* any; reads of one snapshot take turns. *Throws* every call throws `MemoryError`: `corruptInput` when what is stored
/// breaks its own format, `unavailable` when the disk refuses.
package struct MemorySnapshot: Sendable {
  package let folder: URL

  /// Opens the memory in `folder` for reading, from any process. Modifies nothing.
  package static func open(_ folder: URL) throws -> MemorySnapshot {
    throw MemoryError(.unavailable, "not built yet")
  }

  /// In order of their names.
  package var streams: [StreamRecord] { get throws { [] } }

  /// In order of stream and time; of every stream when none is named.
  package func episodes(of stream: StreamID? = nil) throws -> [EpisodeRecord] { [] }

  /// Items that overlap `within`, in order of stream and time.
  package func items(of stream: StreamID? = nil, modality: Modality? = nil, within: TimeRange? = nil) throws -> [ItemRecord] { [] }

  /// Items holding at least one of the terms, best first. Words match whatever their ending (Porter's stemmer); nothing in a term
  /// is read as query syntax.
  ///
  /// - Returns: the score is BM25, higher is better.
  package func search(
    terms: [String], of stream: StreamID? = nil, modality: Modality? = nil, limit: Int = 50
  ) throws -> [(item: ItemRecord, score: Double)] { [] }

  /// The vectors of a stream's frames in a space, whichever of the pooled or textual vectors live in it. Empty when none does.
  package func frameTrack(of stream: StreamID, space: EmbeddingSpace) throws -> FrameTrack {
    FrameTrack(space: space, dimensions: 0, ranges: [], vectors: [], episodes: [])
  }

  /// Frames that overlap `within`, in time order.
  package func frames(of stream: StreamID, within: TimeRange? = nil) throws -> [FrameRecord] { [] }

  /// The items most similar to a vector, best first: an exact scan.
  ///
  /// *Throws* `misconfigured` when no item lives in the vector's space but others do, or the dimensions differ.
  package func nearest(
    to query: Embedding, of stream: StreamID? = nil, modality: Modality? = nil, limit: Int = 50
  ) throws -> [(item: ItemRecord, cosine: Float)] { [] }

  /// A digest of everything remembered of a stream, independent of row numbers and wall-clock time: two runs over one source are
  /// alike when it is equal.
  package func fingerprint(of stream: StreamID) throws -> String { "" }
}
