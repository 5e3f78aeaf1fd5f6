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

  static func of(_ modality: Modality) -> Calibration {
    switch modality {
    case .vision: Calibration(base: -0.9, similarity: 0.62, cosine: 0, coverage: 0.6)
    case .speech: Calibration(base: -3.5, similarity: 0.15, cosine: 2.5, coverage: 4)
    case .text: Calibration(base: -3.2, similarity: 0.25, cosine: 3, coverage: 1.8)
    case .sound: Calibration(base: -3, similarity: 0.3, cosine: 3, coverage: 2)
    case .look, .gap: Calibration(base: -10, similarity: 0, cosine: 0, coverage: 0)
    }
  }

  /// Something seen beside all the names that things seen can have.
  ///
  /// A frame's vector says what is most like a giraffe there, and something always is. The names say more: how likely and how fitting those
  /// of what is there are beside the one of all names that fits best, and whether the words asked for are among them. A bare word
  /// must be a name of what is there; a description in many words need not be.
  /// *Source* a logistic regression, crossed over by topic, over 52 things seen, the same asked where they are not, and 100 things that are
  /// nowhere: area under the curve .99, by similarity alone .86.
  ///
  /// - Parameters:
  ///   - relevance: the names' probabilities times how well they fit, summed: 0...1.
  ///   - nearest: the cosine of the question with the nearest of all names.
  ///   - named: how far the words asked for are names of what is there, 0...1.
  ///   - words: how many there are.
  static func seen(similarity z: Double, relevance: Double, nearest: Double, named: Double, words: Int) -> Double {
    // What is far from every name is nothing that can be seen: an idea, or no word at all.
    let strange = 8 * max(0, 0.4 - nearest)
    return 3.9 - strange + 0.57 * min(z, 15) + 0.41 * log(max(relevance, 1e-5)) - 3.1 * nearest - 6.4 * (1 - named) / Double(max(1, words))
  }

  /// Something heard beside all the names of sounds.
  ///
  /// A name that is given for half a second is more often wrong than one that goes on. Questions about sounds lie above a cosine of 0.6 with
  /// the nearest name, others rarely: of all names of sounds, "Animal" is the nearest to "a giraffe".
  /// *Source* a logistic regression over 29 sounds, the same asked where they are not, and 40 others.
  ///
  /// - Parameters:
  ///   - relevance: how likely and how fitting the names are, summed: 0...1 and a little more where several mean the same.
  ///   - nearest: the cosine of the question with the nearest of all names.
  static func heard(relevance: Double, nearest: Double, seconds: Double) -> Double {
    1 + 0.7 * log(max(relevance, 1e-5)) + 0.6 * log(min(2, max(0.25, seconds))) - 8 * max(0, 0.6 - nearest)
  }

  func logOdds(similarity z: Double, cosine c: Double, coverage found: Double) -> Double {
    base + similarity * min(z, 15) + cosine * max(0, c) + coverage * found
  }
}
