import Core
import Memory

extension Answerer {
  /// Longest summary, in moments.
  private static let mostTold = 8

  /// "What happens?", "What was said at 2:00?", "What is written on the sign?": what there is in short, in order of time, each with its moment.
  func everything(of sense: Modality?) -> Finding {
    if let clock = plan.clockText, limits == nil, endAsked == nil {
      guard let time = ClockInPicture(evidence).time(of: clock, in: evidence.stream) else {
        return .nothing("no \(clock) on the stream's clock or in its pictures")
      }
      if isLost(time) { return .nothing("nothing is remembered of \(clock)") }
    }
    let within = stretchAsked ?? evidence.stream.extent
    var told: [Candidate] = []
    switch sense {
    case .speech, .text, .sound:
      told = telling(sense ?? .speech, within, limit: Self.mostTold)
      if told.isEmpty { told = telling(sense ?? .speech, within, limit: Self.mostTold, isFaint: true) }
    case .vision: told = scenes(within, limit: Self.mostTold)
    default:
      told = telling(.speech, within, limit: 3) + telling(.text, within, limit: 3) + telling(.sound, within, limit: 2)
      told += scenes(within, limit: max(2, Self.mostTold - told.count), isSure: !told.isEmpty)
    }
    guard !told.isEmpty else {
      let place = stretchAsked.map { " between \(Explanation.clock($0.start)) and \(Explanation.clock($0.end))" } ?? ""
      return .nothing(sense.map { "nothing was \(Explanation.verb($0))\(place)" } ?? "nothing is remembered\(place)")
    }
    told.sort { ($0.range.start, $0.modality) < ($1.range.start, $1.modality) }
    let parts = told.map { candidate in
      let words = quote.text(of: candidate, topic: .init(phrase: ""), slot: nil)
      return told.count == 1 ? words : "\(Explanation.clock(candidate.range.start)) \(words)"
    }
    return Finding(text: parts.joined(separator: "; "), candidates: told, score: Self.plainlyThere, support: told.count)
  }
  /// Log-odds of what only had to be read out.
  static let plainlyThere = 2.5

  /// Where the question says to look: a stretch, or what surrounds a point in time.
  private var stretchAsked: TimeRange? {
    if let limits { return limits.intersection(evidence.stream.extent) ?? limits }
    if let isLast = endAsked {
      let (extent, length) = (evidence.stream.extent, MediaTime(seconds: Self.endLength(of: evidence.stream.extent)))
      return isLast
        ? TimeRange(start: max(extent.start, extent.end - length), end: extent.end)
        : TimeRange(start: extent.start, end: min(extent.end, extent.start + length))
    }
    guard let clock = plan.clockText, let time = ClockInPicture(evidence).time(of: clock, in: evidence.stream) else {
      return nil
    }
    return TimeRange(start: MediaTime(seconds: time.seconds - 2), end: MediaTime(seconds: time.seconds + 4))
  }

  /// The passages of one sense that tell most: near in meaning to the rest of it and not to one another. *Source* maximal marginal
  /// relevance: Carbonell and Goldstein, SIGIR 1998.
  ///
  /// - Parameter isFaint: whether sounds that are too often named wrongly are told as well, where there is nothing better.
  private func telling(_ sense: Modality, _ within: TimeRange, limit: Int, isFaint: Bool = false) -> [Candidate] {
    var pool: [Int] = []
    for index in evidence.passages.indices where evidence.passages[index].item.modality == sense {
      let passage = evidence.passages[index]
      guard passage.item.range.overlaps(within), sense != .text || plan.clockText != nil || evidence.permanence[index] <= 0.5 else {
        continue
      }
      // Of a sign one line speaks for all; a sound that goes on has one name.
      if sense == .text, pool.contains(where: { passage.sign.contains($0) }) { continue }
      // A name given faintly or for a moment is too often wrong to be told unasked.
      if sense == .sound, !isFaint, passage.item.confidence < 0.5 || passage.item.range.duration.seconds < 1 { continue }
      if sense == .sound,
        Self.speaking.contains(passage.item.text) || pool.contains(where: { evidence.passages[$0].item.text == passage.item.text })
      {
        continue
      }
      pool.append(index)
    }
    if pool.count > limit { pool = spread(pool, limit: limit) }
    return pool.map { index in
      let item = evidence.passages[index].item
      return Candidate(
        stream: evidence.stream.id, modality: sense, range: item.range, score: Self.plainlyThere, similarity: 0, passage: index)
    }
  }
  /// The sounds that speech is told by better, and names that tell nothing.
  private static let speaking: Set<String> = [
    "Speech", "Narration, monologue", "Conversation", "Male speech, man speaking", "Female speech, woman speaking", "Silence",
    "Inside, small room", "Animal", "Domestic animals, pets", "Livestock, farm animals, working animals", "Wild animals", "Noise",
    "Sound effect",
  ]

  /// A scene is told by its first seconds.
  private static let longestTold = 30.0

  private func spread(_ pool: [Int], limit: Int) -> [Int] {
    let dimensions = evidence.dimensions
    func vector(_ index: Int) -> [Float] { evidence.vector(of: index) }
    guard dimensions > 0 else { return Array(pool.prefix(limit)) }
    // At most so many are compared: a day has more utterances than a summary needs.
    let pool = pool.count <= 400 ? pool : stride(from: 0, to: 400, by: 1).map { pool[$0 * pool.count / 400] }
    var mean = [Float](repeating: 0, count: dimensions)
    for index in pool { for (at, value) in vector(index).enumerated() { mean[at] += value } }
    func worth(_ index: Int) -> Double {
      let passage = evidence.passages[index]
      return Double(VectorScan.cosine(vector(index), mean)) + 0.3 * Double(passage.item.confidence) + 0.02
        * Double(min(passage.words.count, 12))
    }
    var worths = Dictionary(uniqueKeysWithValues: pool.map { ($0, worth($0)) })
    var chosen: [Int] = []
    while chosen.count < limit, let best = worths.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key {
      chosen.append(best)
      worths[best] = nil
      let taken = vector(best)
      for index in worths.keys { worths[index, default: 0] -= 0.5 * max(0, Double(VectorScan.cosine(vector(index), taken))) }
    }
    return chosen.sorted()
  }

  /// Mean probability of a scene's likeliest name below which it is a guess.
  private static let surely = 0.1

  /// The scenes that last longest and are named most surely, between two cuts each.
  ///
  /// - Parameter isSure: whether those that are named by a guess are left out.
  private func scenes(_ within: TimeRange, limit: Int, isSure: Bool = false) -> [Candidate] {
    guard let track = evidence.track, track.count > 0 else { return [] }
    func probability(_ range: TimeRange) -> Double { Double(evidence.labels(from: range.start, to: range.end).first?.probability ?? 0) }
    let ranges = evidence.scenes(in: within).prefix(2000).filter { !isSure || probability($0) >= Self.surely }
    let best = ranges.map { ($0, probability($0) * min(1, $0.duration.seconds / 10)) }.sorted { ($0.1, $1.0.start) > ($1.1, $0.0.start) }
      .prefix(limit)
    return best.compactMap { range, _ in
      seen(TimeRange(start: range.start, end: min(range.end, range.start + MediaTime(seconds: Self.longestTold))), score: Self.plainlyThere)
    }
  }
}
