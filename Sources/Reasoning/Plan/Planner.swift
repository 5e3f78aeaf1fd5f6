import Core

/// Reads a question with a small explicit grammar: what kind of answer it wants, what it is about, by which sense, when, and in which
/// order. No model; nothing outside the text is consulted.
///
/// What the grammar does not recognise stays in the topic, so that an unforeseen wording costs precision and not the answer.
/// *Source* time, negation and constraints as separate from the topic: LongMemEval section 4, FollowIR section 3.
package enum Planner {
  /// Longer questions are cut: what matters is in the first words, and time must not grow with hostile input.
  static let longestQuestion = 2000

  /// - Parameter hasWallClock: whether it is known at what time of day what is asked of was recorded; "this morning" is part of the topic otherwise.
  package static func plan(_ text: String, hasWallClock: Bool = true) -> QuestionPlan {
    let polite = Part.courtesy.isOn ? Courtesy.removed(from: clean(text)) : clean(text)
    // "At the very beginning" is at the beginning.
    let cleaned = polite.replacing(/\bvery (?=(?:beginning|start|end|first|last)\b)/.ignoresCase(), with: "")
    var reading = Reading(cleaned)
    var plan = QuestionPlan(kind: .moment, text: cleaned, topic: .init(phrase: ""))
    plan.kind = reading.kind()
    reading.dropViewpoint()
    if hasWallClock { reading.readWall(into: &plan) }
    reading.readClock(into: &plan)
    if Part.time.isOn { reading.readTime(into: &plan) }
    if !Part.order.isOn || !reading.readOrder(into: &plan), !reading.readChoice(into: &plan) {
      if Part.version.isOn { reading.readVersion(into: &plan) }
      if Part.relation.isOn { reading.readRelation(into: &plan) }
      if Part.occurrence.isOn { reading.readOccurrence(into: &plan) }
    }
    reading.readBack(into: &plan)
    if Part.exclusion.isOn { reading.readExclusion(into: &plan) }
    if Part.slot.isOn { reading.readSlot(into: &plan) }
    reading.readSenses(into: &plan)
    reading.readTopic(into: &plan)
    reading.favourWords(in: &plan)
    reading.readWhole(into: &plan)
    if plan.relation == nil, plan.orderForm == nil { plan.look = LookQuestion.read(reading.original) }
    if plan.look != nil { plan.namesNothing = false }
    plan.isDenied = plan.excluded.isEmpty && Reading.denies(plan.text, plan.kind)
    if !Part.cues.isOn { plan.senses = [:] }
    if !Part.onlySense.isOn { (plan.onlySense, plan.isHeard) = (nil, false) }
    plan.understood = Explanation.lines(of: plan)
    return plan
  }

  /// Control characters become spaces, runs of spaces one.
  static func clean(_ text: String) -> String {
    let scalars = text.prefix(longestQuestion).unicodeScalars.map { scalar -> Character in
      scalar.properties.generalCategory == .control || scalar.properties.isWhitespace ? " " : Character(scalar)
    }
    return String(scalars).split(separator: " ").joined(separator: " ")
  }
}
