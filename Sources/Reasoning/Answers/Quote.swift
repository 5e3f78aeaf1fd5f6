import Core
import Foundation
import Memory

/// Words to show for what was found: the line with its sign, the sentence, the names of what was seen.
struct Quote: Sendable {
  let evidence: StreamEvidence
  /// Longest answer, in words.
  static let longest = 25

  /// What a candidate says, cut to `longest` words around the topic.
  func text(of candidate: Candidate, topic: QuestionPlan.Topic, slot: QuestionPlan.Slot?) -> String {
    if let words = candidate.look ?? candidate.guess { return words }
    if let index = candidate.passage {
      let passage = evidence.passages[index]
      return passage.item.modality == .text
        ? sign(index, slot: slot) : Self.cut(Self.joined(passage.item.text.replacing("\n", with: " ")), around: topic, slot: slot).text
    }
    let seen = names(from: candidate.range.start, to: candidate.range.end)
    return topic.isEmpty
      ? [seen, written(during: candidate.range).map { "on screen: \($0)" }].compactMap { $0 }.joined(separator: "; ") : seen
  }

  /// The sign that fills a scene: a picture of writing is told by what is written.
  private func written(during range: TimeRange) -> String? {
    let index = evidence.passages.indices.first { index in
      let item = evidence.passages[index].item
      guard item.modality == .text, evidence.permanence[index] < 0.5, let shared = range.intersection(item.range) else { return false }
      return shared.duration.seconds > Self.filling * range.duration.seconds
    }
    return index.map { sign($0, slot: nil) }
  }
  /// The share of a scene that a sign stands in when it is what the scene shows.
  private static let filling = 0.65

  /// Speech recognition sets spaces in front of signs and parts of numbers: "$18 ,000", "o 'clock", "cold -hearted".
  static func joined(_ text: String) -> String {
    text.replacing(/(\d) ([,.]\d)/) { $0.output.1 + $0.output.2 }.replacing(/(\w) ([-']\w)/) { $0.output.1 + $0.output.2 }
  }

  /// The line and those beside it, as far as they fit; the one that fills the slot before the others.
  private func sign(_ index: Int, slot: QuestionPlan.Slot?) -> String {
    let own = evidence.passages[index]
    var lines = own.sign.isEmpty ? [index] : own.sign
    let total = lines.reduce(0) { $0 + evidence.passages[$1].words.count }
    if total > Self.longest {
      lines = [index]
      if let slot, !SlotFiller.fills(slot, own.words),
        let filler = own.sign.first(where: { SlotFiller.fills(slot, evidence.passages[$0].words) })
      {
        lines = [index, filler].sorted()
      }
    }
    return Self.cut(
      lines.map { evidence.passages[$0].item.text.replacing("\n", with: " · ") }.joined(separator: " · "),
      around: .init(phrase: own.item.text), slot: slot
    ).text
  }

  /// The names of what was seen between two moments: the label that is tells them best from the stream as a whole, and those
  /// that come near it, at most three. What always stands before a fixed camera is not what happened.
  func names(from start: MediaTime, to end: MediaTime) -> String {
    let all = evidence.labels(from: start, to: end)
    var labels = all.map { (label: $0.label, weight: Self.surprise($0.probability, usually: evidence.usual[$0.label] ?? 0)) }
      .sorted { ($0.weight, $1.label) > ($1.weight, $0.label) }
    // Where nothing is out of the ordinary, the ordinary is the answer.
    if labels.first.map({ $0.weight < 0.03 }) ?? true { labels = all.map { ($0.label, Double($0.probability)) } }
    guard let first = labels.first else { return "something seen" }
    return labels.prefix(3).filter { $0.weight >= 0.2 * first.weight }.map(\.label).joined(separator: ", ")
  }

  /// What a label contributes to telling a stretch from the stream as a whole: its term of the Kullback-Leibler divergence.
  private static func surprise(_ probability: Float, usually usual: Float) -> Double {
    Double(probability) * log(Double(max(probability, 1e-6)) / Double(max(usual, 1e-6)))
  }

  /// At most `longest` words of a text: whole when it is short enough, else the stretch with most of the topic's words, preferring one
  /// that fills the slot. Gives the positions of the words kept.
  static func cut(_ text: String, around topic: QuestionPlan.Topic, slot: QuestionPlan.Slot?) -> (text: String, words: Range<Int>) {
    let pieces = text.split(whereSeparator: \.isWhitespace)
    guard pieces.count > longest else { return (text, 0..<pieces.count) }
    let tokens = pieces.map { Token.words(of: $0) }
    let wanted = Set(topic.stems)
    var best = (score: -1.0, start: 0)
    for start in 0...(pieces.count - longest) {
      let window = Array(tokens[start..<(start + longest)].joined())
      var score = Double(Set(window.map(\.stem)).intersection(wanted).count)
      if let slot, SlotFiller.fills(slot, window) { score += 1.5 }
      // A stretch that begins where a sentence begins reads better.
      if start == 0 || ".?!".contains(pieces[start - 1].last ?? " ") { score += 0.5 }
      if score > best.score { best = (score, start) }
    }
    let kept = best.start..<(best.start + longest)
    return ((kept.lowerBound > 0 ? "… " : "") + pieces[kept].joined(separator: " ") + (kept.upperBound < pieces.count ? " …" : ""), kept)
  }
}
