/// The words that made-up talks are put together from. No word that is asked for occurs in what fills the time between.
enum TalkCorpus {
  static let names = ["Ada", "Boris", "Clara", "Dmitri", "Elena", "Felix", "Greta", "Hugo", "Ines", "Jonas"]
  /// Nobody is told anything about these.
  static let strangers = ["Karla", "Leo", "Mira", "Nils", "Olga"]
  /// Everybody has the first four.
  static let attributes = ["locker number", "badge number", "desk number", "phone extension", "shoe size", "parking space"]

  static let inspected = [
    "boiler", "chimney", "drawbridge", "elevator", "fountain", "greenhouse", "hydrant", "incubator", "ladder", "mailbox", "organ", "pump",
    "quarry", "reservoir", "sundial", "turbine", "viaduct", "windmill", "aquarium", "furnace",
  ]
  static let priced = [
    "almonds", "barley", "cedar oil", "dates", "eggplant", "figs", "ginger", "honey", "indigo", "jasmine", "kale", "lemons", "mustard",
    "nutmeg", "olives", "pepper", "quinces", "raisins", "saffron", "thyme",
  ]
  static let events: [(key: String, sentence: String)] = [
    ("lighthouse", "They painted the lighthouse white."), ("violin", "She tuned the violin for an hour."),
    ("glacier", "The glacier broke into the lake."), ("beehive", "A swarm left the beehive."),
    ("tractor", "The tractor got stuck in the mud."),
    ("comet", "A comet crossed the evening sky."), ("pancake", "He burned the pancake."), ("anchor", "The sailors lifted the anchor."),
    ("puppet", "The puppet lost an arm."), ("volcano", "The volcano went quiet again."), ("compass", "The compass pointed the wrong way."),
    ("hammock", "We hung the hammock between two trees."), ("trumpet", "The trumpet was sold at an auction."),
    ("cactus", "The cactus flowered overnight."), ("igloo", "They built an igloo in the yard."), ("kayak", "The kayak drifted out to sea."),
    ("wardrobe", "The wardrobe did not fit through the door."), ("squirrel", "A squirrel stole the nuts."),
    ("telescope", "The telescope needs a new mirror."), ("umbrella", "The wind broke the umbrella."),
  ]

  /// What is talked about, and what it is called by somebody who does not know the words that were used.
  static let topics: [(key: String, sentence: String, meaning: String)] = [
    ("goats", "The goats are fed at the farm gate.", "animals getting something to eat"),
    ("bridge", "The bridge will be closed for repairs.", "not being able to cross the river"),
    ("thunderstorm", "A thunderstorm is coming this evening.", "bad weather"),
    ("surgeon", "The surgeon operated on the patient's knee.", "medical treatment"),
    ("orchestra", "The orchestra rehearses a new symphony.", "classical music"),
    ("parliament", "The parliament passed the budget.", "politics"),
    ("striker", "The striker scored in the last minute.", "a football match"),
    ("rocket", "The rocket lifted off from the launch pad.", "travelling to space"),
    ("bakery", "The bakery sells fresh rye rolls.", "buying bread"), ("thief", "The thief broke a window and fled.", "a crime"),
    ("professor", "The professor published a paper on enzymes.", "scientific research"),
    ("bank", "The bank raised its interest rates.", "loans and savings"),
  ]

  /// Things that are listed.
  static let nouns = [
    "apron", "bucket", "candle", "drum", "easel", "flute", "glove", "helmet", "ink", "jug", "kettle", "lamp", "mirror", "needle", "oar",
    "pillow",
    "quilt", "rope", "soap", "tent", "vase", "whistle", "yarn", "zipper",
  ]

  /// What is said between what matters.
  static func filler(_ random: inout SeededNumbers) -> String {
    func pick(_ words: String) -> Substring { words.split(separator: "|").randomElement(using: &random) ?? "" }
    let person = pick("my cousin|the visitor|a neighbour|the new colleague|her uncle|one of us")
    let deed = pick("folded|carried|moved|counted|washed|looked for|put away|gave back")
    let thing = pick("the green boxes|some old letters|the wooden chairs|a few towels|the empty bottles|those blankets")
    let place = pick("near the window|behind the stairs|in the corridor|after lunch|before noon|on the balcony|without a word|very slowly")
    return "\(person.prefix(1).uppercased())\(person.dropFirst()) \(deed) \(thing) \(place)."
  }
}
