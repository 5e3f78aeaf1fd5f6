import Core
import Memory

extension Answerer {
  /// Whether the next subject is asked for, rather than the next sentence or line.
  var asksForSubject: Bool {
    Token.words(of: plan.text).contains { ["topic", "subject", "theme", "chapter", "section"].contains($0.text) }
  }

  /// The first sentence or line of what follows a subject: where the likeness to it falls for good. nil when it never does.
  ///
  /// *Source* the split with the greatest variance between its sides: Otsu 1979, here over time.
  func nextSubject(after topic: QuestionPlan.Topic, from anchor: Candidate) async throws -> Candidate? {
    guard let space = evidence.passageSpace, let vector = try await retriever.encoder.vector(of: topic.phrase, in: space) else {
      return nil
    }
    let cosines = evidence.cosines(with: vector)
    let order = evidence.passages.indices.filter { index in
      let item = evidence.passages[index].item
      return item.modality != .sound && item.range.start >= anchor.range.start && evidence.permanence[index] < 0.5
    }.sorted { evidence.passages[$0].item.range.start < evidence.passages[$1].item.range.start }
    guard order.count > Self.fewest else { return nil }
    // What was looked for is always the most alike; it must not outweigh what follows.
    let highest = order.dropFirst().map { cosines[$0] }.max() ?? 0
    let likeness = order.map { Double(min(cosines[$0], highest)) }
    let all = likeness.reduce(0, +)
    var (before, best, split) = (0.0, 0.0, 0)
    for index in 1..<order.count {
      before += likeness[index - 1]
      let (near, far) = (Double(index), Double(order.count - index))
      let fall = before / near - (all - before) / far
      guard order.count - index >= Self.fewest, fall > Self.fall else { continue }
      let variance = near * far * fall * fall
      if variance > best { (best, split) = (variance, index) }
    }
    guard split > 0 else { return nil }
    let item = evidence.passages[order[split]].item
    return Candidate(
      stream: evidence.stream.id, modality: item.modality, range: item.range, score: anchor.score, similarity: 0, passage: order[split])
  }
  /// Sentences and lines that make a subject.
  private static let fewest = 2
  /// Least difference of the mean cosines of two subjects.
  private static let fall = 0.08
}
