import Core
import Foundation
import Memory

/// All the names one sense can give, with the vector of each.
///
/// A question is weighed against every name before it is compared with what was perceived: what it means may be a name that was never
/// given, and then there is nothing to find. Similarity alone cannot tell: the nearest thing in the memory is always near.
package struct SenseVocabulary: Sendable {
  package let names: [String]
  package let space: EmbeddingSpace
  /// *Shape* `[names, dimensions]`; rows have unit length.
  private let vectors: [Float]
  private let places: [String: Int]

  /// - Precondition: `vectors` holds one row for each name.
  package init(names: [String], vectors: [Float], space: EmbeddingSpace) {
    precondition(!names.isEmpty && vectors.count.isMultiple(of: names.count), "\(vectors.count) numbers for \(names.count) names")
    self.names = names
    self.vectors = vectors
    self.space = space
    places = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
  }

  func place(of name: String) -> Int? { places[name] }

  /// How well each name fits a query beside the name that fits it best: 1 for that one; and its cosine.
  ///
  /// - Parameter sharpness: factor of the cosines; the higher, the less is left for other names.
  func fits(of query: [Float], sharpness: Double) -> (fits: [Double], nearest: Double) {
    let cosines = VectorScan.cosines(rows: vectors, query: query)
    let highest = cosines.max() ?? 0
    return (cosines.map { exp(sharpness * Double($0 - highest)) }, Double(highest))
  }
}
