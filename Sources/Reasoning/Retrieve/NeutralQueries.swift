/// Sixty-four things that have nothing in common and little to do with any one recording. What they score in a memory is what chance
/// scores there; `Chance` measures it.
enum NeutralQueries {
  /// How a thing is put when pictures are compared with it.
  static func wordings(of phrase: String) -> [String] { ["a photo of \(phrase)", phrase] }

  /// Every text whose vector is needed.
  static var texts: [String] { all.flatMap(wordings) }

  static let all = [
    "a plate of spaghetti", "the opening bell of the stock exchange", "a wedding in a church", "someone assembling furniture",
    "a map of the railway network", "a swimming race", "the history of the Roman empire", "a court hearing", "snow on a mountain hut",
    "a keyboard and a monitor", "a baby in a cradle", "an exam in mathematics", "a fashion show", "a broken window",
    "a visit to the dentist",
    "a row of bicycles", "the price of gold", "a traffic jam", "a political debate", "a football stadium", "an elevator door",
    "a cactus in a pot", "fishing at dawn", "a dancer on a stage", "a bowl of soup", "a chemistry experiment", "an airport lounge",
    "a campfire in the woods", "a birthday party", "a game of chess", "someone painting a wall", "a caravan in the desert",
    "an old family photograph", "a hospital corridor", "a lost suitcase", "a pair of shoes", "a science fiction novel", "a garden hose",
    "a parade with flags", "a crying child", "a wrong number", "a computer virus", "a tax return", "a haircut", "a flock of sheep",
    "a subway station", "an empty parking lot", "a loaf of bread", "the speed of light", "a robot arm", "a piano lesson", "a bank robbery",
    "a street market", "an erupting volcano", "a glass of wine", "a tennis match", "a job interview", "a washing machine",
    "a polar expedition", "a quiet library", "a leaking roof", "the population of Brazil", "a steep staircase", "a love letter",
  ]
}
