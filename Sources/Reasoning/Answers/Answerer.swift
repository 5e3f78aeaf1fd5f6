import Core
import Foundation
import Memory

/// Turns a plan and what was found into an answer made of evidence. One template for each form of question; none invents a word that is
/// not in the memory, apart from "yes", "before", "after" and numbers that it counted.
struct Answerer: Sendable {
  var plan: QuestionPlan
  let retriever: Retriever
  let askedAt: Date
  /// The only stretch that may answer, whatever the question says; nil for all of the stream.
  var within: TimeRange?
  /// What the answer before the question rested on.
  var previous: Answer.Citation?

  var evidence: StreamEvidence { retriever.evidence }
  var ranking: Ranking { Ranking(plan: plan) }
  var quote: Quote { Quote(evidence: evidence) }
  static let mostMoments = 8

  func find() async throws -> Finding {
    var finding = try await sought()
    finding.unknown = unknownWords
    return finding
  }

  /// The words asked for that occur nowhere in the stream.
  private var unknownWords: [String] {
    let topics = [plan.topic] + plan.alternatives + (plan.relation?.anchors ?? [])
    let asked = topics.flatMap { Token.words(of: $0.phrase) }.filter { !Vocabulary.stop.contains($0.text) && $0.text.count > 2 }
      .filter { NumberWords.ordinals[$0.text] == nil }
    return asked.reduce(into: []) { words, token in
      if !words.contains(token.surface), !isKnown(token.stem) { words.append(token.surface) }
    }
  }

  private func isKnown(_ stem: String) -> Bool {
    if evidence.terms.count(of: stem) > 0 { return true }
    if Vocabulary.synonyms[stem]?.contains(where: { evidence.terms.count(of: $0) > 0 }) ?? false { return true }
    guard let sights = retriever.vocabularies[.vision] else { return false }
    return sights.bearers(of: stem).contains { (evidence.usual[sights.names[$0]] ?? 0) > Self.seenAtAll }
  }
  /// Mean probability over a stream of a label that was ever likely.
  private static let seenAtAll: Float = 1e-4

  private func sought() async throws -> Finding {
    if let wall = plan.wall, evidence.stream.startedAt == nil {
      // Then the words may be those of somebody who speaks.
      var other = self
      other.plan = Planner.plan(plan.text, hasWallClock: false)
      var finding = try await other.sought()
      finding.missing = finding.missing.map { "\($0); it is not known at what time of day the recording was made (\"\(wall.words)\")" }
      return finding
    }
    if let elsewhen { return elsewhen }
    if plan.isDenied { return .nothing("the question asks for what is not there, which is not worked out; ask when it is there") }
    if plan.whole == .shots { return shots() }
    if let look = plan.look, let finding = try await looks(look) { return finding }
    if case .everything(let sense) = plan.whole { return edge(of: sense) ?? everything(of: sense) }
    if let kind = plan.refersBack, let previous {
      let anchor = Candidate(
        stream: previous.stream, modality: previous.modality, range: previous.range, score: Self.plainlyThere, similarity: 0)
      return try await place(kind, [anchor], named: previous.quote)
    }
    if plan.orderForm != nil { return try await order() }
    if let subject = plan.choice { return try await chosen(about: subject) }
    if let relation = plan.relation, let finding = try await beside(relation) { return finding }
    if plan.relation == nil, let found = valueAtEnd() { return found }
    if let clock = plan.clockText { return try await at(clock) }
    if plan.asksWhatIsThere, plan.relation == nil, plan.occurrence != nil || plan.time != nil { return try await scene() }
    switch plan.kind {
    case .count: return try await count()
    case .list: return try await list()
    case .yesNo:
      if let checked = try await checked() { return checked }
      if let several = try await allOf() { return several }
      return try await direct()
    default: return try await direct()
    }
  }

  /// Why a time of day cannot be looked at; nil when none is asked for or it lies in the stream.
  private var elsewhen: Finding? {
    let extent = evidence.stream.extent
    if let limits, plan.wall == nil, extent.duration > .zero, limits.start >= extent.end || limits.end <= extent.start {
      return .nothing(
        "\(evidence.stream.id) is remembered from \(Explanation.clock(extent.start)) to \(Explanation.clock(extent.end)) only")
    }
    guard let wall = plan.wall, let start = evidence.stream.startedAt else { return nil }
    guard !wall.range(startedAt: start, now: askedAt).overlaps(evidence.stream.extent) else { return nil }
    return .nothing("nothing is remembered of \"\(wall.words)\"")
  }

