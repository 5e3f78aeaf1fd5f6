/// A part of answering that a measurement can do without, to see what it is worth. Everything is on otherwise, and no command switches it off.
package enum Part: String, Sendable, CaseIterable {
  // The plan.
  case time, order, relation, version, occurrence, exclusion, slot, cues, onlySense = "one sense only"
  // What a passage is compared by.
  case meaning, wholeQuestion = "the whole question's meaning", words, rarity, signs = "lines beside lines"
  // What a picture and a sound are compared by.
  case sightNames = "names of sights", soundNames = "names of sounds", smoothing = "mean over time", growth = "grown peaks"
  // One scale.
  case chance, confidence
  // What shifts a candidate.
  case strangeNames = "names a line lacks", strangeLines = "lines without a word asked for", strangeValues = "values of other things"
  case permanence, unaskedSounds = "sounds nobody asked for", unnamableSights = "sights of what is only heard", besides = "lines beside sights"
  // The answer.
  case narrowing, subjects = "the next subject", numbers = "stated numbers", faint = "faint occurrences"

  /// The one that is left out of what is done in this task.
  @TaskLocal package static var without: Part?

  var isOn: Bool { Part.without != self }
}
