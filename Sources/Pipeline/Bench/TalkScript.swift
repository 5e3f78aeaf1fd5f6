import Core
import Foundation

/// A made-up stream of sentences and lines, and questions about it of which the answers are known.
struct TalkScript: Sendable {
  struct Told: Sendable, Equatable {
    var text: String
    var isLine = false
    /// Seconds; set when the order is known.
    var start = 0.0
    var range: ClosedRange<Double> { start...(start + 4) }
  }

  struct Asked: Sendable {
    var probe: Probe
    var question: String
    var truth: Truth
    /// 0...1: where in the stream the answer is, or for an order how far its two lie apart; nil where that is no one place.
    var place: Double?
  }

  enum Truth: Sendable {
    /// The answer holds all of some words and none of others.
    case says([String], not: [String])
    /// These were the moments.
    case happened([ClosedRange<Double>])
    /// Nothing was said of it.
    case unknown
  }

  /// *Source* LongMemEval (the five abilities), M4LE (one span, several, all; by its words or by its meaning).
  enum Probe: String, Sendable, Codable, CaseIterable {
    case extraction, manyEvents = "many events", time, update, abstention
    case oneByWords = "one, by words", oneByMeaning = "one, by meaning", severalByWords = "several, by words"
    case severalByMeaning = "several, by meaning", global
    static let abilities: [Probe] = [.extraction, .manyEvents, .time, .update, .abstention]
    static let spans: [Probe] = [.oneByWords, .oneByMeaning, .severalByWords, .severalByMeaning, .global]
  }

  private(set) var told: [Told] = []
  private(set) var asked: [Asked] = []
  var seconds: Double { 8 * Double(told.count) }

  // MARK: Five abilities

  /// 200 questions, forty for each ability.
  ///
  /// - Parameter numbers: the seed of the values alone: the same talk with other numbers.
  static func abilities(seed: UInt64, numbers: UInt64) -> TalkScript {
    var (random, values) = (SeededNumbers(seed: seed), SeededNumbers(seed: numbers))
    var script = TalkScript()
    var pieces: [Told] = []
    var known: [String: String] = [:]
    for name in TalkCorpus.names {
      for attribute in TalkCorpus.attributes.prefix(4) {
        let value = "\(Int.random(in: 100...999, using: &values))"
        known["\(name) \(attribute)"] = value
        let isLine = Bool.random(using: &random)
        pieces.append(
          Told(text: isLine ? "\(name) \(attribute): \(value)".uppercased() : "The \(attribute) of \(name) is \(value).", isLine: isLine))
      }
    }
    let counts = TalkCorpus.inspected.map { ($0, Int.random(in: 1...4, using: &random)) }
    for (thing, count) in counts { pieces += repeatElement(Told(text: "The \(thing) was inspected today."), count: count) }
    pieces += TalkCorpus.events.map { Told(text: $0.sentence) }
    pieces += (0..<60).map { _ in Told(text: TalkCorpus.filler(&random)) }
    pieces.shuffle(using: &random)
    let prices = script.change(&pieces, &random, &values)
    script.tell(pieces)
    script.ask(known, counts)
    script.askOrder(&random)
    for (thing, values) in prices {
      let (last, before) = (values[values.count - 1], values[values.count - 2])
      script.asked.append(Asked(probe: .update, question: "What is the price of \(thing) now?", truth: .says([last], not: [])))
      script.asked.append(
        Asked(
          probe: .update, question: "What was the price of \(thing) before it was changed to \(last)?", truth: .says([before], not: [])))
    }
    return script
  }

  /// Puts prices that change one to three times at places in their order.
  private func change(_ pieces: inout [Told], _ random: inout SeededNumbers, _ values: inout SeededNumbers) -> [(String, [String])] {
    TalkCorpus.priced.map { thing in
      let count = Int.random(in: 2...4, using: &random)
      var prices: [String] = []
      while prices.count < count {
        let price = "\(Int.random(in: 10...99, using: &values))"
        if !prices.contains(price) { prices.append(price) }
      }
      let places = (0..<count).map { _ in Int.random(in: 0...pieces.count, using: &random) }.sorted()
      for (place, price) in zip(places, prices).reversed() {
        let isLine = Bool.random(using: &random)
        pieces.insert(
          Told(text: isLine ? "\(thing.uppercased()) \(price) EUR" : "The price of \(thing) is \(price) euros.", isLine: isLine), at: place)
      }
      return (thing, prices)
    }
  }

