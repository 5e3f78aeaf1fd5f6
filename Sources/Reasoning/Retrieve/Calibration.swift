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

  /// What it takes from something seen that the question's thing has a name of its own and nothing there was called so.
  ///
  /// - Parameters:
  ///   - relevance: how likely and how fitting the names of what is there are, 0...1.
  ///   - nearest: the cosine of the question with the nearest of all names: above 0.55 a name means the thing asked for, below it the
  ///     question asks for something no name tells (an action, a colour), and the names tell nothing.
  static func absence(relevance: Double, nearest: Double) -> Double {
    min(3, 6 * max(0, nearest - 0.55) * max(0, -log(max(relevance, 1e-5)) - 4))
  }

  /// The same for a sound, from how likely and how fitting its names are, 0...1, and the cosine of the question with the
  /// nearest name of all that can be heard. Questions about sounds lie above 0.6, others rarely: of all names of
  /// sounds, "Animal" is the nearest to "a giraffe".
  static func heard(relevance: Double, nearest: Double) -> Double { 1.5 + 0.75 * log(relevance) - 8 * max(0, 0.6 - nearest) }

  func logOdds(similarity z: Double, cosine c: Double, coverage found: Double, confidence sure: Double) -> Double {
    base + similarity * min(z, 15) + cosine * max(0, c) + coverage * found + confidence * sure
  }
}
