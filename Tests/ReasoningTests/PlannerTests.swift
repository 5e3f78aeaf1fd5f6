import Core
import Testing

@testable import Reasoning

@Suite("the planner reads a question")
struct PlannerTests {
  @Test(
    "what kind of answer is wanted",
    arguments: [
      ("When does the ferry dock?", AnswerKind.moment), ("Where in the recording is the accordion?", .moment),
      ("Show me the lobster", .moment),
      ("skip to the bagpipes", .moment), ("a rusty bicycle leaning on a wall", .moment), ("At which point do we see the harbour?", .moment),
      ("which scene has the windmill", .moment), ("I think there was a snail, when was it?", .moment),
      ("Is there a goat somewhere? When?", .moment),
      ("What does the banner say?", .fact), ("Which floor is the cafeteria on?", .fact), ("what is the door code", .fact),
      ("Why was the concert cancelled?", .fact), ("How do they fold the paper?", .fact), ("Who is the author of the book?", .person),
      ("Whose umbrella is it?", .person), ("How much is the soup?", .value), ("How long does the tour take?", .value),
      ("How tall is the tower?", .value), ("How old is the bridge?", .value), ("How many times does the phone ring?", .count),
      ("how often is the flag shown", .count), ("How many apples are in the basket?", .count), ("Does a camel appear?", .yesNo),
      ("Was there a fountain?", .yesNo), ("Can you see a ladder?", .yesNo), ("List the tools that are used", .list),
      ("Summarize the talk", .summary),
      ("Summarize the weather report", .list), ("Give me an overview of the cities", .list), ("all the moments with fireworks", .list),
      ("What are the three main ingredients?", .list), ("Did the parade come before or after the speech?", .order),
      ("Which is shown first, the tent or the canoe?", .order), ("What came earlier: the quiz or the weather?", .order),
      ("Until when is the museum open?", .value),
    ])
  func kinds(question: String, kind: AnswerKind) {
    #expect(Planner.plan(question).kind == kind)
  }

  @Test(
    "what a thing does is the verb at the end of the question",
    arguments: [
      ("When does the bottle explode?", "explode"), ("when did the big dog bark", "bark"), ("When do we see the bell?", nil),
      ("When does the bell appear?", nil), ("When is the dog barking?", nil), ("When does it snow?", nil),
    ])
  func acts(question: String, act: String?) {
    #expect(Planner.plan(question).act == act)
  }

  @Test(
    "framing is cut off and the topic stays",
    arguments: [
      ("When does the old windmill show up?", "old windmill"), ("Find the part where you can see a lobster", "lobster"),
      ("Show me the accordion", "accordion"), ("at what point is there a canoe on screen", "canoe"),
      ("jump to the fireworks", "fireworks"), ("Is there a goat anywhere? When?", "goat"), ("which part has umbrellas in it", "umbrellas"),
      ("I remember a snowman, when was that?", "snowman"), ("When do we get to see the harbour?", "harbour"),
      ("children building a sand castle on the beach", "children building a sand castle on the beach"),
      ("When can you hear church organs?", "church organs"), ("find where they say the bridge is closed", "bridge is closed"),
      ("When does the talk switch to astronomy?", "astronomy"), ("when did the goat turn to the left", "goat turn to the left"),
      ("somebody talks about the price of salt", "price of salt"),
    ])
  func topics(question: String, topic: String) {
    #expect(Planner.plan(question).topic.phrase == topic)
  }

  @Test(
    "what is said around a question changes nothing",
    arguments: [
      ("Can you tell me: is there a goat?", "is there a goat?"), ("tell me when does the goat appear", "when does the goat appear"),
      ("Do you know which gate it is?", "which gate it is?"), ("where is the key hidden, please", "where is the key hidden"),
      ("Tell me the final score", "what is the final score"), ("I would like to know how long it is", "how long it is"),
      ("tell me about the goat", "tell me about the goat"), ("Tell me the part with the goat", "Tell me the part with the goat"),
      ("please", "please"), ("tell me", "tell me"), ("Please show me the goat", "show me the goat"),
    ])
  func courtesy(question: String, itself: String) {
    #expect(Planner.plan(question).text == itself)
  }

  @Test("two things are compared whatever the wording")
  func order() {
    let before = Planner.plan("Did the brass band play before or after the fireworks?")
    #expect(before.orderForm == .beforeOrAfter)
    #expect(before.alternatives.map(\.phrase) == ["brass band", "fireworks"])
    let first = Planner.plan("Which comes first, the canoe or the tent?")
    #expect(first.orderForm == .whichFirst)
    #expect(first.alternatives.map(\.phrase) == ["canoe", "tent"])
    let last = Planner.plan("What is shown later: the windmill or the barn?")
    #expect(last.orderForm == .whichLast)
    #expect(last.alternatives.map(\.phrase) == ["windmill", "barn"])
    #expect(Planner.plan("Is the barn or the windmill shown first?").alternatives.map(\.phrase) == ["barn", "windmill"])
  }

