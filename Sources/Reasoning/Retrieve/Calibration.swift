import Core
import Foundation

/// Turns what is known of a candidate into the log-odds that it answers the question: one scale for every sense.
///
/// *Source* a logistic regression for each sense over the best candidates of some two hundred questions about recordings of different
/// kinds, rounded; docs/reasoning.md has the fit. Similarity is in standard deviations above chance in the same memory and says how much
/// a score stands out there; the raw cosine says how alike the meanings are wherever they stand.
struct Calibration: Sendable {
  var base: Double
  var similarity: Double
  var cosine: Double
  /// Weight of the share of the topic's words that was found.
  var coverage: Double
  /// Weight of what the perceiving stage said about its own certainty.
  var confidence: Double

  static func of(_ modality: Modality) -> Calibration {
    switch modality {
    case .vision: Calibration(base: -0.9, similarity: 0.62, cosine: 0, coverage: 0.6, confidence: 0)
    case .speech: Calibration(base: -3.5, similarity: 0.15, cosine: 2.5, coverage: 4, confidence: 0)
    case .text: Calibration(base: -5, similarity: 0.25, cosine: 3, coverage: 1.8, confidence: 2)
    case .sound: Calibration(base: -3.5, similarity: 0.3, cosine: 3, coverage: 2, confidence: 0.5)
    case .gap: Calibration(base: -10, similarity: 0, cosine: 0, coverage: 0, confidence: 0)
    }
  }

  func logOdds(similarity z: Double, cosine c: Double, coverage found: Double, confidence sure: Double) -> Double {
    base + similarity * min(z, 15) + cosine * max(0, c) + coverage * found + confidence * sure
  }
}