  /// The stretch of the stream the question limits itself to.
  var limits: TimeRange? {
    if let wall = plan.wall, let start = evidence.stream.startedAt {
      let range = wall.range(startedAt: start, now: askedAt)
      return within.map { range.intersection($0) ?? $0 } ?? range
    }
    guard let time = plan.time else { return within }
    var now = evidence.stream.extent.end
    if let start = evidence.stream.startedAt {
      now = min(now, MediaTime(seconds: max(0, askedAt.timeIntervalSince(start))))
    }
    let range = byTheWall(time) ?? time.range(in: evidence.stream.extent, now: now)
    return within.map { range.intersection($0) ?? $0 } ?? range
  }

  /// The same and a little more, for what is not found in it: people remember times roughly. nil where the question sets none.
  private var loosely: TimeRange? {
    guard let limits, let time = plan.time, time.from != nil, time.to != nil, !evidence.holes.contains(where: { $0.overlaps(limits) })
    else {
      return nil
    }
    let slack = MediaTime(seconds: max(2, limits.duration.seconds * 0.1))
    let wider = TimeRange(start: limits.start - slack, end: limits.end + slack)
    return within.map { wider.intersection($0) ?? $0 } ?? wider
  }

  /// "Between 14:00 and 15:00": hours and minutes where the wall clock is known and the stream has such a time.
  private func byTheWall(_ time: TimeConstraint) -> TimeRange? {
    guard !time.countsFromEnd, !time.countsFromQuestion, time.isClock, let start = evidence.stream.startedAt else { return nil }
    let extent = evidence.stream.extent
    func moment(_ seconds: Double?) -> MediaTime? {
      seconds.flatMap { WallTime.moment(of: $0 * 60, startedAt: start, extent: extent) }
    }
    let (low, high) = (moment(time.from), moment(time.to))
    guard low != nil || high != nil else { return nil }
    return TimeRange(start: low ?? extent.start, end: max(low ?? extent.start, high ?? extent.end))
  }

  /// The topic looked for directly: the line, the sentence or the scene that fits best.
  func direct() async throws -> Finding {
    var found = try await ranking.candidates(for: plan.topic, in: retriever, own: true, within: limits)
    if let loosely, (found.first?.score ?? -.infinity) < Certainty.threshold {
      found = try await ranking.candidates(for: plan.topic, in: retriever, own: true, within: loosely)
    }
    guard var best = found.first else { return .nothing(lookedFor(plan.topic)) }
    guard best.score >= Certainty.threshold else { return .nothing(lookedFor(plan.topic), nearest: found) }
    if let chosen = Versions(plan: plan, evidence: evidence).choose(among: found) { best = chosen }
    if let chosen = occurrence(among: found) { best = chosen }
    best = try await narrowed(best)
    if let index = best.passage, plan.version == nil, evidence.permanence[index] > 0.5 { best.range = evidence.presence(of: index) }
    let rest = found.filter { $0 != best && (Part.faintMoments.isOn || $0.score >= Certainty.mention) }
    var text = quote.text(of: best, topic: plan.topic, slot: plan.slot)
    if plan.kind == .yesNo { text = (isDoubtful ? "not certain: " : "yes: ") + text }
    let isChosen = plan.version != nil || plan.occurrence != nil || ![.moment, .yesNo].contains(plan.kind)
    return Finding(text: text, candidates: [best] + rest, score: best.score, support: isChosen ? 1 : nil)
  }

  /// Whether only a part of what is asked about is known at all: "did the library burn down" of a library that nothing burns in.
  var isDoubtful: Bool {
    plan.topic.stems.count > 1 && plan.topic.stems.contains(where: isKnown)
      && plan.topic.stems.contains { !isKnown($0) && !Vocabulary.framing.contains($0) }
  }

  /// What fits about as well as the best.
  static func occurrences(like best: Candidate, among found: [Candidate]) -> [Candidate] {
    let least = max(Certainty.threshold, best.score - Certainty.alike)
    return found.filter { $0.modality == best.modality && $0.score >= least }.sorted {
      ($0.score, $1.range.start) > ($1.score, $0.range.start)
    }
  }