  @Test(
    "an anchor is found with its relation",
    arguments: [
      ("What is shown right after the parade?", QuestionPlan.Relation.Kind.after, "parade"),
      ("What comes just before the windmill?", .before, "windmill"), ("What follows the weather report?", .after, "weather report"),
      ("What was visible while the choir sang?", .during, "choir sang"), ("What do we see during the speech?", .during, "speech"),
      ("After the canoe, what is shown?", .after, "canoe"),
      ("What is on screen when the price is announced?", .during, "price is announced"),
      ("What precedes the interview?", .before, "interview"),
    ])
  func relations(question: String, kind: QuestionPlan.Relation.Kind, anchor: String) {
    let plan = Planner.plan(question)
    #expect(plan.relation == .init(kind, [.init(phrase: anchor)]))
    #expect(plan.asksWhatIsThere)
  }

  @Test("a question beside an anchor keeps its own topic")
  func relationWithTopic() {
    let plan = Planner.plan("Which price was displayed after the concert?")
    #expect(plan.relation?.kind == .after)
    #expect(plan.topic.stems.contains(Stem.of("price")))
    let between = Planner.plan("What happened between the parade and the concert: which number was shown?")
    #expect(between.relation?.kind == .between)
    #expect(between.relation?.anchors.map(\.phrase) == ["parade", "concert"])
  }

  @Test("times on the stream's clock become constraints and leave the topic")
  func times() {
    #expect(Planner.plan("Is there a dog after 3:20?").time == TimeConstraint(from: 200, isClock: true))
    #expect(Planner.plan("What is said between 2:00 and 3:00?").time == TimeConstraint(from: 120, to: 180, isClock: true))
    #expect(Planner.plan("Show me birds in the first two minutes").time == TimeConstraint(to: 120))
    #expect(Planner.plan("who speaks in the last 30 seconds").time == TimeConstraint(from: 30, countsFromEnd: true))
    #expect(Planner.plan("What happened 5 minutes ago?").time == TimeConstraint(from: 330, to: 270, countsFromQuestion: true))
    #expect(Planner.plan("Show me birds in the first two minutes").topic.phrase == "birds")
    #expect(Planner.plan("What happened at 14:05?").clockText == "14:05")
    #expect(Planner.plan("When does it rain before 1:02:03?").time == TimeConstraint(to: 3723))
  }

  @Test("first, last and numbered occurrences are told from the topic")
  func occurrences() {
    #expect(Planner.plan("When does the goat appear for the last time?").occurrence == .last)
    #expect(Planner.plan("When do we first see the first windmill?").occurrence == .first)
    #expect(Planner.plan("When does the second train pass?").occurrence == .number(2))
    #expect(Planner.plan("When does the second train pass?").topic.phrase.contains("train"))
  }

  @Test("values that replaced one another are told apart")
  func versions() {
    #expect(Planner.plan("How much is the soup now?").version == .latest)
    #expect(Planner.plan("What was the gate originally?").version == .earliest)
    #expect(Planner.plan("Which gate was announced first?").version == .earliest)
    #expect(Planner.plan("Which gate was it before it was changed to 12?").version == .preceding(.init(phrase: "12")))
    #expect(Planner.plan("What did the soup cost at first?").version == .earliest)
    #expect(Planner.plan("When does the goat appear?").version == nil)
  }

  @Test("cues favour a sense, and only plain words rule the others out")
  func senses() throws {
    let read = Planner.plan("What does the sign at the gate say?")
    #expect(try #require(read.senses[.text]) > read.senses[.speech] ?? 0)
    #expect(read.onlySense == nil)
    #expect(Planner.plan("When does the narrator mention the harvest?").onlySense == .speech)
    #expect(Planner.plan("What is too expensive, according to the speaker?").onlySense == .speech)
    let heard = Planner.plan("When can you hear a siren?")
    #expect(try #require(heard.senses[.sound]) > 1)
    let seen = Planner.plan("When does a camel appear on screen?")
    #expect(try #require(seen.senses[.vision]) > seen.senses[.speech] ?? 0)
  }

  @Test("what the answer must hold is known")
  func slots() {
    #expect(Planner.plan("How much is a ticket?").slot == .price)
    #expect(Planner.plan("How long is the tunnel closed?").slot == .duration)
    #expect(Planner.plan("On which day is the market?").slot == .weekday)
    #expect(Planner.plan("What date is on the letter?").slot == .date)
    #expect(Planner.plan("Which platform does the tram use?").slot == .identifier(Stem.of("platform")))
    #expect(Planner.plan("Who is the mayor?").slot == .person)
  }

