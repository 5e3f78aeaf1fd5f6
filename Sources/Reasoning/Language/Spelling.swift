/// Whether words are the same in spite of a misread letter, a short form or a joint spelling.
enum Spelling {
  /// Whether a stem is among others: as it is, by a known short form, or with one letter misread in a long word.
  static func contains(_ stems: Set<String>, _ stem: String) -> Bool {
    if stems.contains(stem) { return true }
    if let others = Vocabulary.synonyms[stem], !others.isDisjoint(with: stems) { return true }
    guard stem.count >= 5 else { return false }
    return stems.contains { abs($0.count - stem.count) <= 1 && $0.count >= 5 && differByOneLetter(Array($0.utf8), Array(stem.utf8)) }
  }

  /// Whether one name may be the other misheard: at most half of its letters differ, and it begins alike.
  static func resembles(_ a: String, _ b: String) -> Bool {
    guard a.first == b.first, min(a.count, b.count) > 2 else { return false }
    let (left, right) = (Array(a.utf8), Array(b.utf8))
    var row = Array(0...right.count)
    for (place, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = place + 1
      for index in right.indices {
        let cost = min(row[index], row[index + 1]) + 1
        (diagonal, row[index + 1]) = (row[index + 1], letter == right[index] ? diagonal : min(cost, diagonal + 1))
      }
    }
    return row[right.count] * 2 <= max(left.count, right.count)
  }

  /// Whether one edit (a letter replaced, dropped or added) makes one of the other. Digits are never forgiven.
  static func differByOneLetter(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    guard abs(a.count - b.count) <= 1, !a.contains(where: isDigit), !b.contains(where: isDigit) else { return false }
    let prefix = zip(a, b).prefix { $0 == $1 }.count
    let suffix = zip(a.dropFirst(prefix).reversed(), b.dropFirst(prefix).reversed()).prefix { $0 == $1 }.count
    return max(a.count, b.count) - prefix - suffix <= 1
  }
}
