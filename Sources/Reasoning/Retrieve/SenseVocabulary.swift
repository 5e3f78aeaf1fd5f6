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
  /// The stems of each name and of what else it is called.
  private let stems: [Set<String>]

  /// - Parameter alsoCalled: synonyms and kinds of each name, in the order of the names.
  /// - Precondition: `vectors` holds one row for each name.
  package init(names: [String], alsoCalled: [[String]] = [], vectors: [Float], space: EmbeddingSpace) {
    precondition(!names.isEmpty && vectors.count.isMultiple(of: names.count), "\(vectors.count) numbers for \(names.count) names")
    var reader = WordReader()
    stems = names.indices.map { index in
      let texts = [names[index]] + (alsoCalled.indices.contains(index) ? alsoCalled[index] : [])
      let own = Set(texts.flatMap { reader.read($0).map { reader.words[Int($0)].stem } })
      return own.union(Vocabulary.kinds.filter { !$0.value.isDisjoint(with: own) }.keys)
    }
    self.names = names
    self.vectors = vectors
    self.space = space
    places = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
  }

  func place(of name: String) -> Int? { places[name] }

  /// The places of the names that a word is part of, synonyms and kinds included.
  func bearers(of stem: String) -> Set<Int> { Set(stems.indices.filter { Spelling.contains(stems[$0], stem) }) }

  /// How well each name fits a query beside the name that fits it best: 1 for that one; and its cosine.
  ///
  /// - Parameter sharpness: factor of the cosines; the higher, the less is left for other names.
  func fits(of query: [Float], sharpness: Double) -> (fits: [Double], nearest: Double) {
    let cosines = VectorScan.cosines(rows: vectors, query: query)
    let highest = cosines.max() ?? 0
    return (cosines.map { exp(sharpness * Double($0 - highest)) }, Double(highest))
  }
}