  @Test("what is excluded is not looked for")
  func exclusions() {
    let plan = Planner.plan("Show me animals other than dogs")
    #expect(plan.topic.phrase == "animals")
    #expect(plan.excluded.map(\.phrase) == ["dogs"])
    #expect(Planner.plan("a boat without sails").excluded.map(\.phrase) == ["sails"])
  }

  @Test(
    "a question about the recording as a whole is told from one about a thing in it",
    arguments: [
      ("How long is the film?", QuestionPlan.Whole.length), ("What is the duration of this video?", .length),
      ("how long does the recording last", .length), ("Which videos are in this memory?", .streams),
      ("What happens in the video?", .everything(nil)), ("What is this clip about?", .everything(nil)),
      ("Give me a summary", .everything(nil)), ("What are the three main topics of this talk?", .everything(nil)),
      ("What was said?", .everything(.speech)), ("what do they talk about", .everything(.speech)),
      ("What is said at 2:00?", .everything(.speech)), ("What is written on the sign?", .everything(.text)),
      ("What does the sign say?", .everything(.text)), ("What can you hear?", .everything(.sound)),
    ])
  func wholes(question: String, whole: QuestionPlan.Whole) {
    #expect(Planner.plan(question).whole == whole)
  }

  @Test(
    "a question about one thing is not taken for one about everything",
    arguments: [
      "How long is the bridge?", "What was said about the harbour?", "What does the sign say about dogs?", "What happened to the goat?",
      "When do they speak?", "Summarise the weather report", "What is the number on the sign?", "What is shown right after the canoe?",
      "Is there music?", "Show me the sign", "What is the first thing that is shown?",
    ])
  func notWholes(question: String) { #expect(Planner.plan(question).whole == nil) }

  @Test("a question that goes on from the one before is told from one that stands alone")
  func back() {
    #expect(Planner.plan("What happens after that?").refersBack == .after)
    #expect(Planner.plan("and then?").refersBack == .after)
    #expect(Planner.plan("What did they say before that?").refersBack == .before)
    for alone in ["What is shown after the canoe?", "What happens before it closes?", "When is the next train?", "Show me the windmill"] {
      #expect(Planner.plan(alone).refersBack == nil, "\(alone)")
    }
    #expect(Planner.plan("When was it?").namesNothing && !Planner.plan("When was it raining?").namesNothing)
  }

  @Test("every question says how it was understood")
  func explained() {
    let plan = Planner.plan("Which price was displayed after 3:20?")
    #expect(plan.understood.contains { $0.hasPrefix("wanted:") })
    #expect(plan.understood.contains { $0.hasPrefix("time:") })
  }

  @Test("no text breaks the planner", arguments: hostileTexts)
  func hostile(text: String) {
    let plan = Planner.plan(text)
    #expect(plan.text.count <= Planner.longestQuestion)
    _ = QuestionGate.asksSomething(text)
  }

  @Test("what asks nothing is told from what does")
  func gate() {
    for filler in ["", "   ", "ok…", "hmm", "Thanks!", "yes", "...", "👍", "well, okay then"] {
      #expect(!QuestionGate.asksSomething(filler))
    }
    for question in ["windmill", "who?? when was it", "show me the goat", "what is this?", "harbour at night"] {
      #expect(QuestionGate.asksSomething(question))
    }
  }

  @Test(
    "a question in another language is known for one, a foreign name in an English one is not",
    arguments: [
      ("¿Cuándo aparece un perro en el video?", true), ("Wann ist der Hund zu sehen?", true), ("Où est le chat dans la vidéo ?", true),
      ("Quando si vede il gatto nella casa?", true), ("When does El Camino de los Santos appear?", false), ("a dog in the snow", false),
      ("where is Les Halles", false), ("Los Angeles", false),
    ])
  func foreign(text: String, expected: Bool) { #expect(Planner.plan(text).isForeign == expected) }
}

/// Texts that have broken parsers: empty, endless, control characters, query syntax, emoji, unbalanced scripts.
let hostileTexts: [String] = [
  "", " ", "?", "\u{0}\u{1}\u{7f}", String(repeating: "a", count: 100_000), String(repeating: "when ", count: 20_000), "\" OR 1=1 --",
  "NEAR(a b)",
  "*", "a* AND (b OR NOT c)", "text:foo ^bar", "👩‍👩‍👧‍👦 🦆🦆🦆 when?", "before or after", "after", "between and", "before or after the", "or first",
  "at 99:99", "in the last", "5 minutes ago", "the first", "مرحبا متى", "e\u{301}\u{301}\u{301}", "not", "other than", "how",
  "who who who who",
  "which comes first", "What is between", ",,,,::::", "99999999999999999999999999 minutes ago", "at 14:05:", "(((((((",
]
