import Core
import Memory

extension Answerer {
  /// "What is written at the beginning?", "What is the last word on screen?", "the last thing that is said": of one sense the first or the
  /// last there is; nil when the question asks for no such end.
  func edge(of sense: Modality?) -> Finding? {
    guard let sense, sense != .vision else { return nil }
    if case .number(let number) = plan.occurrence { return numbered(number, of: sense) }
    guard let isLast = endAsked else { return nil }
    let within = limits ?? evidence.stream.extent
    let own = evidence.passages.indices.filter { index in
      let passage = evidence.passages[index]
      return passage.item.modality == sense && passage.item.range.overlaps(within) && evidence.permanence[index] <= 0.5
    }
    func range(_ index: Int) -> TimeRange { evidence.passages[index].item.range }
    let chosen = isLast ? own.max { (range($0).end, $0) < (range($1).end, $1) } : own.min { (range($0).start, $0) < (range($1).start, $1) }
    guard let chosen else { return .nothing("nothing was \(Explanation.verb(sense))") }
    let candidate = Candidate(
      stream: evidence.stream.id, modality: sense, range: range(chosen), score: Self.plainlyThere, similarity: 0, passage: chosen)
    var text = quote.text(of: candidate, topic: .init(phrase: ""), slot: nil)
    if Token.words(of: plan.text).contains(where: { $0.text == "word" }), sense != .sound {
      let words = Token.words(of: text)
      text = (isLast ? words.last : words.first)?.surface ?? text
    }
    return Finding(text: text, candidates: [candidate], score: candidate.score, support: 1)
  }

  /// "What is the second thing said?": in order of time, the lines of one sign as one.
  private func numbered(_ number: Int, of sense: Modality) -> Finding {
    let within = limits ?? evidence.stream.extent
    var (own, told): ([Int], Set<Int>) = ([], [])
    for index in evidence.passages.indices where !told.contains(index) {
      let passage = evidence.passages[index]
      guard passage.item.modality == sense, passage.item.range.overlaps(within), evidence.permanence[index] <= 0.5 else { continue }
      own.append(index)
      told.formUnion(passage.sign)
    }
    own.sort { (evidence.passages[$0].item.range.start, $0) < (evidence.passages[$1].item.range.start, $1) }
    guard number >= 1, number <= own.count else {
      return .nothing("no more than \(own.count) of what was \(Explanation.verb(sense)) is remembered")
    }
    let candidate = Candidate(
      stream: evidence.stream.id, modality: sense, range: evidence.passages[own[number - 1]].item.range, score: Self.plainlyThere,
      similarity: 0, passage: own[number - 1])
    return Finding(
      text: quote.text(of: candidate, topic: .init(phrase: ""), slot: nil), candidates: [candidate], score: candidate.score, support: 1)
  }

  /// "Which price is shown first?", "What is the last day that is mentioned?": the first or the last that holds a value of the kind, where the
  /// question names nothing but the kind; nil for any other.
  func valueAtEnd() -> Finding? {
    guard let slot = plan.slot, slot != .person, let isLast = endAsked, namesOnlyItsKind else { return nil }
    var wanted = slot
    if case .identifier(let noun) = slot, Self.kinds.contains(noun) { wanted = .identifier("") }
    let within = limits ?? evidence.stream.extent
    let favoured = Set([Modality.text, .speech].filter { (plan.senses[$0] ?? 0) >= 0.5 })
    let own = evidence.passages.indices.filter { index in
      let passage = evidence.passages[index]
      return (favoured.isEmpty ? [.text, .speech] : favoured).contains(passage.item.modality) && passage.item.range.overlaps(within)
        && (plan.onlySense.map { $0 == passage.item.modality } ?? true) && SlotFiller.fills(wanted, passage.words)
    }
    func start(_ index: Int) -> (MediaTime, Int) { (evidence.passages[index].item.range.start, index) }
    let chosen = isLast ? own.max { start($0) < start($1) } : own.min { start($0) < start($1) }
    guard let chosen else { return nil }
    let candidate = Candidate(
      stream: evidence.stream.id, modality: evidence.passages[chosen].item.modality, range: evidence.passages[chosen].item.range,
      score: Self.ofItsKind, similarity: 0, passage: chosen)
    return Finding(
      text: quote.text(of: candidate, topic: .init(phrase: ""), slot: wanted), candidates: [candidate], score: candidate.score, support: 1)
  }
  /// Log-odds of the first or last value of a kind: what looks like a price may be none.
  private static let ofItsKind = 0.5
  private static let kinds = Vocabulary.values.union(Vocabulary.attributes)

