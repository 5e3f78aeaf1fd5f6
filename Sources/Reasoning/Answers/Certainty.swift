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
  /// Occurrences of one thing differ by at most this.
  static let alike = 2.0
  /// The answer rests on every moment of its kind that is at most this much less certain than the best.
  static let support = 1.0
  /// Log-odds of a memory in which nothing at all comes near.
  static let nothingNear = -4.0

  static func probability(of score: Double) -> Double { 1 / (1 + exp(-score)) }
}
