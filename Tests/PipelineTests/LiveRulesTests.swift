import Core
import Foundation
import Media
import Testing

@testable import Pipeline

@Suite("The rules of following a live stream")
struct LiveRulesTests {
  @Test("pauses grow to their limit, begin again after good media, and are longer where the source refuses")
  func backoff() {
    let configuration = LiveConfiguration()
    var backoff = Backoff(configuration)
    let pauses = (0..<12).map { _ in backoff.pause(after: .absent, good: .zero, chance: 0.5) }
    #expect(pauses.first == .milliseconds(500))
    #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(pauses.last == configuration.longestPause)
    #expect(backoff.pause(after: .absent, good: .seconds(30), chance: 0.5) == .milliseconds(500))
    var refused = Backoff(configuration)
    #expect(refused.pause(after: .refused, good: .zero, chance: 0.5) == .seconds(2))
    for _ in 0..<10 { _ = refused.pause(after: .refused, good: .zero) }
    #expect(refused.pause(after: .refused, good: .zero, chance: 0.5) == configuration.refusedPause)
    var changed = Backoff(configuration)
    #expect(changed.pause(after: .changed, good: .seconds(60)) == .zero)
    #expect(changed.pause(after: .changed, good: .zero) > .zero, "what changes all the time is not opened in a tight loop")
  }

  @Test("what sent a moment ago is tried often, even where it refuses; half a minute later as seldom as any other")
  func hope() {
    let configuration = LiveConfiguration()
    var backoff = Backoff(configuration)
    var (pauses, waited): ([Duration], Duration) = ([], .zero)
    pauses.append(backoff.pause(after: .absent, good: .seconds(4), chance: 0.5))
    while waited < configuration.hope {
      pauses.append(backoff.pause(after: .refused, good: .zero, chance: 0.5))
      waited = pauses.reduce(.zero, +)
    }
    #expect(pauses.prefix(3) == [.milliseconds(500), .seconds(1), .seconds(2)])
    #expect(pauses.allSatisfy { $0 <= configuration.hopefulPause })
    #expect(backoff.pause(after: .refused, good: .zero, chance: 0.5) == configuration.refusedPause)
  }

  @Test("chance spreads pauses over half of their length")
  func jitter() {
    let pauses = (0..<200).map { _ in
      var backoff = Backoff(LiveConfiguration())
      return backoff.pause(after: .absent, good: .zero)
    }
    #expect(pauses.allSatisfy { $0 >= .milliseconds(375) && $0 < .milliseconds(625) })
    #expect(Set(pauses).count > 100)
  }

  @Test("under strain text goes first, then most pictures, then the wide search, and they come back in the opposite order")
  func shedding() {
    var shedding = Shedding()
    var seen: [Shedding.Level] = []
    for _ in 0..<8 {
      shedding.advance(isStrained: true)
      if seen.last != shedding.level { seen.append(shedding.level) }
    }
    for _ in 0..<40 {
      shedding.advance(isStrained: false)
      if seen.last != shedding.level { seen.append(shedding.level) }
    }
    #expect(seen == [.none, .text, .vision, .beam, .vision, .text, .none])
  }

  @Test("a moment of strain sheds nothing")
  func moments() {
    var shedding = Shedding()
    for second in 0..<100 {
      shedding.advance(isStrained: second % 3 == 0)
      #expect(shedding.level == .none)
    }
  }

  @Test("of two tellings of one sign that were not committed yet only the last is, in the place of what the first took")
  func retold() {
    func sign(_ text: String, _ start: Double, _ end: Double) -> Observation {
      let range = TimeRange(start: MediaTime(seconds: start), end: MediaTime(seconds: end))
      return Observation(range: range, content: .text(TextLine(text: text, box: .init(x: 0, y: 0, width: 1, height: 0.1), confidence: 1)))
    }
    func retold(_ observation: Observation, after earlier: Observation, _ text: String) -> Observation {
      var observation = observation
      observation.replaces = .init(range: earlier.range, text: text)
      return observation
    }
    let (stored, first, second) = (sign("EXIT", 1, 5), sign("EXIT 4", 1, 9), sign("EXIT 4B", 0, 12))
    var pending = [sign("GATE", 2, 3)]
    pending.tell([retold(first, after: stored, "EXIT")])
    pending.tell([retold(second, after: first, "EXIT 4")])
    #expect(pending == [sign("GATE", 2, 3), retold(second, after: stored, "EXIT")])
  }

  @Test("an outage says from when to when by the clock on the wall, and why")
  func outage() {
    let time = LiveTime(startedAt: Date(timeIntervalSinceNow: -3600))
    let outage = Outage(start: MediaTime(seconds: 60), reason: "connection refused")
    guard case .gap(let text) = outage.observation(until: MediaTime(seconds: 91), isOver: true, time: time).content else { return }
    let (from, to) = [60.0, 91].map { TimeOfDay.text(time.date(of: MediaTime(seconds: $0))) }.pair
    #expect(text == "no signal from \(from) to \(to) (31 s): connection refused")
  }
}

extension [String] {
  fileprivate var pair: (String, String) { (self[0], self[1]) }
}
