/// Whether a text asks anything at all. "ok…", "hmm" and an empty line get no answer.
/// *Source* the instruction predictor of InternLM-XComposer2.5-OmniLive, here a rule.
package enum QuestionGate {
  package static func asksSomething(_ text: String) -> Bool {
    let words = Token.words(of: text.prefix(Planner.longestQuestion))
    guard words.contains(where: { !Vocabulary.fillers.contains($0.text) }) else { return false }
    let meaning = words.filter { !Vocabulary.stop.contains($0.text) && !Vocabulary.fillers.contains($0.text) }
    if !meaning.isEmpty { return true }
    // "And then?" goes on; "okay then" does not.
    if text.contains("?"), words.contains(where: { ["then", "next"].contains($0.text) }) { return true }
    let asks: Set<String> = ["what", "when", "where", "who", "which", "why", "how"]
    return words.contains { asks.contains($0.text) } && words.count > 1
  }
}
