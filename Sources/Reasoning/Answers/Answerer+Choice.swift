import Core
import Memory

extension Answerer {
  /// "Is there a cat and a dog?": whether all of them are there, each by itself; nil when one thing is asked about.
  func allOf() async throws -> Finding? {
    guard plan.text.lowercased().contains(/^(?:is|are|was|were)\s+there\b/) else { return nil }
    let parts = plan.topic.phrase.split(separator: /\s+and\s+(?=(?:a|an|the|some|any)\s)/).map { QuestionPlan.Topic(phrase: String($0)) }
    guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    var (found, absent): ([Candidate], [String]) = ([], [])
    var isCertain = true
    for part in parts {
      var own = self
      (own.plan.topic, own.plan.text) = (part, "is there \(part.phrase)?")
      let finding = try await own.direct()
      if finding.missing == nil, let best = finding.candidates.first {
        found.append(best)
        isCertain = isCertain && !own.isDoubtful
      } else {
        absent.append(part.phrase)
      }
    }
    guard !found.isEmpty else { return nil }
    let names = found.map { quote.text(of: $0, topic: plan.topic, slot: nil) }.joined(separator: "; ")
    return Finding(
      text: absent.isEmpty
        ? "\(isCertain ? "yes" : "not certain"): \(names)"
        : "no: \(names), and nothing that fits \"\(absent.joined(separator: "\", \""))\"",
      candidates: found, score: found.map(\.score).min() ?? 0, support: found.count)
  }

  /// "Is it day or night?", "Is the train on platform 3 or 5?": the one of two that is the case.
  func chosen(about subject: QuestionPlan.Topic) async throws -> Finding {
    if let stated = try await statement(of: subject, values: plan.alternatives.map(\.phrase).joined(separator: " ")) {
      let held = plan.alternatives.filter { Statement.holds($0, stated.words) }
      let quoted = quote.text(of: stated.latest, topic: plan.topic, slot: stated.slot)
      let text = held.count == 1 ? held[0].phrase : held.isEmpty ? "neither: \(quoted)" : quoted
      return Finding(
        text: text, candidates: [stated.latest] + stated.others, score: stated.latest.score, support: 1)
    }
    var best: (topic: QuestionPlan.Topic, found: [Candidate])?
    var all: [Candidate] = []
    for topic in plan.alternatives {
      let whole = QuestionPlan.Topic(phrase: subject.isEmpty ? topic.phrase : "\(topic.phrase) \(subject.phrase)")
      let found = try await ranking.candidates(for: whole, in: retriever, own: false, within: limits).filter { candidate in
        candidate.passage == nil || candidate.modality == .sound || candidate.coverage > 0
      }
      all += found
      guard let first = found.first else { continue }
      if first.score > best?.found.first?.score ?? -.infinity { best = (topic, found) }
    }
    guard let best, let first = best.found.first, first.score >= Certainty.threshold else {
      return .nothing(lookedFor(plan.alternatives[0]), nearest: all.sorted { $0.score > $1.score })
    }
    return Finding(text: best.topic.phrase, candidates: best.found, score: first.score, support: 1)
  }

  /// "Is the meeting on Tuesday?": yes with what says so, or no with what says otherwise; nil when no value is asked about or nothing is
  /// told of it.
  func checked() async throws -> Finding? {
    guard let (subject, value) = Statement.parts(of: plan) else { return nil }
    guard let stated = try await statement(of: subject, values: value.phrase) else {
      // The value alone, told of something else, says nothing.
      let whole = try await direct()
      guard whole.missing == nil else { return whole }
      guard let index = whole.candidates.first?.passage else {
        return Statement.slot(of: value.phrase, beside: plan.text) == .quantity
          ? whole : .nothing(lookedFor(plan.topic), nearest: whole.candidates)
      }
      let words = Set(wordsBeside(index).map(\.stem))
      return subject.stems.contains { Spelling.contains(words, $0) } ? whole : .nothing(lookedFor(plan.topic), nearest: whole.candidates)
    }
    let text = quote.text(of: stated.latest, topic: subject, slot: stated.slot)
    if Statement.holds(value, stated.words) {
      return Finding(text: "yes: \(text)", candidates: [stated.latest] + stated.others, score: stated.latest.score, support: 1)
    }
    let earlier = stated.others.first { other in
      other.passage.map { Statement.holds(value, wordsBeside($0)) } ?? false && other.range.start < stated.latest.range.start
    }
    guard let earlier else {
      return Finding(text: "no: \(text)", candidates: [stated.latest] + stated.others, score: stated.latest.score, support: 1)
    }
    return Finding(
      text: "no longer: \(text)", candidates: [stated.latest, earlier] + stated.others.filter { $0 != earlier },
      score: stated.latest.score, support: 2)
  }

  /// What is told of a subject, with a value of the same kind as those of the question: the version that is meant, and the others.
  private func statement(of subject: QuestionPlan.Topic, values: String) async throws
    -> (latest: Candidate, others: [Candidate], words: [Token], slot: QuestionPlan.Slot)?
  {
    guard !subject.isEmpty, let slot = Statement.slot(of: values, beside: plan.text) else { return nil }
    var asked = plan
    (asked.kind, asked.topic, asked.slot, asked.alternatives) = (.fact, subject, slot, [])
    let found = try await Ranking(plan: asked).candidates(for: subject, in: retriever, own: true, within: limits).filter { candidate in
      guard let index = candidate.passage, [.text, .speech].contains(candidate.modality) else { return false }
      return candidate.coverage >= Self.sameSubject && SlotFiller.fills(slot, wordsBeside(index))
    }
    guard let best = found.first, best.score >= Certainty.threshold, let index = best.passage else { return nil }
    let versions = Versions(plan: asked, evidence: evidence)
    let latest = versions.choose(among: found) ?? best
    // A name misheard is no other name.
    guard slot != .person || evidence.passages[index].item.modality == .text else { return nil }
    return (latest, found.filter { $0 != latest }, latest.passage.map { wordsBeside($0) } ?? [], slot)
  }
  /// The share of the subject's words that must be there before a value contradicts.
  private static let sameSubject = 0.45

  /// The words of a passage, and of a line those of its sign.
  private func wordsBeside(_ index: Int) -> [Token] {
    let passage = evidence.passages[index]
    return passage.sign.isEmpty ? passage.words : passage.sign.flatMap { evidence.passages[$0].words }
  }
}

