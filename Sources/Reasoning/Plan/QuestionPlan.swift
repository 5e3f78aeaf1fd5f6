import Core

/// What a question asks, as far as its words tell: a pure value, made from the text alone.
package struct QuestionPlan: Sendable, Equatable {
  package var kind: AnswerKind
  /// The whole question, cleaned.
  package var text: String
  /// What is asked about.
  package var topic: Topic
  /// The two things whose order is asked for, or of which one is the case, in the order in which they were named.
  package var alternatives: [Topic] = []
  /// Of "is the bus red or blue" what both alternatives are about; nil when nothing is to be chosen.
  package var choice: Topic?
  package var orderForm: OrderForm?
  /// Where to look, relative to something else.
  package var relation: Relation?
  /// Where to look, relative to the answer before this question.
  package var refersBack: Relation.Kind?
  /// Whether nothing to look for is named.
  package var namesNothing = false
  /// How much each sense is favoured; 0 is indifferent.
  package var senses: [Modality: Double] = [:]
  /// The one sense that was asked for in so many words.
  package var onlySense: Modality?
  /// Whether nothing that was seen or read can answer: "when do you hear the crash" is no crash helmet.
  package var isHeard = false
  package var time: TimeConstraint?
  /// A stretch of a day by the clock on the wall, "yesterday evening".
  package var wall: WallTime?
  /// A clock time as it would stand in a picture, "14:05".
  package var clockText: String?
  package var occurrence: Occurrence?
  package var version: Version?
  package var slot: Slot?
  /// Whether what is shown at a place is asked for, rather than a thing by its name: "what is on screen when…".
  package var asksWhatIsThere = false
  /// Whether what is told is asked for by its subject and not by its words: "when is it about the weather".
  package var asksForSubject = false
  /// Of "when does the bottle explode" what the thing does; nil when nothing is said to be done.
  package var act: String?
  /// Of "the locker number of Ada" and "Ada's locker number" the stems of what she has.
  package var belonging: [String]?
  /// Set when the recording as a whole is asked about, and no thing in it.
  package var whole: Whole?
  /// Set when plain facts about the picture are asked for.
  package var look: LookQuestion?
  package var excluded: [Topic] = []
  /// Whether it is asked when, or of what, something is not so: "when is the cat not visible".
  package var isDenied = false
  /// How the question was understood, one short line each.
  package var understood: [String] = []

  /// Whether it is in a language whose grammar and meaning are not known: then its words are looked for as they stand, and nothing else.
  var isForeign: Bool { Vocabulary.isForeign(Token.words(of: text)) }

  var asksHowMany: Bool { Token.words(of: text).contains { $0.text == "many" } }

  /// Whether people are asked for by no more than being people.
  var isAboutPeople: Bool { Token.words(of: topic.phrase).contains { Vocabulary.people.contains($0.text) } }

  /// Whether the question says by which sense it is to be answered.
  var asksBySense: Bool { onlySense != nil || (senses.values.max() ?? 0) >= 1 }

  /// Words to look for.
  package struct Topic: Sendable, Equatable {
    /// The words in order, without framing.
    package var phrase: String
    /// The stems of the words that carry meaning.
    package var stems: [String]

    package init(phrase: String) {
      self.phrase = phrase
      var seen: Set<String> = []
      stems = Token.words(of: phrase).filter { !Vocabulary.stop.contains($0.text) || $0.hasDigit }.map(\.stem).filter {
        seen.insert($0).inserted
      }
    }

    package var isEmpty: Bool { stems.isEmpty }
  }

  /// What is asked of a recording as a whole: how long it is, which recordings there are, how many shots it has, or everything of one sense
  /// (of all with nil).
  package enum Whole: Sendable, Equatable { case length, streams, shots, everything(Modality?) }

  package enum OrderForm: String, Sendable { case beforeOrAfter, whichFirst, whichLast }

  package struct Relation: Sendable, Equatable {
    package var kind: Kind
    package var anchors: [Topic]
    package enum Kind: String, Sendable { case after, before, during, between, beside }

    package init(_ kind: Kind, _ anchors: [Topic]) {
      self.kind = kind
      self.anchors = anchors
    }
  }

  /// Which of several occurrences is meant.
  package enum Occurrence: Sendable, Equatable { case first, last, number(Int) }

  /// Which of several values that followed one another is meant.
  package enum Version: Sendable, Equatable {
    case latest, earliest
    /// The one that was replaced; by which value, when the question says.
    case preceding(Topic)
  }

  /// What the answer has to hold.
  package enum Slot: Sendable, Equatable {
    /// A number or code that belongs to a noun: "platform 5", "gate B12". The noun may be empty.
    case identifier(String)
    case price, duration, clock, date, weekday, person, quantity
  }
}
