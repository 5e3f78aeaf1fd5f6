import Foundation

/// When a calibrated score is enough to answer, and how sure an answer with that score is.
enum Certainty {
  /// Least score of an answer, in standard deviations above what chance scores in the same memory.
  static let threshold = 1.0
  /// The score at which an answer is as likely right as wrong, and how fast that changes.
  private static let even = 1.5
  private static let slope = 1.2

  static func probability(of score: Double) -> Double { 1 / (1 + exp(-(score - even) / slope)) }
}
