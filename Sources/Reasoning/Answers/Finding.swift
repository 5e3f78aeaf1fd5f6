import Core
import Memory

/// What an answer template has found: words, the moments they rest on, best first, and how sure it is.
struct Finding: Sendable {
  var text: String?
  var candidates: [Candidate]
  /// The calibrated score the confidence is taken from.
  var score: Double
  /// Set when the template knows that the memory has no answer.
  var missing: String?
  /// How many of the candidates, from the first on, the answer rests on; nil leaves it to their scores. The others are further moments.
  var support: Int?
  /// The words asked for that nothing read or said holds and nothing seen or heard is called.
  var unknown: [String] = []

  init(text: String?, candidates: [Candidate], score: Double, missing: String? = nil, support: Int? = nil) {
    self.text = text
    self.candidates = candidates
    self.score = score
    self.missing = missing
    self.support = support
  }

  /// The estimated probability that it is right, of a refusal that what came nearest is the answer after all.
  var confidence: Double { Certainty.probability(of: score, sense: candidates.first?.modality) }

  static func nothing(_ missing: String, nearest: [Candidate] = []) -> Finding {
    Finding(text: nil, candidates: nearest, score: nearest.first?.score ?? Certainty.nothingNear, missing: missing)
  }
}
