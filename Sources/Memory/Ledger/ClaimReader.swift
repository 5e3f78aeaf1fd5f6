import Core
import Foundation

/// Finds what a line on screen or a sentence says of something, by a handful of patterns; what fits none says nothing.
///
/// *Source* the facts of TiM without a language model: `KEY: VALUE`, `KEY = VALUE`, prices, numbers of things, scores, days and times, and in
/// speech "X is …", "X moved to …".
enum ClaimReader {
  /// Values of a head that replace one another. Of what is not listed several may hold at once.
  static func isFunctional(_ relation: String) -> Bool { relation != notes }
  static let (value, price, number, day, time, score, notes) = ("is", "price", "number", "day", "time", "score", "notes")

  static func claims(in text: String, _ modality: Modality) -> [Claim] {
    switch modality {
    case .text: line(text)
    case .speech: sentences(of: text).flatMap(sentence)
    case .vision, .sound, .look, .gap: []
    }
  }

  /// A line on screen: `KEY: VALUE`, or words with one typed value among them, which the rest of the line names.
  static func line(_ text: String) -> [Claim] {
    if let pair = pair(in: text) { return [pair] }
    let words = ClaimWord.words(of: text)
    guard words.count <= 12, !words.contains(where: isDate) else { return [] }
    return TypedValue.all(in: words, isLine: true).compactMap { found in
      var rest = words
      rest.removeSubrange(found.words)
      rest.removeAll { articles.contains($0.text) || TypedValue.units.contains($0.text) }
      let named = rest.filter { $0.text.contains(where: \.isLetter) && !prepositions.contains($0.text) }
      guard named.count <= 8 else { return nil }
      let head = rest.map(\.text).joined(separator: " ")
      guard let noun = found.noun else { return named.isEmpty ? nil : Claim(head: head, relation: found.relation, value: found.value) }
      // "PLATFORM 9" is the number of the platform, "TRAIN TO OSLO PLATFORM 9" the platform of the train.
      return named.count < 2
        ? Claim(head: ([noun] + rest.map(\.text)).joined(separator: " "), relation: number, value: found.value)
        : Claim(head: head, relation: noun, value: found.value)
    }
  }

  /// `KEY: VALUE` or `KEY = VALUE`; no clock time, address or score.
  private static func pair(in text: String) -> Claim? {
    guard let mark = text.prefix(60).firstIndex(where: { $0 == ":" || $0 == "=" }), mark != text.startIndex else { return nil }
    let (key, rest) = (text[..<mark], text[text.index(after: mark)...])
    guard rest.first?.isNumber != true || key.last?.isNumber != true, rest.first != "/" else { return nil }
    let words = ClaimWord.words(of: key).filter { !articles.contains($0.text) }
    let value = ClaimWord.words(of: rest).map(\.surface).joined(separator: " ")
    guard (1...4).contains(words.count), words.contains(where: { $0.text.contains(where: \.isLetter) }), !value.isEmpty, value.count <= 80
    else { return nil }
    let isNote = words.count == 1 && labels.contains(words[0].text)
    return Claim(head: words.map(\.text).joined(separator: " "), relation: isNote ? notes : Self.value, value: value)
  }

  /// "The meeting has been moved to Thursday", "the password is swordfish": a subject, a verb, and a value behind it.
  static func sentence(_ words: [ClaimWord]) -> [Claim] {
    guard !words.contains(where: { denials.contains($0.text) }), let verb = words.firstIndex(where: { verbs.contains($0.text) }) else {
      return []
    }
    let subject = words[..<verb].reversed().prefix { !$0.endsClause }.reversed().drop { leading.contains($0.text) }
    guard (1...6).contains(subject.count), !subject.contains(where: { pronouns.contains($0.text) }) else { return [] }
    let head = subject.filter { !articles.contains($0.text) && !adverbs.contains($0.text) }.map(\.text).joined(separator: " ")
    let rest = Array(words[(verb + 1)...].prefix(14))
    guard !head.isEmpty, !rest.isEmpty else { return [] }
    // "from Tuesday to Thursday": what counts is behind the last "to".
    let changes = ([words[verb]] + rest).contains { TypedValue.changes.contains($0.text) }
    let target = changes ? rest.lastIndex { $0.text == "to" }.map { Array(rest[($0 + 1)...]) } ?? rest : rest
    let typed = TypedValue.all(in: target, isLine: false)
    if let found = typed.first { return [Claim(head: head, relation: found.noun ?? found.relation, value: found.value)] }
    let state = rest.filter { !adverbs.contains($0.text) && !articles.contains($0.text) }
    guard states.contains(words[verb].text), subject.count <= 4, (1...3).contains(state.count),
      !state.contains(where: { pronouns.contains($0.text) || prepositions.contains($0.text) })
    else { return [] }
    return [Claim(head: head, relation: value, value: state.map(\.surface).joined(separator: " "))]
  }

  private static func sentences(of text: String) -> [[ClaimWord]] {
    var sentences: [[ClaimWord]] = [[]]
    for piece in text.prefix(4000).split(whereSeparator: \.isWhitespace) {
      sentences[sentences.count - 1] += ClaimWord.words(of: piece)
      if ".!?;".contains(piece.last ?? " "), piece.count > 2 { sentences.append([]) }
    }
    return sentences.filter { !$0.isEmpty }
  }

  /// A line with a date is a clock of the camera's or a dateline.
  private static func isDate(_ word: ClaimWord) -> Bool {
    let parts = word.text.split(whereSeparator: { "-/.:".contains($0) })
    return parts.count >= 3 && parts.allSatisfy { $0.allSatisfy(\.isNumber) }
  }

  private static func set(_ words: String) -> Set<String> { Set(words.split(whereSeparator: \.isWhitespace).map(String.init)) }
  private static let articles = set("the a an our your my their his her its this that")
  private static let adverbs = set("now currently still already actually today again instead also just really here then")
  private static let leading = set(
    "the a an our your my please note that attention and so but well okay ok now then again correction update remember because as also yes")
  private static let pronouns = set(
    "it he she they we i you what which who there this these those here everything something nothing someone everyone one")
  private static let prepositions = set(
    "in on at of for with from by about under over between as like than if when because to until till and or")
  private static let denials = set("not isnt isn't wasnt wasn't never no if whether")
  private static let labels = set("note notes tip q a question answer step example source photo image figure fig hint warning quote")
  private static let states = set("is are was were")
  private static let verbs = set(
    """
    is are was were will has have had costs cost leaves departs arrives starts begins opens closes moves moved moves changed changes switched
    postponed rescheduled rises rose falls fell becomes became stands
    """)
}
