/// What was probably meant by a word that is not known.
package enum Suggestion {
  /// The known word that is nearest in spelling; nil when none is near.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let word = String(word.prefix(64))
    let nearest = known.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
    return nearest.flatMap { $0.1 <= min(3, max(1, word.count / 2)) ? $0.0 : nil }
  }

  /// Letters added, dropped, replaced or swapped with their neighbour to make one word of another. *Source* Damerau 1964.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), min(rows[i][j + 1], row[j]) + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