  /// The first, last or n-th of what fits about as well as the best.
  func occurrence(among found: [Candidate]) -> Candidate? {
    guard let wanted = plan.occurrence, let best = found.first else { return nil }
    let alike = Moments.distinct(Self.occurrences(like: best, among: found), limit: 64).sorted { $0.range.start < $1.range.start }
    switch wanted {
    case .first: return alike.first
    case .last: return alike.last
    case .number(let number): return number <= alike.count ? alike[number - 1] : nil
    }
  }

  /// Several moments; the answer names each.
  func list() async throws -> Finding {
    let found = try await ranking.candidates(for: plan.topic, in: retriever, own: true, within: limits)
    guard let best = found.first, best.score >= Certainty.threshold else { return .nothing(lookedFor(plan.topic), nearest: found) }
    let kept = Moments.distinct(found.filter { $0.score >= max(Certainty.threshold, best.score - 1.5) }, limit: 12)
    var names: [String] = []
    for candidate in kept.sorted(by: { $0.range.start < $1.range.start }) {
      let name =
        candidate.passage == nil
        ? (evidence.labels(from: candidate.range.start, to: candidate.range.end).first?.label ?? "")
        : quote.text(of: candidate, topic: plan.topic, slot: nil)
      if !name.isEmpty, !names.contains(name) { names.append(name) }
    }
    return Finding(text: names.joined(separator: "; "), candidates: kept, score: best.score, support: kept.count)
  }

  func lookedFor(_ topic: QuestionPlan.Topic) -> String {
    "nothing in this memory fits \"\(topic.phrase.isEmpty ? plan.text : topic.phrase)\" better than chance"
  }

  /// The best place for a topic that is not the question's own.
  func locate(_ topic: QuestionPlan.Topic) async throws -> [Candidate] {
    var topic = topic
    var words = Token.words(of: topic.phrase)
    var wanted: QuestionPlan.Occurrence?
    if let first = words.first, words.count > 1 {
      if first.text == "last" || first.text == "final" {
        wanted = .last
      } else if let number = NumberWords.ordinals[first.text] {
        wanted = number == 1 ? .first : .number(number)
      }
      if wanted != nil {
        words.removeFirst()
        topic = .init(phrase: words.map(\.surface).joined(separator: " "))
      }
    }
    if let look = LookQuestion.read(words), let looking = retriever.looking(look), !looking.isEmpty {
      let order = wanted == .last ? looking.reversed() : looking
      return order.filter { within?.overlaps($0.range) ?? true }
    }
    let found = try await ranking.candidates(for: topic, in: retriever, own: false, within: within)
    guard let wanted else { return changed(topic, among: found) }
    var asked = self
    asked = Answerer(
      plan: {
        var plan = plan; plan.occurrence = wanted; return plan
      }(), retriever: retriever, askedAt: askedAt, within: within)
    guard let chosen = asked.occurrence(among: found) else { return found }
    return [chosen] + found.filter { $0 != chosen }
  }

  /// "The train moved to platform 5", "apples get more expensive": of the versions of a line or sentence the one that changed it.
  private func changed(_ topic: QuestionPlan.Topic, among found: [Candidate]) -> [Candidate] {
    var asked = plan
    (asked.kind, asked.topic, asked.slot, asked.version) = (.moment, topic, nil, nil)
    let versions = Versions(plan: asked, evidence: evidence)
    guard versions.asksForChange, !topic.stems.contains(where: { $0.contains(where: \.isNumber) }),
      let chosen = versions.choose(among: found)
    else { return found }
    return [chosen] + found.filter { $0 != chosen }
  }

  /// An utterance that is longer than its answer is narrowed to the words that hold it.
  func narrowed(_ candidate: Candidate) async throws -> Candidate {
    guard let index = candidate.passage, Part.narrowing.isOn else { return candidate }
    guard evidence.passages[index].item.modality == .speech, evidence.passages[index].words.count > Quote.longest / 2 else {
      return candidate
    }
    let item = try retriever.item(of: index)
    guard item.words.count > Quote.longest else { return candidate }
    let text = item.words.map(\.text).joined(separator: " ")
    let kept = Quote.cut(text, around: plan.topic, slot: plan.slot).words
    guard kept.upperBound <= item.words.count, kept.count < item.words.count else { return candidate }
    var narrowed = candidate
    narrowed.range = item.words[kept.lowerBound].range.union(item.words[kept.upperBound - 1].range)
    return narrowed
  }
}
