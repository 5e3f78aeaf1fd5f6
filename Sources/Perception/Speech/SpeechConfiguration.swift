/// What the speech stage may be told in a pipeline file. Every value has a default that works.
package struct SpeechConfiguration: Sendable, Codable, Equatable {
  /// A Whisper model of the library, or a folder of the user's own. `whisper-tiny.en` costs half as much and hears English only.
  package var model = "whisper-base"
  package var voiceModel = "silero-vad"
  /// The language spoken, as Whisper names it (`en`); nil finds out, stretch by stretch.
  package var language: String?
  /// Sequences searched side by side, as Whisper's authors do with 5; 1 is greedy, costs a third less and mishears more.
  package var beamSize = 5
  /// Speech begins where its probability reaches this, 0...1 (Silero's own default).
  package var onset: Float = 0.5
  /// Speech ends where its probability stays below this, 0...1 (Silero's own default: 0.15 below the onset).
  package var offset: Float = 0.35
  /// Shorter speech is taken for a click or a cough, seconds.
  package var leastSpeech = 0.25
  /// Silence that ends a stretch of speech, seconds: longer than the pauses inside a word, shorter than those between sentences.
  package var leastSilence = 0.5
  /// Sound kept before and after a stretch, seconds: the beginning of a word is often too soft for the voice detector.
  package var padding = 0.2
  /// Stretches closer than this are written down together, seconds. The model hears 30 s at once at one price, and with more context
  /// it understands better.
  package var joinGap = 2.0
  /// The longest stretch written down at once, seconds; with its padding it must fit the 30 s the model hears.
  package var longest = 28.0
  /// A pause between two words longer than this ends an utterance, seconds.
  package var utteranceGap = 0.8
  /// An utterance below this mean word probability is dropped, 0...1: what the model makes up from noise is seldom above it.
  package var leastConfidence: Float = 0.35

  package init() {}
}
