import Core
import Memory

/// A clock burned into the picture ("2024-03-11 14:02:21"), read back as a shift between what it shows and the stream's own clock.
struct ClockInPicture: Sendable {
  /// Clock reading minus stream time, in seconds; nil when no clock was read twice in agreement.
  let offset: Double?

  init(_ evidence: StreamEvidence) {
    var votes: [Int: Int] = [:]
    for passage in evidence.passages where passage.item.modality == .text {
      for word in passage.words where word.text.split(separator: ":").count == 3 {
        guard let shown = Reading.clockSeconds(word.text) else { continue }
        votes[Int((shown - passage.item.range.start.seconds).rounded()), default: 0] += 1
      }
    }
    // Readings of one clock agree within the time a line was followed; the densest five seconds win.
    let best = votes.keys.max { a, b in (support(a), -a) < (support(b), -b) }
    func support(_ center: Int) -> Int { votes.filter { abs($0.key - center) <= 5 }.values.reduce(0, +) }
    offset = best.flatMap { support($0) >= 2 ? Double($0) : nil }
  }

  /// When a clock shows a time: by the clock in the picture, else by the clock on the wall where it is known when the stream started, else on
  /// the stream's own clock.
  func time(of clock: String, in stream: StreamRecord) -> MediaTime? {
    guard let seconds = Reading.clockSeconds(clock) else { return nil }
    let extent = stream.extent
    // "14:05" on a wall clock is hours and minutes, on the stream's own clock minutes and seconds.
    let wall = clock.split(separator: ":").count == 2 ? seconds * 60 : seconds
    if let offset {
      let time = MediaTime(seconds: wall - offset)
      if time >= extent.start, time <= extent.end { return time }
    }
    if let start = stream.startedAt, let time = WallTime.moment(of: wall, startedAt: start, extent: extent) { return time }
    let time = MediaTime(seconds: seconds)
    return time >= extent.start && time <= extent.end ? time : nil
  }
}
