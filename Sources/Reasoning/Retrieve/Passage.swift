import Core
import Memory

/// The smallest piece of remembered text that can answer by itself: an utterance, a line on screen, or a sound.
struct Passage: Sendable {
  /// Without the words' times; `Retriever.item` has them.
  var item: ItemRecord
  var words: [Token]
  /// Lines that stood in the picture together with this one, most of the time, in reading order; includes this one. Empty for the rest.
  var sign: [Int] = []

  var stems: Set<String> { Set(words.map(\.stem)) }

  /// Marks which lines stood in the picture together: those whose times overlap by more than half of their union.
  static func joinSigns(_ passages: inout [Passage]) {
    let lines = passages.indices.filter { passages[$0].item.modality == .text }
    for (rank, index) in lines.enumerated() {
      let range = passages[index].item.range
      var together: [Int] = []
      // Time order: only neighbours can overlap, and a line that lasts long is not searched for further than a screenful.
      for other in lines[max(0, rank - 12)..<min(lines.count, rank + 13)] {
        let theirs = passages[other].item.range
        guard let shared = range.intersection(theirs)?.duration.seconds else { continue }
        if other == index || shared > 0.5 * range.union(theirs).duration.seconds { together.append(other) }
      }
      passages[index].sign = together.sorted { top(passages[$0]) < top(passages[$1]) }
    }
  }

  private static func top(_ passage: Passage) -> Float { passage.item.box?.y ?? 0 }
}
