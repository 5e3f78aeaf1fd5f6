import Core

extension Reading {
  private static let auxiliaries: Set<String> = [
    "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would", "am", "isnt", "arent", "wasnt",
    "didnt", "doesnt",
  ]
  private static let places: Set<String> = [
    "part", "point", "moment", "scene", "section", "place", "bit", "segment", "second", "minute", "timestamp",
  ]

  /// What kind of answer is asked for.
  func kind() -> AnswerKind {
    let head = words.prefix(4).map(\.text)
    let asksForAll =
      ["list", "summarise", "summarize", "summary", "overview", "enumerate", "outline", "recap", "chapters"].contains { contains($0) }
      || ["all the", "every time", "all times", "each time", "main topics", "main points", "all of the", "key points"].contains {
        contains($0)
      }
    if contains("how often") || contains("how many") || contains("number of times") || head.first == "count" { return .count }
    if contains("how much") || words.indices.contains(where: { at($0) == "how" && Self.measures.contains(at($0 + 1)) }) { return .value }
    if asksForAll || head.starts(with: ["what", "are", "the"]) && Self.looksPlural(words) { return .list }
    if let tell = find("tell me"), let named = words[(tell + 2)...].first(where: { $0.text != "the" }), Self.namings.contains(named.text) {
      return .fact
    }
    let asksWhen = words.contains { ["when", "where"].contains($0.text) }
    if let first = head.first, Self.auxiliaries.contains(first) {
      return asksWhen && ["when", "where"].contains(words.last?.text ?? "") ? .moment : .yesNo
    }
    for (index, word) in words.enumerated() {
      switch word.text {
      case "when", "where": return contains("until when") || contains("since when") ? .value : .moment
      case "who", "whose", "whom": return .person
      case "what", "which":
        let asksPlace = Self.places.contains(at(index + 1)) || at(index - 1) == "at" && Self.places.contains(at(index + 1))
        return asksPlace ? .moment : .fact
      case "why", "how": return .fact
      default: continue
      }
    }
    return .moment
  }

  /// What one asks to be told: "tell me the name of the street".
  private static let namings: Set<String> = [
    "name", "names", "number", "title", "code", "word", "words", "text", "date", "colour", "color",
  ]

  /// "What are the two main topics": a plural noun follows.
  private static func looksPlural(_ words: [Token]) -> Bool {
    words.dropFirst(3).prefix(4).contains { $0.text.count > 3 && $0.text.hasSuffix("s") && !$0.text.hasSuffix("ss") }
  }

  /// What may follow "how" to ask for a quantity.
  static let measures: Set<String> = [
    "long", "far", "fast", "strong", "high", "tall", "deep", "wide", "big", "large", "heavy", "old", "hot", "cold", "warm", "expensive",
    "late", "early", "thick", "loud", "bright", "soon",
  ]
}
