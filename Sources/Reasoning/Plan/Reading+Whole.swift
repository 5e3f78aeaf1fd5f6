import Core

extension Reading {
  /// Nouns for the recording itself and words that ask for all of it.
  static let recordings: Set<String> = [
    "video", "videos", "clip", "clips", "film", "films", "movie", "movies", "recording", "recordings", "footage", "stream", "streams",
    "file",
    "files", "tape", "show", "programme", "program", "podcast", "broadcast", "lecture", "talk", "memory", "thing", "whole", "entire",
    "everything", "anything", "content", "contents", "here", "audio", "session", "meeting",
  ]
  private static let lengths: Set<String> = [
    "long", "length", "duration", "last", "lasts", "take", "takes", "run", "runs", "running", "runtime", "time", "total", "overall", "go",
    "going", "minutes", "seconds", "hours", "many", "tell",
  ]
  private static let summaries: Set<String> = [
    "happen", "happens", "happened", "happening", "going", "goes", "go", "on", "about", "summary", "summarise", "summarize", "overview",
    "recap", "outline", "describe", "description", "gist", "chapters", "main", "points", "point", "topics", "topic", "key", "important",
    "short", "two", "three", "four", "five", "few", "several", "different", "brief", "briefly", "quick", "tell", "give", "remember", "know",
    "deal", "deals", "cover", "covers", "shown", "seen", "see",
  ]
  private static let askForSummary: Set<String> = [
    "happen", "happens", "happened", "happening", "going", "goes", "about", "summary", "summarise", "summarize", "overview", "recap",
    "outline", "describe", "description", "gist", "chapters", "contents", "points", "topics", "remember", "deals", "deal",
  ]
  private static let talk: Set<String> = [
    "speech", "transcript", "dialogue", "dialog", "conversation", "people", "person", "man", "woman", "speaker", "presenter", "lecturer",
    "host", "narrator", "voice", "voices", "topic", "words", "word", "about", "say", "part", "point",
  ]
  private static let writing: Set<String> = ["big", "small", "large", "letters", "line", "lines", "word", "words"]
  private static let shots: Set<String> = [
    "shot", "shots", "scene", "scenes", "cut", "cuts", "edits", "camera", "angles", "change", "changes",
  ]
  /// Where what is written stands.
  private static let picture: Set<String> = ["screen", "screens", "onscreen", "picture", "shown", "displayed", "written", "text", "read"]
  private static let noises: Set<String> = ["kind", "kinds", "background", "different", "there"]

  /// "How long is the film?", "What happens in the video?", "What was said?", "What is written on the sign?": asks for the recording as a
  /// whole, or for everything of one sense, and for no thing in it.
  func readWhole(into plan: inout QuestionPlan) {
    let asked = original.map(\.text)
    func only(_ sets: Set<String>...) -> Bool {
      asked.allSatisfy { word in Vocabulary.stop.contains(word) || sets.contains { $0.contains(word) } }
    }
    let rest = words.map(\.text).filter { !Vocabulary.stop.contains($0) }
    func left(_ sets: Set<String>...) -> Bool { rest.allSatisfy { word in sets.contains { $0.contains(word) } } }
    guard plan.refersBack == nil, plan.relation == nil, plan.alternatives.isEmpty, plan.excluded.isEmpty else { return }
    if only(Self.recordings, Self.lengths), asked.contains(where: { ["long", "length", "duration", "runtime"].contains($0) }) {
      plan.whole = .length
    } else if only(Self.recordings, ["many", "list", "names", "name", "which", "watched", "remembered", "hold", "holds", "tell"]),
      asked.contains(where: { ["videos", "clips", "films", "movies", "recordings", "streams", "files"].contains($0) }),
      [.count, .fact, .list].contains(plan.kind)
    {
      plan.whole = .streams
    } else if plan.kind == .count, only(Self.recordings, Self.shots, ["many", "different", "often", "picture", "total"]),
      asked.contains(where: { Self.shots.contains($0) })
    {
      plan.whole = .shots
    } else if [.fact, .list, .moment, .yesNo].contains(plan.kind) {
      let asksWhen = asked.contains("when") || asked.contains("where")
      let asksWhat = asked.contains { ["what", "which", "everything", "all", "transcript", "list", "tell", "give", "read"].contains($0) }
      if !asksWhen, asksWhat, left(Vocabulary.said, Vocabulary.framing, Self.talk, Self.recordings),
        asked.contains(where: { Vocabulary.said.contains($0) || $0 == "transcript" || $0 == "conversation" }),
        !asked.contains(where: { Vocabulary.media.contains($0) || Self.picture.contains($0) })
      {
        plan.whole = .everything(.speech)
      } else if !asksWhen, asksWhat, left(Vocabulary.read, Vocabulary.framing, Self.writing, ["say", "says", "said", "saying"]),
        asked.contains(where: {
          Vocabulary.media.contains($0) || ["written", "text", "texts", "writing", "read", "words", "word", "line"].contains($0)
        }) || asksWhatScreenSays,
        plan.slot == nil
      {
        plan.whole = .everything(.text)
      } else if !asksWhen, asksWhat, only(Vocabulary.heard, Vocabulary.framing, Self.recordings, Self.noises),
        asked.contains(where: { Vocabulary.heard.contains($0) })
      {
        plan.whole = .everything(.sound)
      } else if !asksWhen, plan.clockText == nil, plan.time == nil, asked.contains("what"),
        only(Vocabulary.seen, Vocabulary.framing, Self.recordings, Self.noises), asked.contains(where: { Vocabulary.seen.contains($0) })
      {
        plan.whole = .everything(.vision)
      } else if !asksWhen, plan.clockText == nil, only(Self.recordings, Self.summaries),
        asked.contains(where: { Self.askForSummary.contains($0) }),
        plan.kind == .list || asked.contains("what") || asked.contains("describe") || asked.contains("overview")
          || asked.contains("summary")
      {
        plan.whole = .everything(nil)
      }
    }
    if plan.occurrence != nil || plan.version != nil { keepEnd(of: &plan) }
    if plan.whole != nil { plan.namesNothing = false }
    switch plan.whole {
    case .everything(.text): break
    case .everything: plan.kind = .summary
    case .length: plan.kind = .value
    case .streams: plan.kind = .list
    case .shots: break
    case nil: break
    }
  }

  /// What one counts of what is read, said and heard.
  private static let pieces: Set<String> = ["thing", "line", "sentence", "sign", "statement", "remark", "utterance", "sound", "noise"]

  /// "What is written at the beginning?" asks for an end of what is written; what is seen first or last is a scene, and other wholes have no ends.
  private func keepEnd(of plan: inout QuestionPlan) {
    var isNumbered = false
    if case .number = plan.occurrence { isNumbered = original.contains { Self.pieces.contains($0.text) } }
    let isEnd =
      isNumbered || [.first, .last].contains(plan.occurrence) || plan.occurrence == nil && [.earliest, .latest].contains(plan.version)
    switch plan.whole {
    case .everything(let sense) where isEnd && sense != .vision: break
    default: plan.whole = nil
    }
  }
}
