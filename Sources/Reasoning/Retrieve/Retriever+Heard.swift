import Core
import Foundation
import Memory

extension Retriever {
  /// How sharply the names of sounds are told apart.
  private static let sharpness = 20.0
  /// A sound goes on while its relevance stays above this share of its highest.
  private static let fall = 0.3
  /// Names of whole branches of the AudioSet ontology: every dog is one of these, and none of them says that it is a dog.
  static let branches: Set<String> = [
    "Animal", "Domestic animals, pets", "Livestock, farm animals, working animals", "Wild animals", "Vehicle", "Motor vehicle (road)",
    "Sound effect", "Noise", "Music", "Musical instrument",
  ]
  /// A name of its own tells a sound better than that of its branch if it counts at least this share as much.
  private static let leastOwn = 0.25
  /// Below this a sound has nothing to do with the question.
  private static let leastRelevance = 1e-4

  /// A verb this near to the name of a sound is one that is heard: "explode" and "Explosion" .78, "sleep" and "Snoring" .47.
  private static let soundsLike = 0.65

  /// Whether what a thing does makes a sound of its own, by the names that sounds can have, and is no name of what is seen.
  func isAudible(_ act: String) async throws -> Bool {
    guard let sounds = vocabularies[.sound], vocabularies[.vision]?.bearers(of: Stem.of(act)).isEmpty ?? true,
      let query = try await encoder.vector(of: act, in: sounds.space)
    else { return false }
    return sounds.fits(of: query, sharpness: Self.sharpness).nearest >= Self.soundsLike
  }

  /// What was heard that fits a topic, best first; nil when it is not known what can be heard.
  ///
  /// One sound has several names at once ("Animal", "Bird", "Owl"). At any time the relevance is the sum, over the names heard then, of
  /// their probability times how well they fit; what rises above the rest is one candidate.
  func heard(_ topic: QuestionPlan.Topic, limit: Int = 24) async throws -> [Candidate]? {
    guard Part.soundNames.isOn, let vocabulary = vocabularies[.sound], !topic.phrase.isEmpty,
      let query = try await encoder.vector(of: topic.phrase, in: vocabulary.space)
    else { return nil }
    let (fits, nearest) = vocabulary.fits(of: query, sharpness: Self.sharpness)
    var sounds: [(passage: Int, range: TimeRange, relevance: Double)] = []
    for (index, place) in namedSounds {
      let item = evidence.passages[index].item
      let relevance = fits[place] * Double(item.confidence)
      if relevance >= Self.leastRelevance { sounds.append((index, item.range, relevance)) }
    }
    let found = RelevanceOverTime(sounds.map { ($0.range, $0.relevance) }).peaks(limit: limit, fall: Self.fall).map { peak in
      let there = sounds.filter { $0.range.overlaps(peak.range) }.sorted { ($0.relevance, $1.passage) > ($1.relevance, $0.passage) }
      let own = there.first { !Self.branches.contains(evidence.passages[$0.passage].item.text) }
      let loudest = own.flatMap { $0.relevance >= Self.leastOwn * (there.first?.relevance ?? 0) ? $0 : nil } ?? there.first
      return Candidate(
        stream: evidence.stream.id, modality: .sound, range: peak.range,
        score: Calibration.heard(relevance: peak.value, nearest: nearest, seconds: peak.range.duration.seconds),
        similarity: log(peak.value), coverage: min(1, peak.value), passage: loudest?.passage)
    }
    return found + guessed(fits, nearest: nearest, besides: found, limit: limit)
  }

  /// What may have been heard at other times: further moments where what is asked for is not plainly heard, or not often.
  private func guessed(_ fits: [Double], nearest: Double, besides found: [Candidate], limit: Int) -> [Candidate] {
    var sounds: [(name: String, range: TimeRange, relevance: Double)] = []
    for (index, place) in namedGuesses {
      let item = evidence.guesses[index]
      let relevance = fits[place] * Double(item.confidence)
      if relevance >= Self.leastRelevance { sounds.append((item.text, item.range, relevance)) }
    }
    return RelevanceOverTime(sounds.map { ($0.range, $0.relevance) }).peaks(limit: limit, fall: Self.fall).compactMap { peak in
      guard !found.contains(where: { $0.range.overlaps(peak.range) }),
        let loudest = sounds.filter({ $0.range.overlaps(peak.range) }).max(by: { ($0.relevance, $1.name) < ($1.relevance, $0.name) })
      else { return nil }
      let score = Calibration.heard(relevance: peak.value, nearest: nearest, seconds: peak.range.duration.seconds)
      return Candidate(
        stream: evidence.stream.id, modality: .sound, range: peak.range, score: min(score, Certainty.guess), similarity: log(peak.value),
        coverage: min(1, peak.value), guess: loudest.name)
    }
  }
}

/// The sum of what overlaps, at every time.
struct RelevanceOverTime {
  /// Where the sum changes, ascending, and its value from there to the next.
  private var times: [MediaTime] = []
  private var values: [Double] = []

  init(_ pieces: [(range: TimeRange, value: Double)]) {
    let changes = pieces.flatMap { [($0.range.start, $0.value), ($0.range.end, -$0.value)] }.sorted { $0.0 < $1.0 }
    var sum = 0.0
    for (time, change) in changes {
      sum += change
      if times.last == time {
        values[values.count - 1] = sum
      } else {
        times.append(time)
        values.append(sum)
      }
    }
  }

  /// The stretches that stand out, best first: from each highest value outwards until it has fallen to a share of it.
  func peaks(limit: Int, fall: Double) -> [(range: TimeRange, value: Double)] {
    var peaks: [(range: TimeRange, value: Double)] = []
    var taken = [Bool](repeating: false, count: values.count)
    for top in values.indices.dropLast().sorted(by: { (values[$0], $1) > (values[$1], $0) }) where !taken[top] {
      guard values[top] > 1e-9, peaks.count < limit else { break }
      var (low, high) = (top, top + 1)
      while low > 0, !taken[low - 1], values[low - 1] > fall * values[top] { low -= 1 }
      while high < values.count - 1, !taken[high], values[high] > fall * values[top] { high += 1 }
      for index in low..<high { taken[index] = true }
      // What touches a better stretch is its slope.
      let range = TimeRange(start: times[low], end: times[high])
      if peaks.contains(where: { $0.range.start == range.end || $0.range.end == range.start }) { continue }
      peaks.append((range, values[top]))
    }
    return peaks
  }
}
