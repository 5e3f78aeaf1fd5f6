/// General English that a question's key is read with. Data only.
extension QuestionKey {
  private static func set(_ words: String) -> Set<String> { Set(words.split(whereSeparator: \.isWhitespace).map(String.init)) }

  static let asks: [String: Wanted] = [
    "when": .moment, "where": .place, "who": .person, "whose": .person, "whom": .person, "name": .person, "price": .price, "prices": .price,
    "cost": .price, "costs": .price, "fee": .price, "charge": .price, "charged": .price, "pay": .price, "priced": .price,
    "weekday": .day, "day": .day, "date": .day, "time": .clock, "location": .place, "hours": .moment, "called": .person, "named": .person,
  ]
  static let pairs: [String: [String: Wanted]] = [
    "how": [
      "much": .price, "many": .count, "long": .duration, "expensive": .price, "late": .clock, "early": .clock,
    ],
    "what": ["time": .clock, "day": .day, "date": .day, "hour": .clock, "weekday": .day],
    "which": ["time": .clock, "day": .day, "date": .day, "weekday": .day, "person": .person],
    "opening": ["hours": .moment, "times": .moment],
  ]

  /// Nouns that say where.
  static let places: Set<String> = Set(
    set("platform gate room hall track terminal pier dock floor building street road square stop exit bay lane house office").map {
      Stem.of($0)
    })

  /// Verbs that a question about the same can do without; two different ones still ask different things.
  static let weak: Set<String> = Set(
    set("leave arrive sell serve use keep stay belong stand sit give offer call go come get charge work wait stop").map { Stem.of($0) })

  static let denials = set("not never without isnt arent wasnt werent dont doesnt didnt cant wont no none")
  static let directions = set("from to into onto towards before after until since under over against off out via behind above below")

  /// What frames a question politely or vaguely, and verbs that only say that something is.
  static let politeness = set(
    """
    remind wonder wondering question tell current currently now today presently correct correctly right true exact exactly please help
    held hold happen happens scheduled planned set due take takes taking place find found possible sure believe guess think idea according
    recording video memory be named called new latest
    """)

  /// Words that ask for the same thing, by the stem they share here.
  static let names: [String: String] = {
    let groups = [
      "leave depart departure go goes", "arrive arrival", "buy purchase", "own owner proprietor runs run", "close shut closing",
      "phone telephone",
      "talk lecture presentation speech", "speaker lecturer presenter", "finish end", "picture photo photograph image",
      "teach teacher instructor",
      "shop store", "open opening opens", "film movie", "lead leader leads", "win winner won", "write author wrote",
      "manage manager manages",
      "password passcode", "begin start", "size big large", "hide hidden", "locate located situated", "live reside", "doctor dr",
    ]
    var table: [String: String] = [:]
    for group in groups {
      let stems = group.split(separator: " ").map { Stem.of(String($0)) }
      for stem in stems { table[stem] = stems[0] }
    }
    for (short, longs) in Vocabulary.shortForms where longs.count == 1 { table[Stem.of(short)] = table[longs[0]] ?? longs[0] }
    return table
  }()
}
