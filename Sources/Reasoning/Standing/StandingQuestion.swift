import Core
import Memory

/// Something to be told of as soon as it happens: "a dog barks". Planned once, like any question.
package struct StandingQuestion: Sendable, Equatable {
  package let text: String
  let plan: QuestionPlan

  /// *Throws* `ReasoningError.misconfigured` where the text names nothing that can be waited for.
  package init(_ text: String) throws {
    plan = Planner.plan(text)
    self.text = plan.text
    guard QuestionGate.asksSomething(text), !plan.namesNothing, !plan.topic.isEmpty else {
      throw ReasoningError(.misconfigured, "'\(text)' names nothing to wait for")
    }
    guard !plan.isDenied else {
      throw ReasoningError(.misconfigured, "'\(text)' waits for what is not there; an alert waits for what comes, such as \"a dog barks\"")
    }
    let looksElsewhere = plan.relation != nil || plan.refersBack != nil || plan.time != nil || plan.wall != nil
    let first = Token.words(of: text).first?.text ?? ""
    let isBeside = ["before", "after", "while", "during", "between", "until", "since"].contains(first)
    guard !isBeside, !looksElsewhere, plan.orderForm == nil, plan.choice == nil, plan.whole == nil else {
      throw ReasoningError(.misconfigured, "'\(text)' asks about other moments too; an alert waits for one thing, such as \"a dog barks\"")
    }
  }
}

extension StandingQuestion {
  /// Whether a candidate may be what is waited for at all, however well it fits. Where it is said how ("the sign says", "the sound of") nothing else
  /// counts: any sign is seen to be one. A line holds every number: one that says platform 9 is no news for somebody who waits for platform 5. An animal
  /// that is heard is no news for who waits for a cow.
  func admits(_ candidate: Candidate, in evidence: StreamEvidence) -> Bool {
    let isMeant = plan.onlySense == candidate.modality || (plan.senses[candidate.modality] ?? 0) > 0
    if candidate.modality != .look, plan.asksBySense, !isMeant { return false }
    if candidate.modality == .sound, let name = candidate.passage.map({ evidence.passages[$0] }),
      Retriever.branches.contains(name.item.text)
    {
      return plan.topic.stems.contains { name.stems.contains($0) }
    }
    guard candidate.modality == .text, let index = candidate.passage else { return true }
    let words = ([index] + evidence.passages[index].sign).reduce(into: Set<String>()) { $0.formUnion(evidence.passages[$1].stems) }
    return Token.words(of: plan.topic.phrase).allSatisfy { !$0.hasDigit || words.contains($0.stem) }
  }
}

/// What has just been observed and fits a standing question.
package struct StandingMatch: Sendable, Equatable {
  package var modality: Modality
  package var range: TimeRange
  package var quote: String
  /// How likely it is what was waited for, as in an answer: 0...1.
  package var confidence: Double
}
