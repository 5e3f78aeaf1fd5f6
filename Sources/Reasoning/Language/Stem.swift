/// Cuts the grammatical ending off an English word, so that "leaves", "leaving" and "leave" compare equal.
///
/// A deliberately light stemmer (plural, -ing, -ed, -ly, final e): it never joins words of different meaning that a fuller one would
/// ("universe" and "university"), which matters more here than the few it misses.
/// *Source* the step order follows Harman, "How effective is suffixing?" (JASIS 1991), extended by the verb endings.
enum Stem {
  static func of(_ word: String) -> String {
    guard word.count > 3, word.allSatisfy(\.isLetter) else { return irregular[word] ?? word }
    if let known = irregular[word] { return known }
    var stem = word
    if stem.hasSuffix("ies"), stem.count > 4 {
      stem.removeLast(3)
      stem += "y"
    } else if stem.hasSuffix("sses") || stem.hasSuffix("shes") || stem.hasSuffix("ches") || stem.hasSuffix("xes") || stem.hasSuffix("zes") {
      stem.removeLast(2)
    } else if stem.hasSuffix("s"), !stem.hasSuffix("ss"), !stem.hasSuffix("us"), !stem.hasSuffix("is") {
      stem.removeLast()
    }
    for ending in ["ing", "ied", "ed", "ly"] where stem.hasSuffix(ending) {
      let root = stem.dropLast(ending.count)
      guard root.count >= 3, root.contains(where: isVowel) else { break }
      stem = ending == "ied" ? root + "y" : undoubled(String(root))
      break
    }
    if stem.count > 3, stem.hasSuffix("e") { stem.removeLast() }
    if stem.count > 4, stem.hasSuffix("y") { stem = stem.dropLast() + "i" }
    return stem
  }

  private static func isVowel(_ character: Character) -> Bool { "aeiouy".contains(character) }

  /// "stopp" to "stop", but "fall" and "miss" stay.
  private static func undoubled(_ root: String) -> String {
    guard let last = root.last, root.dropLast().last == last, !"aeiouls".contains(last) else { return root }
    return String(root.dropLast())
  }

  /// Forms no rule reaches, of common words only.
  private static let irregular: [String: String] = [
    "men": "man", "women": "woman", "children": "child", "people": "person", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "geese": "goose", "leaves": "leav", "knives": "knife", "wolves": "wolf", "went": "go", "gone": "go", "goes": "go", "left": "leav",
    "ran": "run", "running": "run", "said": "say", "says": "say", "told": "tell", "spoke": "speak", "spoken": "speak", "won": "win",
    "took": "tak", "taken": "tak", "gave": "giv", "given": "giv", "held": "hold", "kept": "keep", "met": "meet", "built": "build",
    "bought": "buy", "sold": "sell", "paid": "pay", "hid": "hid", "hidden": "hid", "hide": "hid", "found": "find", "lost": "los",
    "lose": "los", "made": "mak", "began": "begin", "begun": "begin", "wrote": "writ", "written": "writ", "broke": "break",
    "broken": "break", "fell": "fall", "fallen": "fall", "rang": "ring", "rung": "ring", "drove": "driv", "driven": "driv", "ate": "eat",
    "eaten": "eat", "flew": "fly", "flown": "fly", "thought": "think", "cost": "cost", "used": "use", "uses": "use", "using": "use",
    "hiding": "hid", "shown": "show", "sang": "sing", "sung": "sing",
    "rose": "rise", "risen": "rise", "sent": "send", "spent": "spend", "stood": "stand", "swam": "swim", "threw": "throw",
    "thrown": "throw", "wore": "wear", "worn": "wear", "drew": "draw", "drawn": "draw", "chose": "choos", "chosen": "choos",
    "tyre": "tire", "tyres": "tire", "colour": "color", "colours": "color", "centre": "center", "metres": "meter", "grey": "gray",
  ]
}