  private var namesOnlyItsKind: Bool {
    let words = Token.words(of: plan.topic.phrase).filter { word in
      !Vocabulary.stop.contains(word.text) && !Vocabulary.framing.contains(word.text) && !Vocabulary.said.contains(word.text)
        && NumberWords.ordinals[word.text] == nil && !["last", "final", "written", "read"].contains(word.text)
    }
    return !words.isEmpty && words.allSatisfy { Self.kinds.contains($0.stem) }
  }

  /// Whether the end is asked for, or the beginning; nil when neither is.
  var endAsked: Bool? {
    switch (plan.occurrence, plan.version) {
    case (.first, _), (nil, .earliest): false
    case (.last, _), (nil, .latest): true
    default: nil
    }
  }

  /// How much of a recording its beginning and its end are, in seconds.
  static func endLength(of extent: TimeRange) -> Double { min(60, max(5, extent.duration.seconds * 0.1)) }

  /// "Which word is shown with echo?", "What stands below the price?": what else stands on the sign that was found.
  func beside(_ anchor: Candidate, named name: String) -> Finding {
    guard let index = anchor.passage, anchor.modality == .text else {
      return .nothing("\"\(name)\" is not written anywhere there", nearest: [anchor])
    }
    let own = evidence.passages[index]
    let asked = Set(Token.words(of: name).map(\.stem))
    // A line that holds more than what was asked for tells the rest itself.
    let rest = own.words.filter { !asked.contains($0.stem) }
    let others = evidence.passages.indices.filter { other in
      let passage = evidence.passages[other]
      guard other != index, passage.item.modality == .text, let shared = own.item.range.intersection(passage.item.range) else {
        return false
      }
      return shared.duration.seconds > 0.3 * min(own.item.range.duration.seconds, passage.item.range.duration.seconds)
        && passage.stems.isDisjoint(with: asked)
    }
    var texts = rest.isEmpty || asked.isDisjoint(with: own.stems) ? [] : [rest.map(\.surface).joined(separator: " ")]
    for other in others where !texts.contains(evidence.passages[other].item.text) { texts.append(evidence.passages[other].item.text) }
    guard !texts.isEmpty else { return .nothing("nothing else is written with \"\(name)\"", nearest: [anchor]) }
    let found = others.map { other in
      Candidate(
        stream: evidence.stream.id, modality: .text, range: evidence.passages[other].item.range, score: anchor.score, similarity: 0,
        passage: other)
    }
    return Finding(
      text: texts.prefix(4).joined(separator: " · "), candidates: [anchor] + found, score: anchor.score, support: 1 + min(3, found.count))
  }

  /// "How many shots are there?", "how often does the picture cut?": from cut to cut.
  func shots() -> Finding {
    guard let track = evidence.track, track.count > 0 else { return .nothing("nothing was seen") }
    let within = limits ?? evidence.stream.extent
    let starts = [0] + (evidence.cuts?.all ?? []).filter { $0 > 0 }
    let scenes = starts.map { evidence.scene(at: $0) }.filter { $0.overlaps(within) }
    let asksForCuts = Token.words(of: plan.text).contains { ["cut", "cuts", "change", "changes", "edits"].contains($0.text) }
    let found = scenes.compactMap { seen($0, score: Self.plainlyThere) }
    return Finding(
      text: String(asksForCuts ? max(0, scenes.count - 1) : scenes.count), candidates: found, score: Self.counted, support: found.count)
  }
  /// Log-odds of a number of shots: cuts are found by the picture alone.
  private static let counted = 1.0
}
