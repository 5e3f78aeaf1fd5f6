import Core
import Memory

/// One order over everything that was found, whatever sense it came by: calibrated scores, shifted by the cues of the question, limited by
/// its constraints.
struct Ranking: Sendable {
  let plan: QuestionPlan
  /// What a filled slot is worth, and what a missing one costs.
  static let slotBonus = 0.6

  /// Everything in one stream that fits a topic, best first.
  ///
  /// - Parameter own: whether the topic is the question's own, so that its cues, slot and whole wording count.
  func candidates(for topic: QuestionPlan.Topic, in retriever: Retriever, own: Bool, within: TimeRange? = nil) async throws -> [Candidate] {
    var found = try await retriever.told(topic, text: own ? plan.text : nil, bySubject: own && plan.asksForSubject, limit: 40)
    found += try await retriever.seen(topic, limit: 24)
    let evidence = retriever.evidence
    let senses = own ? plan.senses : Self.cues(in: topic)
    // "The cat's name on the caption": a line also belongs to what is seen beside it.
    let asksForLine = own && [.fact, .person, .value].contains(plan.kind) && (senses[.text] ?? 0) > 0
    let belongings = own && Part.strangeValues.isOn ? belongings : []
    let naming = asksForLine && Part.besides.isOn ? try await retriever.naming(of: topic) : nil
    for index in found.indices {
      var candidate = found[index]
      candidate.score += Self.relative(senses, candidate.modality)
      if candidate.modality == .sound, (senses[.sound] ?? 0) <= 0, Part.unaskedSounds.isOn { candidate.score -= Self.unaskedSound }
      if own, candidate.modality == .text, candidate.coverage == 0 {
        let shown = naming?.share(in: evidence.frames(overlapping: candidate.range)) ?? 0
        candidate.score += Self.shownBeside * shown
        // A capital makes a name of any line.
        if shown < 0.1, Part.strangeLines.isOn, plan.slot == .person || !isFilled(by: candidate, evidence) {
          candidate.score -= (senses[.text] ?? 0) > 0 && plan.slot != .person ? Self.strangersLine / 3 : Self.strangersLine
        }
      }
      if own {
        if !belongings.isEmpty, let passage = candidate.passage, !holds(belongings, passage, evidence) {
          candidate.score -= Self.strangersBelonging
        }
        if let slot = plan.slot, let passage = candidate.passage {
          let isFilled = fills(slot, passage, evidence)
          // Speech recognition writes names it does not know without a capital.
          if isFilled || slot != .person || candidate.modality == .text { candidate.score += isFilled ? Self.slotBonus : -Self.slotBonus }
          if Self.belongsToAThing(slot), namesAThing, candidate.coverage == 0, Part.strangeValues.isOn {
            candidate.score -= Self.strangersValue
          }
        }
      }
      if candidate.guess != nil { candidate.score = min(candidate.score, Certainty.guess) }
      found[index] = candidate
    }
    if own, let only = plan.onlySense { found.removeAll { $0.modality != only } }
    if own, plan.isHeard { found.removeAll { $0.modality == .vision || $0.modality == .text } }
    if plan.isForeign { found.removeAll { [.vision, .sound].contains($0.modality) || $0.coverage <= 0 } }
    if let within { found.removeAll { !$0.range.overlaps(within) } }
    if own {
      found = try await without(plan.excluded, found, retriever)
      if let act = plan.act, Part.unheardActs.isOn { found = try await unheard(act, found, retriever) }
    }
    return found.sorted { ($0.score, $1.range.start) > ($1.score, $0.range.start) }
  }

  private func isFilled(by candidate: Candidate, _ evidence: StreamEvidence) -> Bool {
    guard let slot = plan.slot, let passage = candidate.passage else { return false }
    return fills(slot, passage, evidence)
  }

  /// What it costs a line that none of its words was asked for; less when something written was.
  private static let strangersLine = 1.5
  /// What it is worth to a line that what was asked for is seen while it stands there.
  private static let shownBeside = 2.0

  /// A price or a length of time is one of something: another thing's is no answer.
  private static func belongsToAThing(_ slot: QuestionPlan.Slot) -> Bool { [.price, .duration, .quantity].contains(slot) }
  static let strangersValue = 2.0
  /// What it costs a passage about somebody that it is about another thing of hers than was asked for.
  private static let strangersBelonging = 4.0

