import Core
import Foundation

/// When log-odds are enough to answer, and how sure an answer with them is.
enum Certainty {
  /// Least score of an answer. One meaning for every kind of question: below it a refusal is the better answer, above it the confidence
  /// says how little or much to trust it.
  static let threshold = -1.1
  /// Least log-odds of a further moment beside the answer.
  static let mention = -3.5
  /// What a search between or during other things is allowed less.
  static let narrow = 1.0
  /// Most that the name of a sound counts that is no more than a guess.
  static let guess = threshold - 0.1
  /// Occurrences of one thing differ by at most this.
  static let alike = 2.0
  /// The answer rests on every moment of its kind that is at most this much less certain than the best.
  static let support = 1.0
  /// Log-odds of a memory in which nothing at all comes near.
  static let nothingNear = -4.0

  static func probability(of score: Double) -> Double { 1 / (1 + exp(-score)) }

  /// How likely an answer with a score is right, by the sense it rests on: what is seen and heard is believed too readily, what is read too
  /// little. The decision stays on the scale on which the senses are compared.
  /// *Source* a logistic regression for each sense over 223 annotated questions and 314 of them asked of streams without the answer (Platt
  /// scaling); of eight fits that leave out one recording each the offsets differ by at most 0.4, the slopes by 0.3.
  static func probability(of score: Double, sense: Modality?) -> Double {
    let (offset, slope): (Double, Double) =
      switch sense {
      case .vision: (-0.9, 1.1)
      case .text: (0.6, 1.6)
      case .speech: (-0.3, 1.3)
      case .sound: (-1.2, 1.25)
      default: (0, 1)
      }
    return probability(of: Part.confidenceBySense.isOn ? offset + slope * score : score)
  }
}
