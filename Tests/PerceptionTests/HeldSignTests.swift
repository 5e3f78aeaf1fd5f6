import Core
import Testing

@testable import Perception

@Suite("Signs that are told of while they stay")
struct HeldSignTests {
  private func line(_ text: String, y: Float, confidence: Float = 0.95) -> TextReader.Line {
    TextReader.Line(text: text, box: TextLine.Box(x: 0.1, y: y, width: 0.4, height: 0.06), confidence: confidence)
  }

  private func text(_ observation: Observation) -> String? {
    if case .text(let line) = observation.content { line.text } else { nil }
  }

  private func range(_ second: Int) -> TimeRange { TimeRange(seconds: Double(second)...Double(second + 1)) }

  @Test("a sign is told of at once, every five seconds, and when it has gone, always in the place of what was told before")
  func stays() throws {
    var (tracker, held) = (LineTracker(), HeldSigns())
    var told: [Observation] = []
    for second in 0..<15 {
      let lines = second < 12 ? [line("GATE B17", y: 0.2), line("BOARDING", y: 0.28)] : []
      let ended = tracker.see(lines, in: range(second), isCut: false)
      let now = held.take(ended: ended, open: &tracker.tracks)
      if second == 0 { #expect(now.count == 1, "as soon as it is certain") }
      told += now
    }
    #expect(told.first?.replaces == nil)
    #expect(told.allSatisfy { text($0) == "GATE B17\nBOARDING" }, "\(told.map(text))")
    #expect(told.map { Int($0.range.end.seconds) } == [1, 6, 11, 12])
    for (before, after) in zip(told, told.dropFirst()) { #expect(after.replaces?.range == before.range) }
  }

  @Test("a line that comes a moment later joins its sign, and one that goes earlier leaves it as it was")
  func joins() {
    var (tracker, held) = (LineTracker(), HeldSigns())
    var told: [Observation] = []
    for second in 0..<9 {
      var lines = second < 4 ? [line("GATE B17", y: 0.2)] : []
      if second >= 1, second < 7 { lines.append(line("BOARDING", y: 0.28)) }
      let ended = tracker.see(lines, in: range(second), isCut: false)
      told += held.take(ended: ended, open: &tracker.tracks)
    }
    #expect(told.filter { $0.replaces == nil }.count == 1, "\(told)")
    #expect(told.last.flatMap(text) == "GATE B17\nBOARDING")
    #expect(told.last.map { Int($0.range.end.seconds) } == 7)
  }
}
