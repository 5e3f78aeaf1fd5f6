import Core
import Memory

extension Answerer {
  /// What is right after, before, during or between something else; nil when that something is not found and the question may still be
  /// answered as a whole.
  func beside(_ relation: QuestionPlan.Relation) async throws -> Finding? {
    var anchors: [Candidate] = []
    for topic in relation.anchors {
      var found = try await locate(topic)
      if relation.kind == .beside { found = found.filter { $0.modality == .text && (limits?.overlaps($0.range) ?? true) } }
      guard let best = found.first, best.score >= Certainty.threshold else {
        let whole = try await direct()
        if whole.missing == nil, whole.score >= 2 { return whole }
        return .nothing("could not find \"\(topic.phrase)\", which the question refers to", nearest: found)
      }
      anchors.append(best)
    }
    if relation.kind == .after, asksForSubject, Part.subjects.isOn, let anchor = anchors.first,
      let next = try await nextSubject(after: relation.anchors[0], from: anchor)
    {
      return Finding(
        text: quote.text(of: next, topic: .init(phrase: ""), slot: nil), candidates: [next, anchor], score: anchor.score, support: 2)
    }
    if plan.kind == .yesNo, let told = try await orderTold(relation.kind, anchors[0]) { return told }
    return try await place(relation.kind, anchors, named: relation.anchors[0].phrase)
  }

  /// What is there, relative to what was found.
  ///
  /// - Precondition: there is an anchor.
  func place(_ kind: QuestionPlan.Relation.Kind, _ anchors: [Candidate], named name: String) async throws -> Finding {
    let anchor = anchors[0]
    if kind == .beside { return beside(anchor, named: name) }
    let window = stretch(kind, anchors)
    if !plan.topic.isEmpty, !plan.asksWhatIsThere { return try await nearestMatch(kind, anchor, window) }
    let neighbour = describe(kind, anchor, window)
    guard let neighbour else { return .nothing("there is nothing \(kind.rawValue) \"\(name)\"", nearest: anchors) }
    return Finding(
      text: quote.text(of: neighbour, topic: .init(phrase: ""), slot: plan.slot), candidates: [neighbour, anchor], score: anchor.score,
      support: 2)
  }

  /// Where the answer may lie.
  private func stretch(_ kind: QuestionPlan.Relation.Kind, _ anchors: [Candidate]) -> TimeRange {
    let (extent, anchor) = (evidence.stream.extent, anchors[0].range)
    switch kind {
    case .after: return TimeRange(start: anchor.end, end: extent.end)
    case .before: return TimeRange(start: extent.start, end: anchor.start)
    case .during, .beside: return anchor
    case .between:
      let other = anchors[anchors.count - 1].range
      return anchor.start <= other.start
        ? TimeRange(start: anchor.end, end: other.start) : TimeRange(start: other.end, end: anchor.start)
    }
  }

  /// Of what fits the topic in the stretch, the one nearest to the anchor that is not much worse than the best.
  private func nearestMatch(_ kind: QuestionPlan.Relation.Kind, _ anchor: Candidate, _ window: TimeRange) async throws -> Finding {
    let found = try await ranking.candidates(for: plan.topic, in: retriever, own: true, within: window).filter {
      $0.guess == nil
        && (kind == .during || kind == .between || (kind == .after ? $0.range.middle >= window.start : $0.range.middle <= window.end))
    }
    // In a short stretch chance has less to offer.
    let isNarrow = window.duration.seconds < evidence.stream.extent.duration.seconds / 3
    guard let best = found.first, best.score >= Certainty.threshold - (isNarrow ? Certainty.narrow : 0) else {
      return .nothing(lookedFor(plan.topic), nearest: found + [anchor])
    }
    let alike = found.filter { $0.score >= best.score - 1.5 }
    func distance(_ candidate: Candidate) -> Double { abs((candidate.range.middle - anchor.range.middle).seconds) }
    let chosen = kind == .during ? best : alike.min { distance($0) < distance($1) } ?? best
    return Finding(
      text: quote.text(of: chosen, topic: plan.topic, slot: plan.slot), candidates: [chosen, anchor] + found.filter { $0 != chosen },
      score: min(chosen.score, anchor.score), support: 2)
  }

