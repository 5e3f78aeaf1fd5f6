import CFFmpeg
import Synchronization

/// Tells FFmpeg's blocking calls to give up: on request, or when a deadline has passed.
final class Interruption: Sendable {
  private let raised = Atomic<Bool>(false)
  private let fired = Atomic<Bool>(false)
  /// Nanoseconds since `start`; zero is none.
  private let deadline = Atomic<Int64>(0)
  private let start = ContinuousClock.now

  var isRaised: Bool { raised.load(ordering: .relaxed) }

  /// Whether a call was told to give up since the last `allow`. What the call returns does not say so: after an interruption FFmpeg gives
  /// almost any error, an end of file, or success.
  var hasFired: Bool { fired.load(ordering: .relaxed) }

  func raise() { raised.store(true, ordering: .relaxed) }

  /// Gives the calls that follow this long; nil takes the limit away.
  func allow(_ limit: Duration?) {
    fired.store(false, ordering: .relaxed)
    deadline.store(limit.map { nanoseconds(since: start) &+ nanoseconds($0) } ?? 0, ordering: .relaxed)
  }

  var isDue: Bool {
    if isRaised { return true }
    let limit = deadline.load(ordering: .relaxed)
    return limit != 0 && nanoseconds(since: start) > limit
  }

  /// Whether to give up, remembered.
  func fire() -> Bool {
    guard isDue else { return false }
    fired.store(true, ordering: .relaxed)
    return true
  }

  private func nanoseconds(since start: ContinuousClock.Instant) -> Int64 { nanoseconds(start.duration(to: .now)) }

  private func nanoseconds(_ duration: Duration) -> Int64 {
    duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
  }

  /// What FFmpeg asks while it waits. The interruption must outlive every context that holds this.
  var callback: AVIOInterruptCB {
    AVIOInterruptCB(
      callback: { opaque in
        guard let opaque else { return 0 }
        return Unmanaged<Interruption>.fromOpaque(opaque).takeUnretainedValue().fire() ? 1 : 0
      }, opaque: Unmanaged.passUnretained(self).toOpaque())
  }
}
