import Core

/// The items of a stream as scans want them, in time order, and their vectors in one space as one block.
package struct ItemTrack: Sendable {
  /// Without the words of utterances, languages and vectors: `MemorySnapshot.item` gives one of them whole.
  package var items: [ItemRecord] = []
  package var space: EmbeddingSpace?
  package var dimensions = 0
  /// *Shape* `[rows, dimensions]`, row-major. Items of one text and one vector (the sounds of a day have few names) share a row.
  package var vectors: [Float] = []
  /// The row of each item's vector; -1 for one that has none in this space.
  package var rows: [Int32] = []

  package init() {}
}
