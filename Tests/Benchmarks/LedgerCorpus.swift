/// What the ledger's benchmark says of made-up houses: {E} stands for the house, {V} for a value.
enum LedgerCorpus {
  struct Matter {
    var question: String
    var sentence: String
    /// Other wordings of the question, written before the router's word lists were looked at.
    var wordings: [String] = []
  }

  static let houses = [
    "the Harbour Museum", "the Linden Theatre", "the Old Mill", "the Castle Library", "the North Station Hotel", "the Botanical Garden",
    "the Town Archive", "the Riverside Cinema", "the Bell Tower", "the Fishermen's Hall",
  ]

  static let corrected = [
    Matter(
      question: "How much is an adult ticket for {E}?", sentence: "An adult ticket for {E} costs {V} euros.",
      wordings: [
        "What does an adult ticket for {E} cost?", "What is the price of an adult ticket for {E}?",
        "What do I pay for an adult ticket at {E}?",
        "How expensive is an adult ticket for {E}?", "Adult ticket for {E}: how much?",
      ]),
    Matter(
      question: "When does {E} open?", sentence: "{E} opens at {V} in the morning.",
      wordings: [
        "At what time does {E} open?", "What are the opening hours of {E}?", "What time is {E} open from?", "When is {E} opening?",
        "Tell me when {E} opens.",
      ]),
    Matter(
      question: "Who is the director of {E}?", sentence: "The director of {E} is Doctor {V}.",
      wordings: [
        "Who directs {E}?", "What is the name of the director of {E}?", "Which person is the director of {E}?", "Who is in charge of {E}?",
        "Do you know who the director of {E} is?",
      ]),
    Matter(
      question: "What is the phone number of {E}?", sentence: "The phone number of {E} is {V}.",
      wordings: [
        "What is the telephone number of {E}?", "Which number do I call for {E}?", "What is the number of the phone at {E}?",
        "Can you give me the phone number of {E}?", "How can I call {E}?",
      ]),
    Matter(
      question: "In which year was {E} founded?", sentence: "{E} was founded in the year {V}.",
      wordings: [
        "When was {E} founded?", "What year was {E} founded in?", "What is the founding year of {E}?", "Since when does {E} exist?",
        "When was {E} established?",
      ]),
    Matter(
      question: "On which street is {E}?", sentence: "You find {E} on {V} street.",
      wordings: [
        "What street is {E} on?", "Where is {E}?", "What is the street of {E}?", "Which street is {E} located on?",
        "What is the address of {E}?",
      ]),
    Matter(
      question: "How many rooms does {E} have?", sentence: "{E} has {V} rooms for visitors.",
      wordings: [
        "How many rooms are there in {E}?", "What is the number of rooms in {E}?", "{E} has how many rooms?",
        "How many rooms can {E} offer?",
        "Count the rooms of {E}.",
      ]),
    Matter(
      question: "Who was the architect of {E}?", sentence: "The architect of {E} was {V}.",
      wordings: [
        "Which architect built {E}?", "Who designed {E}?", "What was the name of the architect of {E}?", "Who is the architect of {E}?",
        "Do you remember the architect of {E}?",
      ]),
    Matter(
      question: "Which bus goes to {E}?", sentence: "Bus {V} goes to {E}.",
      wordings: [
        "What bus goes to {E}?", "Which bus do I take to {E}?", "Which bus line goes to {E}?", "What is the bus to {E}?",
        "By which bus do I get to {E}?",
      ]),
    Matter(
      question: "What is the wifi password of {E}?", sentence: "The wifi password of {E} is {V}.",
      wordings: [
        "What is the password for the wifi at {E}?", "Which wifi password does {E} have?", "How do I get into the wifi of {E}?",
        "Tell me the wifi password at {E}.", "What's the wifi password of {E}?",
      ]),
  ]

  /// Never corrected.
  static let others = [
    Matter(question: "How much is a child's ticket for {E}?", sentence: "A child's ticket for {E} costs {V} euros."),
    Matter(question: "When does {E} close?", sentence: "{E} closes at {V} in the evening."),
    Matter(question: "On which day is {E} closed?", sentence: "{E} is closed on {V}."),
    Matter(question: "What is the café in {E} called?", sentence: "The café in {E} is called {V}."),
    Matter(question: "How much is parking at {E}?", sentence: "Parking at {E} costs {V} euros a day."),
    Matter(question: "Who guides the tour of {E}?", sentence: "The tour of {E} is guided by {V}."),
    Matter(question: "How long does the tour of {E} take?", sentence: "The tour of {E} takes {V} minutes."),
    Matter(question: "On which floor is the library of {E}?", sentence: "The library of {E} is on floor {V}."),
    Matter(question: "How many visitors does {E} have in a year?", sentence: "{E} has {V} thousand visitors in a year."),
    Matter(question: "Which exhibition is shown in {E}?", sentence: "The exhibition in {E} is about {V}."),
    Matter(question: "Who manages the shop of {E}?", sentence: "The shop of {E} is managed by {V}."),
    Matter(question: "Who painted the oldest picture in {E}?", sentence: "The oldest picture in {E} was painted by {V}."),
    Matter(question: "What colour is the front of {E}?", sentence: "The front of {E} is painted {V}."),
    Matter(question: "Which tram stops at {E}?", sentence: "Tram {V} stops at {E}."),
    Matter(question: "How much is the deposit for a locker in {E}?", sentence: "The deposit for a locker in {E} is {V} euros."),
    Matter(question: "On which day is the concert in {E}?", sentence: "The concert in {E} is on {V}."),
    Matter(question: "How high is the ceiling of {E}?", sentence: "The ceiling of {E} is {V} metres high."),
    Matter(question: "What is the cat of {E} called?", sentence: "The cat of {E} is called {V}."),
    Matter(question: "Who pays for the roof of {E}?", sentence: "The new roof of {E} is paid for by {V}."),
    Matter(question: "How many chairs are there in the hall of {E}?", sentence: "There are {V} chairs in the hall of {E}."),
  ]

  /// Things whose value changes, {K} being the thing: how it is read or said, and how it is asked for.
  static let changing: [(say: String, isLine: Bool, ask: String)] = [
    ("{K} {V} EUR", true, "the price of {K}"), ("TRAIN TO {K} PLATFORM {V}", true, "the platform of the train to {K}"),
    ("{K} GATE {V}", true, "the gate of {K}"), ("The next visit to {K} is in week {V}.", false, "the week of the visit to {K}"),
    ("The code for {K} is {V}.", false, "the code for {K}"), ("{K}: {V}", true, "the value of {K}"),
  ]
  static let things = ["Almond", "Bergen", "Cedar", "Delft", "Ember", "Fjord", "Granite", "Hazel"]
}