  private mutating func ask(_ known: [String: String], _ counts: [(String, Int)]) {
    for name in TalkCorpus.names {
      for attribute in TalkCorpus.attributes.prefix(4) {
        let value = known["\(name) \(attribute)"] ?? ""
        let place = told.first { $0.text.contains(value) && $0.text.lowercased().contains(name.lowercased()) }.map { $0.start / seconds }
        asked.append(
          Asked(probe: .extraction, question: "What is the \(attribute) of \(name)?", truth: .says([value], not: []), place: place))
      }
      for attribute in TalkCorpus.attributes.suffix(2) {
        asked.append(Asked(probe: .abstention, question: "What is the \(attribute) of \(name)?", truth: .unknown))
      }
    }
    for name in TalkCorpus.strangers {
      for attribute in TalkCorpus.attributes.prefix(4) {
        asked.append(Asked(probe: .abstention, question: "What is the \(attribute) of \(name)?", truth: .unknown))
      }
    }
    for (thing, count) in counts {
      let moments = told.filter { $0.text.contains(" \(thing) ") }.map(\.range)
      asked.append(Asked(probe: .manyEvents, question: "How many times is the \(thing) inspected?", truth: .says(["\(count)"], not: [])))
      asked.append(Asked(probe: .manyEvents, question: "When is the \(thing) inspected?", truth: .happened(moments)))
    }
  }

  private mutating func askOrder(_ random: inout SeededNumbers) {
    let order = told.indices.compactMap { index in TalkCorpus.events.first { $0.sentence == told[index].text }.map { (index, $0.key) } }
    for (index, event) in order.enumerated() {
      let other = order[(index + Int.random(in: 1..<order.count, using: &random)) % order.count]
      let (first, second) = event.0 < other.0 ? (event.1, other.1) : (other.1, event.1)
      let pair = Bool.random(using: &random) ? (first, second) : (second, first)
      asked.append(
        Asked(
          probe: .time, question: "Which is mentioned first, the \(pair.0) or the \(pair.1)?", truth: .says([first], not: [second]),
          place: Double(abs(event.0 - other.0)) / Double(told.count)))
      guard event.0 + 1 < told.count else { continue }
      let next = told[event.0 + 1].text.split(separator: " ").map { $0.trimmingPrefix("The ").trimming() }.max { $0.count < $1.count } ?? ""
      asked.append(
        Asked(probe: .time, question: "What is said right after the \(event.1) is mentioned?", truth: .says([next], not: [])))
    }
  }

  // MARK: By length

  /// Seven questions about two topics mentioned once and one mentioned three times, in a talk of some length.
  static func spans(minutes: Int, seed: UInt64) -> TalkScript {
    var random = SeededNumbers(seed: seed)
    var script = TalkScript()
    let topics = TalkCorpus.topics.shuffled(using: &random).prefix(3)
    var pieces = topics.prefix(2).map { Told(text: $0.sentence) } + repeatElement(Told(text: topics[2].sentence), count: 3)
    // One every eight seconds, and room for what is asked about in any case.
    pieces += (0..<max(3, minutes * 60 / 8 - pieces.count)).map { _ in Told(text: TalkCorpus.filler(&random)) }
    script.tell(pieces.shuffled(using: &random))
    for (index, topic) in topics.enumerated() {
      let moments = script.told.filter { $0.text == topic.sentence }.map(\.range)
      let (words, meaning): (Probe, Probe) = index < 2 ? (.oneByWords, .oneByMeaning) : (.severalByWords, .severalByMeaning)
      script.asked.append(Asked(probe: words, question: "When is the \(topic.key) mentioned?", truth: .happened(moments)))
      script.asked.append(Asked(probe: meaning, question: "When is it about \(topic.meaning)?", truth: .happened(moments)))
      guard index == 2 else { continue }
      script.asked.append(
        Asked(probe: .global, question: "How many times is the \(topic.key) mentioned?", truth: .says(["3"], not: [])))
    }
    return script
  }

  private mutating func tell(_ pieces: [Told]) {
    told = pieces.enumerated().map { index, piece in
      var piece = piece
      piece.start = 8 * Double(index)
      return piece
    }
  }
}

extension Substring {
  /// Without the marks at its end.
  fileprivate func trimming() -> String { String(self).trimmingCharacters(in: .punctuationCharacters) }
}
