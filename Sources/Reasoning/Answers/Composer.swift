import Core
import Memory

/// Makes the answer out of what was found in each stream: the best stream answers, the others add their moments, everything is cited.
struct Composer: Sendable {
  let plan: QuestionPlan

  func compose(_ findings: [(finding: Finding, evidence: StreamEvidence)]) -> Answer {
    let ranked = findings.sorted {
      ($0.finding.missing == nil ? 1 : 0, $0.finding.score) > ($1.finding.missing == nil ? 1 : 0, $1.finding.score)
    }
    guard var best = ranked.first else { return .refusal(plan.kind, understood: plan.understood, missing: "the memory is empty") }
    if let missing = best.finding.missing {
      return .refusal(
        plan.kind, text: plan.kind == .yesNo && isUnheardOf(findings.map(\.finding)) ? "No: not in this memory." : nil,
        understood: plan.understood,
        missing: missing + nearest(best.finding, best.evidence) + nowhere(findings.map { $0.finding })
          + (plan.isAboutPeople ? "; people are not recognised in pictures, and it is not known whether there are any" : "")
          + (plan.isForeign ? "; questions are understood in English, of this one only its words were looked for as they stand" : ""),
        confidence: 1 - best.finding.confidence)
    }
    let answered = ranked.filter { $0.finding.missing == nil }
    let joined = joined(answered)
    if let joined { best.finding = joined }
    var candidates = best.finding.candidates
    if joined == nil { for other in answered.dropFirst() { candidates += other.finding.candidates } }
    let distinct = Moments.oncePerSound(Moments.distinct(candidates, limit: .max), keeping: best.finding.support ?? 1)
    let varied = Part.everySense.isOn && !plan.asksBySense ? Moments.ofEverySense(distinct, keeping: best.finding.support ?? 1) : distinct
    let kept = Array(varied.prefix(Answerer.mostMoments))
    let moments = kept.enumerated().map { rank, candidate in
      // The order is the answer's; the scores only have to agree with it.
      Answer.Moment(
        stream: candidate.stream, range: candidate.range, score: best.finding.confidence / Double(rank + 1))
    }
    let evidence = Dictionary(findings.map { ($0.evidence.stream.id, $0.evidence) }, uniquingKeysWith: { first, _ in first })
    let citations = supporting(best.finding, kept).compactMap { candidate in
      evidence[candidate.stream].map { citation(of: candidate, in: $0) }
    }
    return Answer(
      text: best.finding.text, kind: plan.kind, abstained: false, confidence: best.finding.confidence,
      moments: moments, citations: citations,
      understood: plan.understood + unknown(findings.map(\.finding)).map { "found nowhere: \"\($0)\"" },
      missing: nil)
  }

  /// Whether nothing that is asked about is known at all. Of a library that is there it is not known whether it opens on Tuesdays, and "no" would be wrong.
  private func isUnheardOf(_ findings: [Finding]) -> Bool {
    if plan.isAboutPeople { return false }
    let known = plan.topic.stems.filter { stem in
      stem.count > 2 && findings.contains { finding in !finding.unknown.contains { Stem.of($0.lowercased()) == stem } }
    }
    return known.isEmpty
  }

  /// "What happens?" of several recordings: what each has, one after the other.
  private func joined(_ answered: [(finding: Finding, evidence: StreamEvidence)]) -> Finding? {
    guard case .everything = plan.whole, answered.count > 1 else { return nil }
    let told = answered.sorted { $0.evidence.stream.id < $1.evidence.stream.id }
    let more = told.count > Self.mostJoined ? "; and \(told.count - Self.mostJoined) more recordings" : ""
    // The first of each, then the second of each: whoever takes but a few moments gets some of all.
    let parts = told.prefix(Self.mostJoined).map { Array($0.finding.candidates.prefix($0.finding.support ?? 1)) }
    let candidates = (0..<(parts.map(\.count).max() ?? 0)).flatMap { rank in parts.compactMap { $0.dropFirst(rank).first } }
    return Finding(
      text: told.prefix(Self.mostJoined).map { "\($0.evidence.stream.id): \($0.finding.text ?? "")" }.joined(separator: "; ") + more,
      candidates: candidates, score: told.map(\.finding.score).max() ?? 0, support: candidates.count)
  }
  private static let mostJoined = 8

  /// The moments that the answer rests on: what a template named, else those that are about as certain as the best.
  private func supporting(_ finding: Finding, _ kept: [Candidate]) -> [Candidate] {
    if let support = finding.support {
      return finding.candidates.prefix(min(support, Self.mostCited)).reduce(into: []) { cited, candidate in
        if !cited.contains(where: { $0.stream == candidate.stream && $0.range == candidate.range && $0.modality == candidate.modality }) {
          cited.append(candidate)
        }
      }
    }
    let least = max(Certainty.threshold, finding.score - Certainty.support)
    return Array(kept.prefix(1) + kept.dropFirst().filter { $0.score >= least && $0.modality == kept[0].modality }.prefix(2))
  }
  private static let mostCited = 64

  /// The words that occur in no stream, so that a misspelt or misheard one is noticed; at most four.
  private func unknown(_ findings: [Finding]) -> ArraySlice<String> {
    (findings.first?.unknown ?? []).filter { word in findings.allSatisfy { $0.unknown.contains(word) } }.prefix(4)
  }

  private func nowhere(_ findings: [Finding]) -> String {
    let words = unknown(findings)
    return words.isEmpty ? "" : "; nothing read, said or named there has " + words.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  private func nearest(_ finding: Finding, _ evidence: StreamEvidence) -> String {
    guard let candidate = finding.candidates.first else { return "" }
    let quote = Quote(evidence: evidence).text(of: candidate, topic: plan.topic, slot: nil)
    return "; the nearest is \"\(quote)\" (\(Explanation.verb(candidate.modality)) at \(Explanation.clock(candidate.range.start)))"
  }

  private func citation(of candidate: Candidate, in evidence: StreamEvidence) -> Answer.Citation {
    let episode = evidence.episode(at: candidate.range.start)
    let level = candidate.passage == nil ? episode?.level ?? .full : .full
    return .init(
      stream: candidate.stream, range: candidate.range, modality: candidate.modality, level: level,
      quote: Quote(evidence: evidence).text(of: candidate, topic: plan.topic, slot: plan.slot), thumbnail: episode?.thumbnail)
  }
}

extension Answer {
  static func refusal(
    _ kind: AnswerKind, text: String? = nil, understood: [String], missing: String, confidence: Double = 1
  ) -> Answer {
    Answer(
      text: text, kind: kind, abstained: true, confidence: confidence, moments: [], citations: [], understood: understood, missing: missing)
  }
}