  /// What is there, by the sense the question or the anchor suggests.
  private func describe(_ kind: QuestionPlan.Relation.Kind, _ anchor: Candidate, _ window: TimeRange) -> Candidate? {
    let spoken = (plan.senses[.speech] ?? 0) > 0 && (plan.senses[.vision] ?? 0) <= 0
    let written = (plan.senses[.text] ?? 0) > 1
    let asksSeen = (plan.senses[.vision] ?? 0) > 0
    let asksSaid = (plan.senses[.speech] ?? 0) >= (plan.asksWhatIsThere ? 0.5 : 1) && !asksSeen
    let asksRead = (plan.senses[.text] ?? 0) >= 1 && !asksSeen && !asksSaid
    var sense: Modality =
      asksSeen
      ? .vision
      : asksSaid ? .speech : asksRead ? .text : anchor.modality == .vision ? .vision : spoken ? .speech : written ? .text : anchor.modality
    if sense == .vision, evidence.track == nil { sense = anchor.modality }
    if sense == .sound { sense = evidence.track == nil ? .speech : .vision }
    if sense == .vision { return scene(kind, anchor, window) }
    let passages = evidence.passages.indices.filter { evidence.passages[$0].item.modality == sense && $0 != anchor.passage }
    let starts = { (index: Int) in evidence.passages[index].item.range.start }
    let chosen: Int?
    switch kind {
    case .after:
      chosen = passages.filter { starts($0) >= anchor.range.end || starts($0) > anchor.range.middle }.min { starts($0) < starts($1) }
    case .before: chosen = passages.filter { starts($0) < anchor.range.start }.max { starts($0) < starts($1) }
    case .during, .between, .beside: chosen = passages.first { evidence.passages[$0].item.range.overlaps(window) }
    }
    return chosen.map { index in
      let item = evidence.passages[index].item
      return Candidate(
        stream: evidence.stream.id, modality: item.modality, range: item.range, score: anchor.score, similarity: 0, passage: index)
    }
  }

  /// The scene next to the anchor, between two cuts.
  private func scene(_ kind: QuestionPlan.Relation.Kind, _ anchor: Candidate, _ window: TimeRange) -> Candidate? {
    guard let track = evidence.track else { return nil }
    let range: TimeRange
    switch kind {
    case .during, .between, .beside: range = window
    case .after:
      guard anchor.range.end < evidence.stream.extent.end,
        let last = evidence.frameIndex(at: MediaTime(seconds: anchor.range.end.seconds - 0.5))
      else { return nil }
      // The anchor's own scene may go on a little after its score has fallen.
      let cut = evidence.cuts?.first(after: last - 2) ?? track.count
      guard cut < track.count else { return stirring(after: anchor.range.end, beyond: Usualness(track), score: anchor.score) }
      let scene = evidence.scene(at: cut)
      let usual = Usualness(track)
      let stirring = stirring(after: anchor.range.end, beyond: usual, score: anchor.score)
      // Before a camera that stands still, the place as it always looks is not what happens next.
      if let stirring, stirring.range.start >= scene.start, usual.isUsual(scene) { return stirring }
      if scene.duration.seconds > Self.longScene {
        if let stirring, stirring.range.overlaps(scene) { return stirring }
        range = TimeRange(start: scene.start, end: scene.start + MediaTime(seconds: Self.longScene))
      } else {
        range = scene
      }
    case .before:
      guard let first = evidence.frameIndex(at: anchor.range.start) else { return nil }
      let cut = evidence.cuts?.last(upTo: first + 2) ?? 0
      guard cut > 0 else { return nil }
      range = evidence.scene(at: cut - 1)
    }
    return seen(range, score: anchor.score)
  }

  /// What is right after something is not a scene of minutes, but what happens first in it.
  private static let longScene = 30.0

  /// In a picture that never cuts: the next stretch in which it differs most from how it usually looks.
  private func stirring(after time: MediaTime, beyond usual: Usualness, score: Double) -> Candidate? {
    let next = usual.change.peaks(limit: 24).filter { $0.range.middle >= time && $0.score > usual.unusual }
    return next.min { $0.range.start < $1.range.start }.flatMap { seen($0.range, score: score) }
  }

  func seen(_ range: TimeRange, score: Double) -> Candidate? {
    guard let track = evidence.track, let low = track.ranges.firstIndex(where: { $0.overlaps(range) }),
      let last = track.ranges.lastIndex(where: { $0.overlaps(range) })
    else { return nil }
    // No more than what is remembered: a part may have been forgotten, or lie behind the end. Of what lies on both sides of a hole, the longer part.
    let starts = [low] + (low..<last + 1).dropFirst().filter { evidence.windows?.begins.contains($0) ?? false }
    let parts = zip(starts, starts.dropFirst() + [last + 1]).map { start, end in
      (frames: start..<end, range: track.ranges[start].union(track.ranges[end - 1]).intersection(range) ?? range)
    }
    guard let kept = parts.max(by: { $0.range.duration < $1.range.duration }) else { return nil }
    return Candidate(stream: evidence.stream.id, modality: .vision, range: kept.range, score: score, similarity: 0, frames: kept.frames)
  }

