import Core

extension Reading {
  /// "a violin and not a guitar", "other than the intro": takes out what is excluded, so that it does not attract what it forbids.
  mutating func readExclusion(into plan: inout QuestionPlan) {
    for phrase in Vocabulary.exclusions {
      guard let start = find(phrase.joined(separator: " ")), start > 1 else { continue }
      let end = clauseEnd(after: start + phrase.count - 1)
      let excluded = Self.topic(words[(start + phrase.count)..<end])
      guard !excluded.isEmpty, phrase != ["not"] || at(start - 1) == "but" || at(start - 1) == "and" || breaks.contains(start) else {
        continue
      }
      plan.excluded.append(excluded)
      let head = ["but", "and"].contains(at(start - 1)) ? start - 1 : start
      remove(head..<end)
    }
  }

  /// "When is the cat not visible?", "what isn't shown?": what is not there is never found by its likeness.
  static func denies(_ text: String, _ kind: AnswerKind) -> Bool {
    [.moment, .fact, .list, .summary].contains(kind)
      && !Token.words(of: text).contains { Vocabulary.sayingVerbs.contains($0.text) || $0.text == "why" }
      && text.lowercased().contains(
        /(?:\b(?:can)?not|n['’]t)\s+(?:\w+\s+){0,2}(?:visible|shown|seen|present|heard|said|written|mentioned|on\s+screen|there)\b/)
  }

  /// "past the camera", "on camera": where the recording was made from is no topic.
  mutating func dropViewpoint() {
    _ = take(["past the camera", "in front of the camera", "towards the camera", "at the camera", "on camera", "into the camera"])
  }

  /// What the answer has to hold: a price, a day, the number of a platform.
  mutating func readSlot(into plan: inout QuestionPlan) {
    let texts = words.map(\.text)
    func has(_ list: String...) -> Bool { list.contains { texts.contains($0) } }
    if contains("how much") {
      plan.slot = .price
    } else if contains("how long") {
      plan.slot = .duration
    } else if plan.kind == .value, let index = find("how"), Self.measures.contains(at(index + 1)) {
      plan.slot = .quantity
    } else if contains("until when") || contains("since when") || contains("what time") {
      plan.slot = .clock
    } else if contains("which day") || contains("what day") || contains("which weekday") || contains("what weekday") {
      plan.slot = .weekday
    } else if has("date", "due", "deadline", "expire", "expires", "expiry") {
      plan.slot = .date
    } else if asksForTimetable {
      plan.slot = .clock
    } else if has("price", "cost", "costs") {
      plan.slot = .price
    } else if plan.kind == .person {
      plan.slot = .person
    } else if plan.kind == .fact, has("name", "names", "named", "called") {
      plan.slot = .person
    } else if let index = texts.firstIndex(where: { $0 == "number" || $0 == "code" || $0 == "numbers" }), plan.kind != .count {
      let noun = index > 0 && !Vocabulary.stop.contains(texts[index - 1]) ? words[index - 1].stem : ""
      plan.slot = .identifier(noun)
    } else if plan.kind == .fact, let index = texts.firstIndex(where: { $0 == "which" || $0 == "what" }), index + 1 < texts.count {
      let noun = words[index + 1]
      if Self.numbered.contains(noun.stem) { plan.slot = .identifier(noun.stem) }
    }
  }

  /// "When does the ferry leave?" rather asks for a time that is written or said than for the moment of leaving.
  var asksForTimetable: Bool {
    at(0) == "when" && ["does", "do", "is", "will"].contains(at(1))
      && words.contains {
        ["leave", "leaves", "depart", "departs", "arrive", "arrives", "open", "opens", "close", "closes"].contains($0.text)
      }
  }

  /// Nouns whose instances carry a number or a code.
  static let numbered: Set<String> = Set(
    [
      "platform", "gate", "room", "lot", "route", "line", "bus", "flight", "track", "terminal", "unit", "floor", "chapter", "channel",
      "camera",
      "seat", "aisle", "exit", "house", "phone", "pin", "version", "level", "page", "score", "percentage", "size", "year", "lane", "locker",
      "table", "counter", "stop", "zone", "building", "apartment", "speed",
    ].map { Stem.of($0) })

  private static let turns = ["switch", "switches", "turn", "turns", "change", "changes", "move", "moves", "go", "goes"].flatMap {
    [("\($0) to", 2), ("\($0) over to", 3), ("\($0) on to", 3)]
  }

  private static let generic: Set<String> = ["thing", "things", "object", "objects", "else", "item", "picture", "image"]

  /// "When is it about the weather?", "the part about taxes": everything before "about" frames.
  private func readSubject(into plan: inout QuestionPlan) {
    guard [.moment, .yesNo].contains(plan.kind), let about = original.firstIndex(where: { $0.text == "about" }),
      about + 1 < original.count, !original[about + 1].hasDigit
    else { return }
    let frame = [Vocabulary.stop, Vocabulary.framing, Vocabulary.said, Vocabulary.speakers]
    plan.asksForSubject = original[..<about].allSatisfy { word in frame.contains { $0.contains(word.text) } }
  }

  /// "The locker number of Ada", "Ada's locker number": the stems in front of "of Ada" or behind "Ada's".
  private func belonging(in text: String) -> [String]? {
    let names = Set(Retriever.names(in: text))
    guard let name = words.firstIndex(where: { names.contains($0.stem) }) else { return nil }
    let surface = words[name].surface
    let isOwner = text.contains("\(surface)'s ") || text.contains("\(surface)’s ")
    guard at(name - 1) == "of" || isOwner else { return nil }
    let own = isOwner ? words[(name + 1)...] : words[..<(name - 1)]
    return QuestionPlan.Topic(phrase: own.map(\.surface).joined(separator: " ")).stems
  }

  /// "When does the bottle explode?": the verb at the end, unless the question's verb is one of showing and seeing.
  private func act(in topic: QuestionPlan.Topic) -> String? {
    guard original.count > 3, original[0].text == "when", ["do", "does", "did"].contains(original[1].text), topic.stems.count > 1,
      !original.contains(where: { Vocabulary.framing.contains($0.text) || Vocabulary.heard.contains($0.text) })
    else { return nil }
    return original.last.flatMap { topic.stems.last == $0.stem ? $0.text : nil }
  }

  /// What is left is the topic. A question that leaves nothing but "what is shown" asks for what is there.
  mutating func readTopic(into plan: inout QuestionPlan) {
    words.removeAll { Self.generic.contains($0.text) }
    // "The lecture switches to biology": what it turns to is the topic.
    for (verb, length) in Self.turns {
      guard let start = find(verb),
        words[..<start].allSatisfy({
          Vocabulary.stop.contains($0.text) || Vocabulary.framing.contains($0.text) || Self.recordings.contains($0.text)
        })
      else { continue }
      remove(0..<(start + length))
    }
    readSubject(into: &plan)
    plan.topic = Self.topic(words)
    plan.act = act(in: plan.topic)
    plan.belonging = belonging(in: plan.text)
    let verbs: Set<String> = [
      "next", "place", "going", "visible", "shown", "written", "done", "animal", "topic", "subject", "first", "last",
    ]
    let rest = Token.words(of: plan.topic.phrase)
    plan.asksWhatIsThere =
      plan.kind == .fact
      && rest.allSatisfy { verbs.contains($0.text) || Vocabulary.stop.contains($0.text) || Vocabulary.said.contains($0.text) }
    if plan.topic.isEmpty, plan.relation == nil, plan.alternatives.isEmpty, plan.occurrence == nil, plan.time == nil, plan.clockText == nil,
      !plan.asksWhatIsThere, plan.refersBack == nil
    {
      // "Who is coming again?": what frames other questions is here what somebody does.
      let does = plan.kind == .person
      plan.namesNothing = !original.contains { token in
        token.hasDigit || does && Vocabulary.framing.contains(token.text) && !Self.recordings.contains(token.text)
          || !Vocabulary.stop.contains(token.text) && !Vocabulary.framing.contains(token.text) && !Self.generic.contains(token.text)
      }
      plan.topic = .init(phrase: original.map(\.surface).joined(separator: " "))
    }
  }
}
