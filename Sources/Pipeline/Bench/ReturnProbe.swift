import Core
import Memory

/// Whether something that comes back is known to have been there: by the links made when its episode ended, and by comparing it with everything when
/// it is asked for.
///
/// *Source* the recall of HMT (section 3.2) as a question: "have we been here before?"
struct ReturnProbe: Sendable {
  enum Method: String, Sendable, Codable, CaseIterable {
    case links = "links", meansAsked = "episodes' means, when asked", stretchesAsked = "stretches, when asked"
  }

  /// What one way says of one moment.
  struct Trial: Sendable, Codable {
    var method: Method
    /// Whether the moment was shown before.
    var isReturn: Bool
    /// Of the likeliest earlier place.
    var score: Float
    /// Whether that place is where it was shown.
    var isRight: Bool
  }

  /// Only what lies back this far.
  private static let gap = 30

  /// - Returns: three for every planted moment: what occurs once, and every time of what occurs several times.
  ///   What comes back is seen in the second view.
  static func trials(_ stream: SplicedStream, _ material: BenchMaterial, _ configuration: MemoryConfiguration) -> [Trial] {
    let returns = stream.entities.flatMap { $0.ranges.sorted { $0.lowerBound < $1.lowerBound }.dropFirst() }
    let remembered = RememberedStream(
      stream, material, configuration, codes: [.strategy(.progressive)], otherView: Set(returns.joined()))
    let stretches = remembered.ownStretches
    let means = remembered.episodes.map { episode in
      (range: episode, vector: EpisodeCode.mean(of: episode.map(remembered.vector), weights: repeatElement(1, count: episode.count)))
    }
    var events = stream.needles.map { (range: $0.range, earlier: [Range<Int>]()) }
    for entity in stream.entities {
      let ranges = entity.ranges.sorted { $0.lowerBound < $1.lowerBound }
      events += ranges.enumerated().map { ($1, Array(ranges[..<$0])) }
    }
    return events.flatMap { event, earlier in
      func trial(_ method: Method, _ place: Range<Int>?, _ score: Float) -> Trial {
        let isRight = place.map { place in earlier.contains { $0.lowerBound < place.upperBound + 2 && place.lowerBound < $0.upperBound + 2 }
        }
        return Trial(method: method, isReturn: !earlier.isEmpty, score: score, isRight: isRight ?? false)
      }
      let own = stretches.filter { $0.range.overlaps(event) }.max { overlap($0.range, event) < overlap($1.range, event) }
      let link = own?.reminder
      let place = link.flatMap { link in stretches.first { $0.range.lowerBound == link.earlier }?.range }
      let byStretch = best(own?.vector, before: event, stretches.map { ($0.range, $0.vector) }, remembered.centre)
      let episode = means.first { $0.range.overlaps(event) }
      let byMean = best(episode?.vector, before: episode?.range ?? event, means, remembered.centre)
      return [
        trial(.links, place, link?.cosine ?? -1), trial(.meansAsked, byMean?.place, byMean?.score ?? -1),
        trial(.stretchesAsked, byStretch?.place, byStretch?.score ?? -1),
      ]
    }
  }

  private static func overlap(_ a: Range<Int>, _ b: Range<Int>) -> Int { a.clamped(to: b).count }

  private static func best(
    _ vector: [Float]?, before event: Range<Int>, _ candidates: [(range: Range<Int>, vector: [Float])], _ centre: [Float]
  ) -> (place: Range<Int>, score: Float)? {
    guard let vector else { return nil }
    func centred(_ vector: [Float]) -> [Float] { zip(vector, centre).map { $0 - $1 } }
    let query = centred(EpisodeCode.unit(vector))
    return candidates.filter { $0.range.lowerBound + gap <= event.lowerBound && $0.range.upperBound <= event.lowerBound }
      .map { ($0.range, VectorScan.cosine(centred(EpisodeCode.unit($0.vector)), query)) }.max { $0.1 < $1.1 }
  }

  /// Precision, recall and their mean of one way at the threshold that is best afterwards, the same favour for all.
  static func score(_ trials: [Trial]) -> (threshold: Float, precision: Double, recall: Double, f1: Double) {
    let returns = Double(trials.count { $0.isReturn })
    var best: (threshold: Float, precision: Double, recall: Double, f1: Double) = (1, 0, 0, 0)
    var (said, right) = (0.0, 0.0)
    for trial in trials.sorted(by: { $0.score > $1.score }) {
      said += 1
      if trial.isRight { right += 1 }
      let (precision, recall) = (right / said, returns > 0 ? right / returns : 0)
      let f1 = right > 0 ? 2 * precision * recall / (precision + recall) : 0
      if f1 > best.f1 { best = (trial.score, precision, recall, f1) }
    }
    return best
  }
}
