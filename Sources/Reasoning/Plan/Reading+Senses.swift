import Core

extension Reading {
  /// By which sense the question expects an answer. Cues are weights, in the unit of calibrated scores; only "according to the voice"
  /// and the like rule the other senses out.
  mutating func readSenses(into plan: inout QuestionPlan) {
    var weights: [Modality: Double] = [:]
    // "While the cat is shown" says how the cat is found, and not what is asked for.
    let own = plan.relation == nil ? original : words
    let texts = own.map(\.text)
    let stems = Set(own.map(\.stem))
    let reads = texts.filter { Vocabulary.read.contains($0) }
    if !reads.isEmpty { weights[.text, default: 0] += 1 }
    if plan.clockText != nil { weights[.text, default: 0] += 0.5 }
    if texts.contains(where: { Vocabulary.seen.contains($0) }) {
      weights[.vision, default: 0] += 0.5
      weights[.speech, default: 0] -= 0.7
    }
    let hears = texts.contains { Vocabulary.heard.contains($0) }
    if asksWhatScreenSays {
      weights[.text, default: 0] += 1.5
      weights[.vision, default: 0] -= 1.5
    } else if let cue = sayingCue() {
      weights[.speech, default: 0] += 1
      weights[.vision, default: 0] -= 1.5
      if cue.certain, reads.isEmpty { plan.onlySense = .speech }
      words.removeSubrange(cue.words)
    } else if texts.contains(where: { Vocabulary.said.contains($0) }) {
      weights[.speech, default: 0] += 0.5
    }
    if !stems.isDisjoint(with: Vocabulary.soundStems) { weights[.sound, default: 0] += 1 }
    if hears, plan.onlySense == nil {
      weights[.sound, default: 0] += 2
      let isShown = !reads.isEmpty || texts.contains { Vocabulary.seen.contains($0) }
      plan.isHeard =
        [.moment, .yesNo, .count].contains(plan.kind) && plan.slot == nil && !isShown
        && texts.contains { Vocabulary.hearing.contains($0) }
    }
    if plan.kind == .moment, texts.first == "where", !texts.contains(where: { Vocabulary.seen.contains($0) }) {
      // "Where is the key kept?" asks for a place in the world.
      weights[.text, default: 0] += 0.5
      weights[.speech, default: 0] += 0.7
      weights[.vision, default: 0] -= 0.5
      // "… hidden?", "… kept?": where in the world, which is told and not shown.
      if Self.stays(texts.last ?? "") { weights[.vision, default: 0] -= 1.5 }
    }
    if plan.kind == .moment, texts.first == "when", ["did", "does", "was", "were", "is", "has"].contains(texts.dropFirst().first ?? ""),
      let last = original.last, Versions.changes.contains(last.stem)
    {
      // What changes its time, price or place is told.
      weights[.vision, default: 0] -= 1.5
    }
    if plan.slot == .clock, plan.kind == .moment {
      weights[.text, default: 0] += 0.5
      weights[.speech, default: 0] += 0.5
      weights[.vision, default: 0] -= 0.7
    }
    // A classifier of pictures knows no proper names.
    if !Retriever.names(in: plan.text).isEmpty { weights[.vision, default: 0] -= 0.7 }
    plan.senses = weights
  }

  /// "What does the screen say": what says something there is written.
  var asksWhatScreenSays: Bool {
    guard let verb = original.firstIndex(where: { ["say", "says", "said"].contains($0.text) }), verb > 0 else { return false }
    return Self.screens.contains(original[verb - 1].text)
  }
  private static let screens = Vocabulary.media.union(["screen", "display", "text", "picture", "title", "board"])

  /// A fact is rather written or said than seen, unless what is there is asked for.
  func favourWords(in plan: inout QuestionPlan) {
    guard [.fact, .person, .value].contains(plan.kind), !plan.asksWhatIsThere else { return }
    plan.senses[.text, default: 0] += 0.5
    plan.senses[.speech, default: 0] += 0.5
    plan.senses[.vision, default: 0] -= 1.5
    if (plan.senses[.sound] ?? 0) <= 0 || plan.slot.map({ $0 != .person }) ?? false { plan.senses[.sound, default: 0] -= 1.5 }
    // A number, a name or a wording is never answered by what a classifier saw.
    if plan.slot != nil { plan.senses[.vision, default: 0] -= 0.5 }
    if original.contains(where: { ["name", "names", "named", "called"].contains($0.text) }) { plan.senses[.vision, default: 0] -= 0.7 }
    if original.contains(where: { Vocabulary.media.contains($0.text) }) { plan.senses[.vision, default: 0] -= 2 }
  }

  /// "someone says", "do they explain", "according to the speaker": the words up to and with the verb, when nothing but a speaker
  /// stands in front of it. Certain when a speaker was named.
  private func sayingCue() -> (words: Range<Int>, certain: Bool)? {
    if let start = find("according to") {
      let end = min(clauseEnd(after: start), start + 6)
      if words[start..<end].contains(where: {
        ["voice", "narrator", "speaker", "presenter", "lecturer", "host", "reader", "commentator"].contains($0.text)
      }) {
        return (start..<end, true)
      }
    }
    guard let verb = words.indices.first(where: { Vocabulary.sayingVerbs.contains(at($0)) }), verb < 9 else { return nil }
    let before = words[..<verb]
    guard
      before.allSatisfy({
        Vocabulary.speakers.contains($0.text) || Vocabulary.stop.contains($0.text) || Vocabulary.framing.contains($0.text)
      })
    else { return nil }
    let spoken = before.contains {
      Vocabulary.speakers.contains($0.text) && !Vocabulary.stop.contains($0.text) || Self.pronouns.contains($0.text)
    }
    return (0..<(verb + 1), spoken)
  }

  /// Whether a word says that something is somewhere: a participle that takes a place.
  private static func stays(_ word: String) -> Bool {
    [
      "hidden", "kept", "held", "stored", "located", "parked", "buried", "placed", "left", "put", "lost", "found", "hung", "laid", "sold",
      "served", "born", "built", "made", "moved", "taken",
    ].contains(word)
  }

  private static let pronouns: Set<String> = ["someone", "somebody", "anyone", "anybody", "they", "he", "she", "person", "people", "voice"]
}
