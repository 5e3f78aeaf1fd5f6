/// What the sound stage may be told in a pipeline file. Every value has a default that works.
package struct SoundConfiguration: Sendable, Codable, Equatable {
  /// A YAMNet of the library, or a folder with one and its `labels.json`.
  package var model = "yamnet"
  /// The model whose space names of sounds and questions meet in; without it sounds are found by their names only.
  package var sentenceModel = SentenceStage.defaultModel
  /// Sound quieter than this is silence, decibels below full scale (mean square of a second). YAMNet names the hiss of a pause otherwise.
  package var leastLevel: Float = -50
  /// A sound begins where its probability reaches this, 0...1. Low, because speech and music that are louder keep others down: a bark under
  /// music comes out at 0.1, sawing beside a dog that pants at 0.02. What stays below `SoundEvent.clear` is remembered as a guess.
  package var onset: Float = 0.02
  /// … and its log-odds are this much above what is usual for its kind in this stream.
  package var prominence: Float = 2
  /// A sound ends where its probability stays below this share of its highest, 0...1.
  package var offset: Float = 0.2
  /// A sound that comes back within this time is the same one, seconds.
  package var joinGap = 1.0
  /// How fast what is usual follows, log-odds per second: music that goes on is background after some three minutes.
  package var adaptation: Float = 0.04

  package init() {}
}