  /// Whether nothing was kept of a moment in a stream with a picture: it was forgotten, or nobody watched. Under overload one picture in four is
  /// looked at, so what is two seconds away speaks for it.
  func isLost(_ time: MediaTime) -> Bool {
    if evidence.holes.contains(where: { $0.start <= time && time < $0.end }) { return true }
    let moment = TimeRange(start: MediaTime(seconds: time.seconds - 2), end: MediaTime(seconds: time.seconds + 2))
    return evidence.track.map { track in !track.ranges.contains { $0.overlaps(moment) } } ?? false
  }

  /// "What is the first thing shown?", "What is the last animal?", "What is on screen in the first minute?"
  func scene() async throws -> Finding {
    guard let track = evidence.track, track.count > 0 else { return try await direct() }
    if let limits {
      if plan.occurrence == nil, evidence.scenes(in: limits).count > 1 { return everything(of: .vision) }
      guard let found = seen(limits.intersection(evidence.stream.extent) ?? limits, score: 1) else {
        return .nothing("nothing seen between \(Explanation.clock(limits.start)) and \(Explanation.clock(limits.end)) is remembered")
      }
      return Finding(text: quote.text(of: found, topic: plan.topic, slot: nil), candidates: [found], score: found.score)
    }
    if !plan.topic.isEmpty {
      let found = try await retriever.seen(plan.topic, limit: 64).sorted { $0.score > $1.score }
      if let chosen = occurrence(among: found) {
        return Finding(
          text: quote.text(of: chosen, topic: plan.topic, slot: nil), candidates: [chosen] + found.filter { $0 != chosen },
          score: chosen.score, support: 1)
      }
    }
    var index = plan.occurrence == .last ? track.count - 1 : 0
    if case .number(let number) = plan.occurrence {
      let starts = [0] + (evidence.cuts?.all ?? [])
      guard number >= 1, number <= starts.count else { return .nothing("no more than \(starts.count) scenes are remembered") }
      index = starts[number - 1]
    }
    guard let found = seen(evidence.scene(at: index), score: 1) else {
      return .nothing("nothing was seen")
    }
    return Finding(text: quote.text(of: found, topic: plan.topic, slot: nil), candidates: [found], score: found.score)
  }

  /// "What happened at 14:05?": where that time stands in the picture, or on the stream's own clock.
  func at(_ clock: String) async throws -> Finding {
    let extent = evidence.stream.extent
    guard let time = ClockInPicture(evidence).time(of: clock, in: evidence.stream) else {
      let whole = plan.topic.isEmpty || plan.asksWhatIsThere ? nil : try await direct()
      if let whole, whole.missing == nil { return whole }
      return .nothing("no \(clock) on the stream's clock or in its pictures", nearest: whole?.candidates ?? [])
    }
    if isLost(time) { return .nothing("nothing is remembered of \(clock)") }
    let around = TimeRange(start: MediaTime(seconds: time.seconds - 4), end: MediaTime(seconds: time.seconds + 6))
    if !plan.topic.isEmpty, !plan.asksWhatIsThere {
      let found = try await ranking.candidates(for: plan.topic, in: retriever, own: true, within: around)
      if let best = found.first, best.score >= Certainty.threshold {
        return Finding(text: quote.text(of: best, topic: plan.topic, slot: plan.slot), candidates: found, score: best.score)
      }
    }
    guard let found = seen(around.intersection(extent) ?? around, score: 1.5) else {
      guard let said = evidence.passages.indices.first(where: { evidence.passages[$0].item.range.overlaps(around) }) else {
        return .nothing("nothing was remembered at \(clock)")
      }
      let item = evidence.passages[said].item
      let candidate = Candidate(
        stream: evidence.stream.id, modality: item.modality, range: item.range, score: 1.5, similarity: 0, passage: said
      )
      return Finding(text: quote.text(of: candidate, topic: plan.topic, slot: nil), candidates: [candidate], score: candidate.score)
    }
    return Finding(text: quote.text(of: found, topic: plan.topic, slot: nil), candidates: [found], score: found.score)
  }
}

extension StreamEvidence {
  /// The scenes that share time with a stretch, cut to it, in order of time.
  func scenes(in range: TimeRange) -> [TimeRange] {
    guard let track, var low = track.ranges.firstIndex(where: { $0.overlaps(range) }).map({ cuts?.last(upTo: $0) ?? 0 }) else { return [] }
    var scenes: [TimeRange] = []
    while low < track.count, track.ranges[low].start < range.end {
      let high = cuts?.first(after: low) ?? track.count
      if let part = track.ranges[low].union(track.ranges[high - 1]).intersection(range), part.duration > .zero { scenes.append(part) }
      low = high
    }
    return scenes
  }

  /// The scene a frame lies in, from cut to cut.
  func scene(at index: Int) -> TimeRange {
    guard let track, track.count > 0 else { return stream.extent }
    let low = cuts?.last(upTo: index) ?? 0
    let high = cuts?.first(after: index) ?? track.count
    return track.ranges[low].union(track.ranges[high - 1])
  }
}
