import Foundation

/// When log-odds are enough to answer, and how sure an answer with them is.
enum Certainty {
  /// Least log-odds of an answer, a little under one in five. One meaning for every kind of question: below it a refusal is the better
  /// answer, above it the confidence says how little or much to trust it.
  static let threshold = -1.5
  /// Least log-odds of a further moment beside the answer.
  static let mention = -3.5

  static func probability(of score: Double) -> Double { 1 / (1 + exp(-score)) }
}
