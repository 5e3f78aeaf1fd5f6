import Core
import Foundation
import Reasoning

/// Compares what a language model wrote with the evidence it was given, sentence by sentence. A sentence stays when
///
/// - it names evidence that there is, at least one piece of it,
/// - every time it writes lies in a piece that it names, give or take a second,
/// - every number and every name it writes stands in those pieces or in the plain answer,
/// - and so do most of its other words, or in the question.
///
/// Words are compared by stem. It cannot see that a sentence turns round what its words say ("is not open").
struct CitationCheck {
  struct Piece { var range: TimeRange, text: String }

  let question: String
  let answer: String
  let pieces: [Piece]

  /// The sentences that stay, and how many there were.
  func checked(_ text: String) -> (kept: [String], written: Int) {
    let sentences = Self.sentences(of: text)
    return (sentences.filter(holds), sentences.count)
  }

  static func sentences(of text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).flatMap { line in
      // A mark ends a sentence before a space; "[1]" behind it belongs to it.
      line.replacing(/([.!?]["”']?)((?: ?\[\d+\])*)\s+(?!\[)/) { "\($0.output.1)\($0.output.2)\n" }.split(separator: "\n")
        .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " -*•\t")) }
    }.filter { $0.contains(where: \.isLetter) }
  }

  private func holds(_ sentence: String) -> Bool {
    let named = sentence.matches(of: /\[(\d{1,3})\]/).compactMap { Int($0.output.1) }
    guard !named.isEmpty, named.allSatisfy({ pieces.indices.contains($0 - 1) }) else { return false }
    let cited = Set(named).sorted().map { pieces[$0 - 1] }
    var rest = sentence.replacing(/\[\d{1,3}\]/, with: "")
    for time in rest.matches(of: /\b(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:\.\d+)?\b/) {
      let parts = [time.output.1 ?? "0", time.output.2, time.output.3].compactMap { Double($0) }
      let seconds = parts.reduce(0) { $0 * 60 + $1 }
      let isSaid = (cited.map(\.text) + [answer]).contains { $0.contains(time.output.0) }
      guard isSaid || cited.contains(where: { $0.range.start.seconds - 1 <= seconds && seconds <= $0.range.end.seconds + 1 }) else {
        return false
      }
    }
    rest = rest.replacing(/\b(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\.\d+)?\b/, with: " ")
    let known = Set((cited.map(\.text) + [answer]).flatMap { Token.words(of: $0) }.map(\.stem))
    let asked = known.union(Token.words(of: question).map(\.stem))
    let words = Token.words(of: rest)
    for (place, word) in words.enumerated() {
      if word.hasDigit || EnglishNumbers.isNumber(word.text), !known.contains(word.stem) { return false }
      if place > 0, word.surface.first?.isUppercase == true, word.surface.count > 1, !asked.contains(word.stem) { return false }
    }
    let telling = words.filter { $0.text.count > 2 && !EnglishNumbers.common.contains($0.text) }
    return telling.count(where: { asked.contains($0.stem) }) * 2 >= telling.count
  }
}

/// Words a check must tell from those that say something.
private enum EnglishNumbers {
  private static let names: Set<String> = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen",
    "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred",
    "thousand",
  ]
  static func isNumber(_ word: String) -> Bool { names.contains(word) }

  static let common: Set<String> = [
    "the", "and", "are", "was", "were", "has", "have", "had", "with", "from", "for", "that", "this", "there", "then", "they", "its",
    "which",
    "who", "when", "where", "what", "can", "been", "seen", "heard", "said", "says", "shown", "shows", "appears", "screen", "video",
    "moment",
    "about", "into", "also", "after", "before", "between", "during", "while", "evidence", "according", "stated", "mentioned", "visible",
    "written", "answer", "question", "seconds", "minutes",
  ]
}