  private func holds(_ stems: [String], _ index: Int, _ evidence: StreamEvidence) -> Bool {
    let passage = evidence.passages[index]
    let words = passage.sign.reduce(into: passage.stems) { $0.formUnion(evidence.passages[$1].stems) }
    return stems.contains { Spelling.contains(words, $0) }
  }

  /// Whether the topic is more than the name of a value: "the price of soup", not "which price".
  private var namesAThing: Bool { plan.topic.stems.contains { !Vocabulary.values.contains($0) } }

  /// "The locker number of Ada": what is asked for of somebody, in stems. Another thing of hers is no answer.
  private var belongings: [String] {
    guard [.fact, .value].contains(plan.kind), let own = plan.belonging else { return [] }
    let names = Set(Retriever.names(in: plan.text))
    return own.filter { !names.contains($0) && !Vocabulary.values.contains($0) && !Vocabulary.attributes.contains($0) }
  }

  private func fills(_ slot: QuestionPlan.Slot, _ index: Int, _ evidence: StreamEvidence) -> Bool {
    let passage = evidence.passages[index]
    if SlotFiller.fills(slot, passage.words) { return true }
    return passage.sign.contains { SlotFiller.fills(slot, evidence.passages[$0].words + passage.words) }
  }

  /// A cue says which sense, not that there is an answer: the favoured sense gains little, the others lose.
  private static func relative(_ senses: [Modality: Double], _ modality: Modality) -> Double {
    let weights = senses.mapValues { min($0, Self.mostCue) }
    // "Wind" and "piano" may be heard, seen and talked about; "hear" and "sound" mean the one sense.
    let most = weights.filter { $0.key != .sound || $0.value >= Self.mostCue || modality == .sound }.values.max() ?? 0
    return (weights[modality] ?? 0) - max(0, most - Self.favour)
  }
  static let favour = 0.4
  /// Cues that agree add up to no more than this.
  private static let mostCue = 2.0
  /// What it costs a sound that nothing in the question asks to hear a thing: "the dog" is rather one that is seen.
  private static let unaskedSound = 3.0

  /// Cues in an anchor: "the sign", "the bark".
  static func cues(in topic: QuestionPlan.Topic) -> [Modality: Double] {
    var weights: [Modality: Double] = [:]
    let words = Token.words(of: topic.phrase)
    if words.contains(where: { Vocabulary.read.contains($0.text) }) { weights[.text] = 0.5 }
    // What writing stands on is looked for by what is written there.
    if words.contains(where: { Vocabulary.media.contains($0.text) }) { weights[.vision] = -1 }
    if words.contains(where: { Vocabulary.said.contains($0.text) }) { weights[.speech] = 0.5 }
    if words.contains(where: { Vocabulary.soundStems.contains($0.stem) || Vocabulary.heard.contains($0.text) }) { weights[.sound] = 1 }
    return weights
  }

  /// What it costs a sight that what the thing is said to do would be heard and was not: a bottle stands there, and nothing explodes.
  private static let unheardAct = 3.0
  /// What is heard this close belongs to what is seen, seconds.
  private static let belongs = 3.0

  private func unheard(_ act: String, _ found: [Candidate], _ retriever: Retriever) async throws -> [Candidate] {
    guard try await retriever.isAudible(act) else { return found }
    let heard = try await retriever.heard(.init(phrase: act))?.filter { $0.score >= Certainty.threshold } ?? []
    let slack = MediaTime(seconds: Self.belongs)
    return found.map { candidate in
      let around = TimeRange(start: candidate.range.start - slack, end: candidate.range.end + slack)
      guard candidate.modality == .vision, !heard.contains(where: { $0.range.overlaps(around) }) else { return candidate }
      var silent = candidate
      silent.score -= Self.unheardAct
      return silent
    }
  }

  /// A word of an excluded topic rules a passage out; what looks more like the excluded thing than like chance loses by as much.
  private func without(_ excluded: [QuestionPlan.Topic], _ found: [Candidate], _ retriever: Retriever) async throws -> [Candidate] {
    guard !excluded.isEmpty else { return found }
    var kept = found
    for topic in excluded {
      let stems = Set(topic.stems)
      kept.removeAll { candidate in candidate.passage.map { !retriever.evidence.passages[$0].stems.isDisjoint(with: stems) } ?? false }
      guard let scores = try await retriever.frameScores(for: topic) else { continue }
      for index in kept.indices {
        guard let frames = kept[index].frames, let best = scores.values[frames].max() else { continue }
        kept[index].score -= max(0, retriever.standardised(best, .vision))
      }
    }
    return kept
  }
}
