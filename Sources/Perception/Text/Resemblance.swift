import Core

/// How alike two readings of a line are: what tells a flickering reading of one sign from a sign that changed.
enum Resemblance {
  /// The text without case, spaces and marks, with look-alikes (O and 0, I, l and 1, S and 5, Z and 2, B and 8) made equal: what two
  /// readings of unchanged pixels may differ in.
  static func folded(_ text: String) -> [Character] {
    text.lowercased().compactMap { character in
      switch character {
      case "o": "0"
      case "i", "l", "|", "!": "1"
      case "s": "5"
      case "z": "2"
      case "b": "8"
      default: character.isLetterOrNumber ? character : nil
      }
    }
  }

  /// Levenshtein distance over the longer length, 0...1.
  static func distance(_ a: [Character], _ b: [Character]) -> Double {
    guard !a.isEmpty, !b.isEmpty else { return a.isEmpty && b.isEmpty ? 0 : 1 }
    var row = Array(0...b.count)
    for i in 1...a.count {
      var diagonal = row[0]
      row[0] = i
      for j in 1...b.count {
        let above = row[j]
        row[j] = min(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1))
        diagonal = above
      }
    }
    return Double(row[b.count]) / Double(max(a.count, b.count))
  }

  /// Intersection over union, 0...1.
  static func overlap(_ a: TextLine.Box, _ b: TextLine.Box) -> Float {
    let width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    let height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    guard width > 0, height > 0 else { return 0 }
    return width * height / (a.width * a.height + b.width * b.height - width * height)
  }
}
