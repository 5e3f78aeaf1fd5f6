/// What one line or sentence says of something: the head it is about, the relation and the value.
///
/// *Source* TiM (Think-in-Memory), section 3.2: a thought is a relation triple. Here rules find them, so nothing is inferred.
struct Claim: Sendable, Hashable {
  /// Lower case, without articles and marks: "train to oslo".
  var head: String
  /// One of `Relation`'s names, or the noun whose number it is: "platform".
  var relation: String
  /// As it was written or said: "9", "3.10 EUR", "Thursday".
  var value: String
}

/// How much two texts may differ and still be two readings of one: whole words with digits in them must be equal, of the rest one letter in
/// five may be misread.
///
/// *Source* TiM's merging of thoughts of one head, with the design's normalised edit distance of 0.2; a misread digit is never forgiven,
/// because a changed number is what a new value looks like.
enum Rereading {
  static let share = 0.2

  static func isSame(_ a: String, _ b: String) -> Bool {
    if a == b { return true }
    let (left, right) = (ClaimWord.folded(a), ClaimWord.folded(b))
    if left == right { return true }
    let (first, second) = (left.split(separator: " "), right.split(separator: " "))
    func numbered(_ words: [Substring]) -> [Substring] { words.filter { $0.contains(where: \.isNumber) } }
    guard numbered(first) == numbered(second) else { return false }
    let (x, y) = (Array(left.utf8), Array(right.utf8))
    let most = Int(share * Double(max(x.count, y.count)))
    return most > 0 && abs(x.count - y.count) <= most && distance(x, y) <= most
  }

  /// Levenshtein's distance.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = x == y ? diagonal : 1 + min(diagonal, row[j], row[j + 1])
        diagonal = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}
