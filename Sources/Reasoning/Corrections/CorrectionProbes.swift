/// Other wordings of a question, made by templates when it is corrected: how far from the question a wording of the same question still is.
package enum CorrectionProbes {
  /// *Shape* always five.
  package static func wordings(of question: String) -> [String] {
    let whole = Planner.clean(question)
    let bare = String(whole.reversed().drop { "?!. ".contains($0) }.reversed())
    let topic = Planner.plan(bare).topic.phrase
    return [
      "Please tell me: \(bare)?", "Do you know \(lowercasedFirst(bare))?", "I would like to know \(lowercasedFirst(bare)).",
      "\(bare), according to the recording?", topic.isEmpty ? bare : topic,
    ]
  }

  /// "What is…" inside a sentence; an abbreviation keeps its capitals.
  private static func lowercasedFirst(_ text: String) -> String {
    guard let first = text.first, text.dropFirst().first?.isUppercase != true else { return text }
    return first.lowercased() + text.dropFirst()
  }
}
