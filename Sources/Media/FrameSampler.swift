/// Which frames are sampled, by their timestamps alone.
///
/// *Rule* samples are due at 0, 1/r, 2/r, … seconds. Each is the first frame whose time is not before the due time (1 µs of rounding
/// allowed); one frame answers for every due time up to its own, so that where frames are rarer than samples each is taken once.
struct FrameSampler {
  let perSecond: Double
  /// Nanoseconds of the earliest due time not answered yet.
  private(set) var due: Int64 = 0
  private var last = Int64.min

  static let tolerance: Int64 = 1000

  /// A rate beyond 10,000 takes every frame; the lowest is one sample in eleven days.
  ///
  /// - Precondition: `perSecond` is above zero.
  init(perSecond: Double) {
    precondition(perSecond > 0, "frames cannot be sampled \(perSecond) times a second")
    self.perSecond = perSecond > 10_000 ? .infinity : max(perSecond, 1e-6)
  }

  /// Whether the frame at this time is a sample. To be asked in order of presentation.
  mutating func takes(_ time: Int64) -> Bool {
    guard time > last, time >= due - Self.tolerance else { return false }
    last = time
    due = self.due(after: time)
    return true
  }

  /// Forgets what was due before this time: for a run that goes on there.
  mutating func start(at time: Int64) { if time > 0 { due = self.due(after: time - Self.tolerance - 1) } }

  /// The first due time that a frame at this time does not answer.
  func due(after time: Int64) -> Int64 {
    if perSecond.isInfinite { return time < .max - 1 ? time + 1 + Self.tolerance : time }
    let answered = time + Self.tolerance
    guard answered >= 0 else { return 0 }
    var index = (Double(answered) / 1e9 * perSecond).rounded(.down)
    // Division and multiplication may each be off by one step.
    while self.time(of: index) > answered { index -= 1 }
    while self.time(of: index) <= answered { index += 1 }
    return self.time(of: index)
  }

  private func time(of index: Double) -> Int64 { Int64((index / perSecond * 1e9).rounded()) }
}
