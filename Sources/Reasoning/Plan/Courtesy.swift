/// What people say around a question without asking it: "can you tell me …", "… please".
enum Courtesy {
  private static let openings = [
    "can you tell me", "could you tell me", "would you tell me", "can you please tell me", "could you please tell me", "please tell me",
    "tell me", "do you know", "do you happen to know", "do you remember", "i would like to know", "id like to know", "i want to know",
    "i wonder", "let me know", "remind me", "any idea",
  ].map { $0.split(separator: " ").map(String.init) }
  /// What a question may begin with.
  private static let asking: Set<String> = [
    "what", "when", "where", "who", "whose", "whom", "which", "how", "why", "is", "are", "was", "were", "does", "do", "did", "has", "have",
    "at", "on", "in", "until", "since", "after", "before", "while",
  ]
  private static let places: Set<String> = ["part", "point", "moment", "scene", "section", "place", "bit", "segment", "time", "minute"]

  /// The question itself.
  static func removed(from text: String) -> String {
    var words = text.split(separator: " ").map(String.init)
    func plain(_ word: String) -> String { word.lowercased().filter { $0.isLetter || $0.isNumber } }
    while words.count > 2, ["please", "thanks"].contains(plain(words[words.count - 1])) {
      words.removeLast()
      while words[words.count - 1].hasSuffix(",") { words[words.count - 1].removeLast() }
    }
    while words.count > 2, ["please", "hey", "hi", "hello"].contains(plain(words[0])) { words.removeFirst() }
    guard let opening = openings.first(where: { words.count > $0.count && zip($0, words).allSatisfy { $0 == plain($1) } }) else {
      return words.joined(separator: " ")
    }
    let rest = Array(words.dropFirst(opening.count))
    let isSet = words[opening.count - 1].last.map { ":,".contains($0) } ?? false
    if isSet || asking.contains(plain(rest[0])) { return rest.joined(separator: " ") }
    // "Tell me the final score" asks what it is; "tell me the part with the goat" where.
    guard opening.last == "me", ["the", "its", "their"].contains(plain(rest[0])), rest.count > 1,
      !rest.prefix(4).contains(where: { places.contains(plain($0)) })
    else { return words.joined(separator: " ") }
    return (["what", "is"] + rest).joined(separator: " ")
  }
}
