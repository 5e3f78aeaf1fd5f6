/// What makes a question particular, whatever its wording: what it asks for, about what, and where it limits itself. Two questions with the
/// same key ask the same thing, as far as words can tell; "the price of tea" and "the price of coffee" do not.
struct QuestionKey: Sendable {
  /// The words that carry meaning, as stems, each with what its synonyms share.
  private(set) var words: Set<String> = []
  /// The words as they were written.
  private var surfaces: [String: String] = [:]
  /// What is asked for.
  private(set) var wanted: Set<Wanted> = []
  /// The words of direction and exclusion in front of a word: "from Oslo" is not "to Oslo".
  private var directions: [String: Set<String>] = [:]
  private var denials = 0
  private let limits: [String]
  private let time: TimeConstraint?

  enum Wanted: String, Sendable { case price, count, duration, moment, clock, day, place, person, measure }

  init(_ plan: QuestionPlan) {
    var (reading, read) = (Reading(plan.text), plan)
    reading.readClock(into: &read)
    reading.readTime(into: &read)
    reading.readVersion(into: &read)
    let tokens = reading.words
    var number = false
    var direction: String?
    var index = 0
    while index < tokens.count {
      let (word, next) = (tokens[index].text, index + 1 < tokens.count ? tokens[index + 1].text : "")
      defer { index += 1 }
      if let pair = Self.pairs[word]?[next] {
        wanted.insert(pair)
        index += 1
      } else if word == "how", Reading.measures.contains(next) {
        wanted.insert(.measure)
      } else if let asked = Self.asks[word] {
        wanted.insert(asked)
      } else if Self.denials.contains(word) {
        denials += 1
      } else if Self.directions.contains(word) {
        direction = word
        continue
      } else if word == "number" {
        number = true
      } else if Self.carriesMeaning(tokens[index]) {
        let name = Self.names[tokens[index].stem] ?? tokens[index].stem
        words.insert(name)
        surfaces[name] = tokens[index].surface
        if let direction { directions[name, default: []].insert(direction) }
        direction = nil
      }
    }
    if words.isEmpty, number { words = ["number"] }
    if wanted.contains(.clock) || wanted.contains(.day) { wanted.remove(.moment) }
    limits = Self.limits(of: plan)
    time = plan.time
  }

  private static func carriesMeaning(_ token: Token) -> Bool {
    if token.hasDigit { return true }
    return !Vocabulary.stop.contains(token.text) && !Vocabulary.framing.contains(token.text) && !Vocabulary.fillers.contains(token.text)
      && !politeness.contains(token.text) && !Vocabulary.sayingVerbs.contains(token.text)
  }

  /// Constraints that have to be the same: which version, which occurrence, before or after what, without what.
  private static func limits(of plan: QuestionPlan) -> [String] {
    var limits = plan.excluded.map { "without \($0.stems.sorted())" }
    switch plan.version {
    case .earliest: limits.append("earliest")
    case .preceding: limits.append("preceding")
    case .latest, nil: break
    }
    if let occurrence = plan.occurrence { limits.append("\(occurrence)") }
    if let relation = plan.relation { limits.append("\(relation.kind) \(relation.anchors.map { $0.stems.sorted() })") }
    if let form = plan.orderForm { limits.append("\(form)") }
    if let clock = plan.clockText { limits.append(clock) }
    if plan.kind == .yesNo || plan.kind == .list { limits.append(plan.kind.rawValue) }
    return limits
  }

  /// Why a question with this key cannot be taken for the one that was corrected; nil when it can.
  func difference(from other: QuestionKey) -> String? {
    if limits != other.limits || denials != other.denials || other.time != nil && other.time != time {
      return "they ask about different cases"
    }
    if words.isEmpty { return "it names nothing" }
    var missing = other.words.subtracting(words)
    let added = words.subtracting(other.words)
    if missing.isEmpty || added.isEmpty, missing.union(added).isSubset(of: Self.weak) { missing = [] }
    if let only = missing.first, missing.count == 1, added.isEmpty, wanted.contains(.place), Self.places.contains(only) { missing = [] }
    if let word = added.subtracting(Self.weak).min() ?? missing.min() {
      return "\"\(surfaces[word] ?? other.surfaces[word] ?? word)\" stands in only one of them"
    }
    for word in words {
      if let mine = directions[word], let theirs = other.directions[word], mine.isDisjoint(with: theirs) {
        return "\"\(mine.sorted()[0]) \(word)\" is not \"\(theirs.sorted()[0]) \(word)\""
      }
    }
    if !Self.agree(wanted, other.wanted) { return "they ask for different things" }
    return nil
  }

  /// Whether everything the other question is about is named here too.
  func names(allOf other: QuestionKey) -> Bool { !other.words.isEmpty && other.words.isSubset(of: words) }

  private static func agree(_ a: Set<Wanted>, _ b: Set<Wanted>) -> Bool {
    let (times, looser): (Set<Wanted>, Set<Wanted>) = ([.moment, .clock, .day], [.person, .place])
    // "When is the meeting" may mean its day or its hour; "which doctor" asks for a person without saying who.
    if a.subtracting(times).subtracting(looser) != b.subtracting(times).subtracting(looser) { return false }
    let (mine, theirs) = (a.intersection(times), b.intersection(times))
    if mine != theirs, mine.isEmpty || theirs.isEmpty || !(mine.contains(.moment) || theirs.contains(.moment)) { return false }
    let (who, whom) = (a.intersection(looser), b.intersection(looser))
    return who == whom || who.isEmpty || whom.isEmpty
  }
}
