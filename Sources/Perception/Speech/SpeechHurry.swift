/// How much there is to do besides: what makes a speech stage write more at once, or search less.
package struct SpeechHurry: Sendable, Equatable {
  /// Seconds of sound that wait to be heard.
  package var waiting = 0.0
  /// The likeliest word each time and no second try, instead of a wide search.
  package var isGreedy = false

  package init(waiting: Double = 0, isGreedy: Bool = false) {
    self.waiting = waiting
    self.isGreedy = isGreedy
  }

  /// With more than this waiting, what is said close together is written down at once: one run of the model costs the same for two seconds
  /// and for seven.
  private static let patience = 3.0

  /// The settings to cut speech by.
  ///
  /// - Parameters:
  ///   - prompt: what writes down soon.
  ///   - thrifty: what runs the model least often.
  func chosen(prompt: SpeechConfiguration, thrifty: SpeechConfiguration) -> SpeechConfiguration {
    waiting > Self.patience ? thrifty : prompt
  }
}
