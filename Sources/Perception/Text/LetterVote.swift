/// One text out of several readings of it, letter by letter.
///
/// *Source* Fiscus 1997, "A post-processing system to yield reduced word error rates: Recognizer output voting error reduction (ROVER)", with
/// letters for words: readings are aligned to one of them by the fewest edits, and at every place the letter with the most weight stays.
enum LetterVote {
  /// A reading further from the others than this says something else.
  private static let furthest = 0.34

  /// - Parameter base: the reading that wins where there is no majority.
  static func text(of readings: [(text: String, weight: Float)], around base: String) -> String {
    let letters = Array(base)
    // At each letter of the base: the weight of what others have there, "" for nothing; in front of each and at the end: what they have more.
    var places = [[String: Float]](repeating: [:], count: letters.count)
    var between = [[String: Float]](repeating: [:], count: letters.count + 1)
    var total: Float = 0
    for (text, weight) in readings {
      let own = Array(text)
      let (steps, edits) = alignment(of: own, to: letters)
      guard Double(edits) <= furthest * Double(max(letters.count, own.count)) else { continue }
      total += weight
      var extra = [String](repeating: "", count: letters.count + 1)
      for step in steps {
        switch step {
        case .place(let at, let from): places[at][from.map { String(own[$0]) } ?? "", default: 0] += weight
        case .extra(let at, let from): extra[at].append(own[from])
        }
      }
      for (at, text) in extra.enumerated() where !text.isEmpty { between[at][text, default: 0] += weight }
    }
    var voted = ""
    for at in 0...letters.count {
      if let (text, weight) = between[at].max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), weight > total / 2 { voted += text }
      guard at < letters.count else { break }
      let own = String(letters[at])
      let best = places[at].max { ($0.value, $1.key) < ($1.value, $0.key) }
      voted += (best?.value ?? 0) > (places[at][own] ?? 0) ? best?.key ?? own : own
    }
    return voted
  }

  private enum Step {
    /// A letter of the base, and the letter of the other that stands for it.
    case place(Int, Int?)
    /// A letter that only the other has, in front of one of the base.
    case extra(Int, Int)
  }

  private static func alignment(of own: [Character], to base: [Character]) -> (steps: [Step], edits: Int) {
    let width = base.count + 1
    var costs = [Int](repeating: 0, count: (own.count + 1) * width)
    for j in 0..<width { costs[j] = j }
    for i in 0..<own.count {
      costs[(i + 1) * width] = i + 1
      for j in 0..<base.count {
        costs[(i + 1) * width + j + 1] = min(
          costs[i * width + j] + (own[i] == base[j] ? 0 : 1), costs[i * width + j + 1] + 1, costs[(i + 1) * width + j] + 1)
      }
    }
    var steps: [Step] = []
    var (i, j) = (own.count, base.count)
    while i > 0 || j > 0 {
      let here = costs[i * width + j]
      if i > 0, j > 0, here == costs[(i - 1) * width + j - 1] + (own[i - 1] == base[j - 1] ? 0 : 1) {
        (i, j) = (i - 1, j - 1)
        steps.append(.place(j, i))
      } else if i > 0, here == costs[(i - 1) * width + j] + 1 {
        i -= 1
        steps.append(.extra(j, i))
      } else {
        j -= 1
        steps.append(.place(j, nil))
      }
    }
    return (steps.reversed(), costs[own.count * width + base.count])
  }
}
