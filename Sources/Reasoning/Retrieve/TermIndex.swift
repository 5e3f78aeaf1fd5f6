/// In which passages of a stream each stem occurs.
struct TermIndex: Sendable {
  private let stems: [String]
  private let letters: [[UInt8]]
  private let numbers: [String: Int]
  /// Of each stem, the passages that hold it, ascending.
  private let places: [[Int32]]

  /// - Parameters:
  ///   - passages: the numbers of the words of each passage.
  init(_ reader: WordReader, passages: [[Int32]]) {
    var places = [[Int32]](repeating: [], count: reader.stems.count)
    for (index, words) in passages.enumerated() {
      for word in words {
        let stem = Int(reader.stemOfWord[Int(word)])
        if places[stem].last != Int32(index) { places[stem].append(Int32(index)) }
      }
    }
    self.places = places
    stems = reader.stems
    letters = stems.map { Array($0.utf8) }
    numbers = Dictionary(zip(stems, stems.indices), uniquingKeysWith: { first, _ in first })
  }

  /// In how many passages a stem occurs as it is.
  func count(of stem: String) -> Int { numbers[stem].map { places[$0].count } ?? 0 }

  /// The passages in which `Spelling.contains` finds a stem, ascending.
  func passages(with stem: String) -> [Int] {
    var found = Set(([stem] + (Vocabulary.synonyms[stem] ?? [])).compactMap { numbers[$0] })
    if stem.count >= 5 {
      let own = Array(stem.utf8)
      for (number, other) in letters.enumerated() where abs(other.count - own.count) <= 1 {
        let count = stems[number].count
        if count >= 5, abs(count - stem.count) <= 1, Spelling.differByOneLetter(other, own) { found.insert(number) }
      }
    }
    if found.count == 1, let only = found.first { return places[only].map(Int.init) }
    return Set(found.flatMap { places[$0] }).sorted().map(Int.init)
  }
}
