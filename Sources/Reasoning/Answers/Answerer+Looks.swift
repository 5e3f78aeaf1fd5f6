import Core
import Memory

extension Answerer {
  /// What plain facts about the picture answer; nil leaves the question to everything else.
  func looks(_ question: LookQuestion) async throws -> Finding? {
    guard !evidence.looks.isEmpty else { return nil }
    switch question {
    case .colour(let thing):
      return try await thing.isEmpty ? palette() : colour(of: thing) ?? .nothing("no colour of \"\(thing)\" is remembered")
    default: break
    }
    let asked = limits
    let found = (retriever.looking(question) ?? []).filter { asked?.overlaps($0.range) ?? true }
    guard let first = found.first else {
      // Somebody may have said so.
      let told = try await direct()
      let isTold =
        told.missing == nil && told.candidates.first.map { $0.passage != nil && $0.modality != .sound && $0.coverage > 0.5 } ?? false
      return isTold ? told : .nothing("no stretch of the picture is like that (\(question.understood))")
    }
    if plan.kind == .count { return Finding(text: String(found.count), candidates: found, score: first.score, support: found.count) }
    var ranked = found.sorted { ($0.score, $0.range.duration) > ($1.score, $1.range.duration) }
    switch plan.occurrence {
    case .first: ranked = found
    case .last: ranked = found.reversed()
    case .number(let number): ranked = number <= found.count ? [found[number - 1]] + found : ranked
    case nil: break
    }
    let text = ranked[0].look ?? ""
    return Finding(
      text: plan.kind == .yesNo ? "yes: \(text)" : text, candidates: ranked, score: ranked[0].score,
      support: plan.occurrence == nil ? nil : 1)
  }

  /// The colours of the picture, those that are there longest first.
  private func palette() -> Finding? {
    let asked = limits
    let seen = evidence.looks.filter { $0.look.kind == .colours && asked?.overlaps($0.range) ?? true }
    var seconds: [String: Double] = [:]
    for look in seen {
      let main = look.look.words.split(separator: "; ").first.map(String.init) ?? ""
      guard !main.contains("stand") else { continue }
      for (rank, colour) in main.split(separator: ", ").enumerated() {
        seconds[String(colour), default: 0] += look.range.duration.seconds / Double(rank + 1)
      }
    }
    let ranked = seconds.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(4)
    guard !ranked.isEmpty else { return nil }
    let moments = seen.sorted { $0.range.duration > $1.range.duration }.map { retriever.candidate($0, score: 1) }
    return Finding(text: ranked.map(\.key).joined(separator: ", "), candidates: moments, score: 1, support: min(3, moments.count))
  }

  /// The colour of a thing: one that was told of it, else the colour of the part of the picture that bears its name, else of what stands out
  /// while it is seen.
  private func colour(of thing: String) async throws -> Finding? {
    let told = try await direct()
    if told.missing == nil, let passage = told.candidates.first?.passage,
      evidence.passages[passage].words.contains(where: { Self.colours.contains($0.text) })
    {
      return told
    }
    let asked = Planner.plan("When can we see the \(thing)?")
    let found = try await Answerer(plan: asked, retriever: retriever, askedAt: askedAt, within: within ?? limits).direct()
    guard found.missing == nil, let best = found.candidates.first, best.modality == .vision else { return nil }
    for candidate in found.candidates.prefix(3) where candidate.modality == .vision {
      for look in evidence.looks where look.range.overlaps(candidate.range) {
        guard let part = look.part, names(part.name, asked.topic) else { continue }
        let moment = Candidate(
          stream: candidate.stream, modality: .look, range: candidate.range, score: candidate.score, similarity: 0, look: look.sentence)
        return Finding(text: part.colours, candidates: [moment] + found.candidates, score: candidate.score, support: 1)
      }
    }
    let overlapping = evidence.looks.filter { $0.range.overlaps(best.range) && $0.standsOut != nil }
    guard let look = overlapping.max(by: { shared($0.range, best.range) < shared($1.range, best.range) }), let colours = look.standsOut
    else {
      return nil
    }
    let score = best.score - Self.guessed
    let moment = Candidate(
      stream: best.stream, modality: .look, range: best.range, score: score, similarity: 0, look: look.sentence)
    return Finding(text: colours, candidates: [moment] + found.candidates, score: score, support: 1)
  }
  /// What it costs that a colour stands out while a thing is seen, and need not be the thing's.
  private static let guessed = 1.0

  private static let colours: Set<String> = [
    "black", "grey", "gray", "white", "red", "orange", "yellow", "green", "blue", "purple", "violet", "pink", "brown", "beige", "golden",
    "silver", "turquoise",
  ]

  private func shared(_ a: TimeRange, _ b: TimeRange) -> MediaTime { a.intersection(b)?.duration ?? .zero }

  /// Whether a name, one of its synonyms or its kind is what is asked for.
  private func names(_ name: String, _ topic: QuestionPlan.Topic) -> Bool {
    let stems = Set(Token.words(of: name).map(\.stem))
    return topic.stems.contains { stem in
      if Spelling.contains(stems, stem) { return true }
      guard let vocabulary = retriever.vocabularies[.vision], let place = vocabulary.place(of: name) else { return false }
      return vocabulary.bearers(of: stem).contains(place)
    }
  }
}
