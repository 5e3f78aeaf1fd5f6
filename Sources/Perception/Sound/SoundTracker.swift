import Foundation

/// Follows every kind of sound through a stream: a pure value that is told the probabilities of one window after the other.
///
/// What is usual for a kind is an estimate of the median of its log-odds that moves by one step towards every new value: one number a kind,
/// however long the stream, and a loud minute moves it no further than a quiet one. A sound is what stands out from it.
///
/// *Source* the median by steps: Ma, Muthukrishnan and Sandler 2013, "Frugal streaming for estimating quantiles", algorithm 1.
/// *Units* positions are samples at 16 kHz since the start of the stream.
struct SoundTracker: Codable, Equatable {
  struct Event: Codable, Equatable {
    var label: Int
    /// Starts of the first and the last window it was heard in.
    var first: Int
    var last: Int
    /// Its highest probability.
    var peak: Float
  }

  /// Log-odds of a kind that was never heard.
  private static let unheard: Float = -6

  /// Steps that what is usual has moved from `unheard`, a kind each; empty before the first window.
  private var steps: [Int] = []
  /// In order of their labels.
  private var open: [Event] = []

  /// Takes in one window.
  ///
  /// - Parameters:
  ///   - probabilities: *Shape* `[labels]`.
  ///   - reported: whether a label is one to follow. *Shape* `[labels]`.
  ///   - hop: samples from one window to the next.
  /// - Returns: sounds that have ended, in order of their labels.
  mutating func step(_ probabilities: [Float], reported: [Bool], at start: Int, hop: Int, configuration: SoundConfiguration) -> [Event] {
    if steps.count != probabilities.count { steps = [Int](repeating: 0, count: probabilities.count) }
    let stride = configuration.adaptation * Float(hop) / 16_000
    var ended: [Event] = []
    var following: [Event] = []
    var next = 0
    for (label, probability) in probabilities.enumerated() {
      let bounded = min(max(probability, 1e-6), 1 - 1e-6)
      let (odds, usual) = (logf(bounded / (1 - bounded)), Self.unheard + stride * Float(steps[label]))
      steps[label] += odds > usual ? 1 : odds < usual ? -1 : 0
      var sound = next < open.count && open[next].label == label ? open[next] : nil
      if sound != nil { next += 1 }
      let above = odds - usual
      if var known = sound {
        if probability >= max(configuration.onset / 2, configuration.offset * known.peak), above >= configuration.prominence / 2 {
          (known.last, known.peak) = (start, max(known.peak, probability))
          sound = known
        } else if start - known.last > Int(configuration.joinGap * 16_000) {
          ended.append(known)
          sound = nil
        }
      }
      if sound == nil, reported[label], probability >= configuration.onset, above >= configuration.prominence {
        sound = Event(label: label, first: start, last: start, peak: probability)
      }
      if let sound { following.append(sound) }
    }
    open = following
    return ended
  }

  /// Takes in a window in which it was quiet: sounds end by their time, and what is usual stays as it is.
  mutating func pause(at start: Int, configuration: SoundConfiguration) -> [Event] {
    let isOver = { (sound: Event) in start - sound.last > Int(configuration.joinGap * 16_000) }
    defer { open.removeAll(where: isOver) }
    return open.filter(isOver)
  }

  /// Ends every open sound, at the end of the sound or at a hole in it. What is usual stays.
  mutating func finish() -> [Event] {
    defer { open = [] }
    return open
  }
}
