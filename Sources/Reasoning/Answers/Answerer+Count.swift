import Core
import Memory

extension Answerer {
  /// A number: one that was written or said, if a passage about the topic holds one; else how often the thing occurs.
  func count() async throws -> Finding {
    if let media = media() { return media }
    let found = try await ranking.candidates(for: plan.topic, in: retriever, own: true, within: limits)
    guard let best = found.first, best.score >= Certainty.threshold else { return .nothing(lookedFor(plan.topic), nearest: found) }
    // A table that is seen seven times is no seven people.
    if best.modality == .vision, plan.isAboutPeople { return .nothing("what was seen does not tell how many", nearest: found) }
    let versions = Versions(plan: plan, evidence: evidence)
    let chosen = plan.version == nil ? nil : versions.choose(among: found)
    if Part.numbers.isOn, let stated = ([chosen].compactMap { $0 } + found).first(where: { stated($0, than: chosen ?? best) }) {
      return Finding(text: number(in: stated), candidates: [stated] + found.filter { $0 != stated }, score: stated.score, support: 1)
    }
    let alike = Moments.distinct(
      Self.occurrences(like: best, among: found).filter { candidate in
        guard let index = candidate.passage, let first = best.passage else { return true }
        return index == first || versions.sameKey(index, first)
      }, limit: 64)
    let ranges = Moments.merged(alike.map(\.range), gap: 3)
    return Finding(text: String(ranges.count), candidates: alike, score: best.score, support: alike.count)
  }

  /// "How many slides are shown?": the pictures that differ in what is written on them.
  private func media() -> Finding? {
    guard !plan.topic.stems.isEmpty, plan.topic.stems.contains(where: { stem in Vocabulary.media.contains { Stem.of($0) == stem } }),
      let first = plan.topic.stems.first, Vocabulary.media.contains(where: { Stem.of($0) == first })
    else { return nil }
    var signs: [Candidate] = []
    for index in evidence.passages.indices where evidence.passages[index].item.modality == .text && evidence.permanence[index] < 0.5 {
      let item = evidence.passages[index].item
      if let last = signs.last, last.range.overlaps(item.range) { continue }
      signs.append(.init(stream: evidence.stream.id, modality: .text, range: item.range, score: 0, similarity: 0, passage: index))
    }
    guard !signs.isEmpty else { return nil }
    return Finding(text: String(signs.count), candidates: signs, score: 0.5, support: signs.count)
  }

  /// The number that stands nearest to a word of the topic, as it is written, with the word after it.
  private func number(in candidate: Candidate) -> String? {
    guard let index = candidate.passage else { return nil }
    let words = evidence.passages[index].words
    let wanted = Set(plan.topic.stems)
    let anchors = words.indices.filter { wanted.contains(words[$0].stem) }
    let numbers = words.indices.filter { NumberWords.isNumber(words[$0]) && !wanted.contains(words[$0].stem) }
    let nearest = numbers.min { a, b in
      func distance(_ at: Int) -> Int { anchors.map { abs($0 - at) }.min() ?? 0 }
      return (distance(a), a) < (distance(b), b)
    }
    return nearest.map { at in
      let unit = words.indices.contains(at + 1) ? words[at + 1] : nil
      let next = unit.map { NumberWords.isNumber($0) ? "" : " " + $0.surface } ?? ""
      return words[at].surface + next
    }
  }

  /// Whether a passage states a number for what is asked: most of the topic's words, and a number that is not one of them.
  private func stated(_ candidate: Candidate, than best: Candidate) -> Bool {
    guard let index = candidate.passage, candidate == best || candidate.coverage >= 0.5 && candidate.score >= best.score - 2 else {
      return false
    }
    let wanted = Set(plan.topic.stems)
    let passage = evidence.passages[index]
    let asked = Set(Token.words(of: plan.text).map(\.text))
    if asked.contains("different") { return false }
    if asked.contains("often") || asked.contains("times") {
      return passage.words.contains {
        NumberWords.frequencies[$0.text] != nil || ["every", "times", "daily", "hourly", "weekly"].contains($0.text)
      }
    }
    return passage.item.modality != .sound && passage.words.contains { NumberWords.isNumber($0) && !wanted.contains($0.stem) }
  }
}
