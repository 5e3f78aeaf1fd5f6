/// A part of answering that a measurement can do without, to see what it is worth. Everything is on otherwise, and no command switches it off.
package enum Part: String, Sendable, CaseIterable {
  // The plan.
  case courtesy, time, order, relation, version, occurrence, exclusion, slot, cues
  case onlySense = "one sense only"
  // What a passage is compared by.
  case meaning, words, rarity
  case wholeQuestion = "the whole question's meaning"
  // What a picture and a sound are compared by.
  case sightNames = "names of sights"
  case soundNames = "names of sounds"
  case smoothing = "mean over time"
  case growth = "grown peaks"
  // One scale.
  case chance
  // What shifts a candidate.
  case strangeNames = "names of others"
  case strangeLines = "lines without a word asked for"
  case strangeValues = "values of other things"
  case unaskedSounds = "sounds nobody asked for"
  case unheardActs = "acts that would be heard"
  case besides = "lines beside sights"
  // The answer.
  case narrowing
  case subjects = "the next subject"
  case numbers = "stated numbers"
  case confidenceBySense = "confidence by sense"
  case everySense = "moments of every sense"
  case faintMoments = "faint moments"

  /// The one that is left out of what is done in this task.
  @TaskLocal package static var without: Part?

  var isOn: Bool { Part.without != self }
}
