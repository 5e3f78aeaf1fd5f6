import Core

/// Says in plain words how a question was understood.
enum Explanation {
  static func lines(of plan: QuestionPlan) -> [String] {
    var lines = ["wanted: \(wanted(plan))"]
    if plan.whole == nil, !plan.topic.isEmpty { lines.append("about: \(plan.topic.phrase)") }
    if let choice = plan.choice, !choice.isEmpty { lines.append("chosen for: \(choice.phrase)") }
    if !plan.alternatives.isEmpty { lines.append("compared: \(plan.alternatives.map(\.phrase).joined(separator: " / "))") }
    if let look = plan.look { lines.append(look.understood) }
    if let relation = plan.relation {
      lines.append("place: \(relation.kind.rawValue) \(relation.anchors.map { "\"\($0.phrase)\"" }.joined(separator: " and "))")
    }
    if let kind = plan.refersBack { lines.append("place: \(kind.rawValue) the answer before") }
    if plan.namesNothing { lines.append("not understood: what to look for") }
    if let time = plan.time { lines.append("time: \(words(time))") }
    if let wall = plan.wall { lines.append("time: \(wall.words), by the clock on the wall") }
    if let clock = plan.clockText {
      lines.append("time: at \(clock), as written in the picture, on the clock on the wall or on the stream's own")
    }
    switch plan.occurrence {
    case .first: lines.append("which: the first")
    case .last: lines.append("which: the last")
    case .number(let number): lines.append("which: number \(number)")
    case nil: break
    }
    switch plan.version {
    case .latest: lines.append("value: the latest")
    case .earliest: lines.append("value: the earliest")
    case .preceding(let topic): lines.append("value: the one before it changed\(topic.isEmpty ? "" : " to \(topic.phrase)")")
    case nil: break
    }
    if let slot = plan.slot { lines.append("must hold: \(name(slot))") }
    if let sense = plan.onlySense {
      lines.append("sense: \(verb(sense)) only")
    } else if plan.isHeard {
      lines.append("sense: heard or said only")
    } else {
      let favoured = plan.senses.filter { $0.value > 0 }.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
      if !favoured.isEmpty { lines.append("sense: rather \(favoured.map { verb($0.key) }.joined(separator: ", "))") }
    }
    lines += notUnderstood(plan).map { "not understood: \($0)" }
    if !plan.excluded.isEmpty { lines.append("without: \(plan.excluded.map(\.phrase).joined(separator: ", "))") }
    return lines
  }

  /// What a question asks that no rule is there for.
  private static func notUnderstood(_ plan: QuestionPlan) -> [String] {
    let words = Token.words(of: plan.text).map(\.text)
    var lines: [String] = []
    if let asked = words.first(where: { $0 == "why" || $0 == "how" }), plan.kind == .fact {
      lines.append("\"\(asked)\": what is told of it is looked for")
    }
    if let compared = words.first(where: comparisons.contains), plan.orderForm == nil {
      lines.append("\"\(compared)\": nothing is compared")
    }
    return lines
  }
  private static let comparisons: Set<String> = [
    "than", "biggest", "largest", "smallest", "longest", "shortest", "loudest", "cheapest", "highest", "lowest", "fastest", "best", "worst",
  ]

  /// `m:ss`, from one hour on `h:mm:ss`.
  static func clock(_ time: MediaTime) -> String {
    let whole = max(0, time.nanoseconds) / 1_000_000_000
    let two = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
    return whole >= 3600
      ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))" : "\(whole / 60):\(two(whole % 60))"
  }

  static func verb(_ sense: Modality) -> String {
    switch sense {
    case .vision: "seen"
    case .text: "read"
    case .speech: "said"
    case .sound: "heard"
    case .look: "seen"
    case .gap: "missing"
    }
  }

  private static func wanted(_ plan: QuestionPlan) -> String {
    switch plan.whole {
    case .length: return "how long the recording is"
    case .streams: return "which recordings there are"
    case .shots: return "how many shots there are"
    case .everything(let sense): return sense.map { "everything \(verb($0))" } ?? "what happens, in short"
    case nil: break
    }
    return switch plan.kind {
    case .moment: "the moment"
    case .fact: plan.asksWhatIsThere ? "what is there" : "what is written or said"
    case .person: "who"
    case .value: "a value"
    case .count: "how many"
    case .yesNo: "whether"
    case .order: "which came first"
    case .list: "several moments"
    case .summary: "what happens, in short"
    case .none: "nothing"
    }
  }

  private static func words(_ time: TimeConstraint) -> String {
    let origin = time.countsFromEnd ? " before the end" : time.countsFromQuestion ? " ago" : ""
    func clock(_ seconds: Double) -> String { Self.clock(MediaTime(seconds: seconds)) }
    switch (time.from, time.to) {
    case (let from?, let to?): return "\(clock(from)) to \(clock(to))\(origin)"
    case (let from?, nil): return "from \(clock(from))\(origin)"
    case (nil, let to?): return "to \(clock(to))\(origin)"
    default: return "any"
    }
  }

  private static func name(_ slot: QuestionPlan.Slot) -> String {
    switch slot {
    case .identifier(let noun): noun.isEmpty ? "a number or code" : "the number or code of a \(noun)"
    case .price: "a price or an amount"
    case .duration: "a length of time"
    case .clock: "a time or a day"
    case .date: "a date"
    case .weekday: "a day"
    case .person: "a name"
    case .quantity: "a quantity"
    }
  }
}