/// A question that states a value: "the meeting is on Tuesday".
enum Statement {
  /// The values of a topic, and what they are said of; nil when it holds none or nothing else.
  static func parts(of plan: QuestionPlan) -> (subject: QuestionPlan.Topic, value: QuestionPlan.Topic)? {
    let words = Token.words(of: plan.topic.phrase)
    let values = words.filter(isValue)
    let asked = Token.words(of: plan.text)
    // "Does the ferry leave from pier 4": what it does there need not be said.
    var verb: String?
    if ["does", "do", "did", "will"].contains(asked.first?.text ?? ""), let value = asked.firstIndex(where: isValue) {
      let place = asked[..<value].lastIndex { ["from", "at", "on", "in", "to", "by", "until", "for"].contains($0.text) }
      verb = place.flatMap { $0 > 0 ? asked[$0 - 1].text : nil }
    }
    let subject = words.filter {
      !isValue($0) && $0.text != verb && !Vocabulary.units.contains($0.text) && !Vocabulary.currencies.contains($0.text)
    }
    guard !values.isEmpty, case let topic = QuestionPlan.Topic(phrase: subject.map(\.surface).joined(separator: " ")), !topic.isEmpty else {
      return nil
    }
    return (topic, .init(phrase: values.map(\.surface).joined(separator: " ")))
  }

  private static func isValue(_ word: Token) -> Bool {
    NumberWords.isNumber(word) && word.text != "one" || Vocabulary.weekdays.contains(word.text)
      || word.text != "may" && Vocabulary.months.contains(word.text) || ["noon", "midnight"].contains(word.text)
  }

  /// What kind of value a text holds; nil when it holds none.
  static func slot(of text: String, beside question: String) -> QuestionPlan.Slot? {
    let words = Token.words(of: text)
    if words.contains(where: { Vocabulary.weekdays.contains($0.text) }) { return .weekday }
    if words.contains(where: SlotFiller.isClock) || words.contains(where: { ["noon", "midnight"].contains($0.text) }) { return .clock }
    if words.contains(where: { $0.text != "may" && Vocabulary.months.contains($0.text) }) { return .date }
    guard let number = words.first(where: NumberWords.isNumber) else { return nil }
    let asked = Token.words(of: question)
    let place = asked.firstIndex { $0.text == number.text } ?? 0
    if place > 0, Reading.numbered.contains(asked[place - 1].stem) { return .identifier(asked[place - 1].stem) }
    if place + 1 < asked.count, Vocabulary.currencies.contains(asked[place + 1].text) || number.text.contains(".") { return .price }
    if place + 1 < asked.count, Vocabulary.durationUnits.contains(asked[place + 1].text) { return .duration }
    return .quantity
  }

  /// Whether words hold every word of a value, numbers in digits or letters.
  static func holds(_ value: QuestionPlan.Topic, _ words: [Token]) -> Bool {
    func form(_ word: Token) -> String { NumberWords.value(of: word).map(String.init) ?? word.stem }
    let own = Set(words.map(form))
    return Token.words(of: value.phrase).filter { !Vocabulary.stop.contains($0.text) || $0.hasDigit || NumberWords.isNumber($0) }.allSatisfy
    {
      own.contains(form($0))
    }
  }
}
