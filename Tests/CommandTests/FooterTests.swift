import Core
import Foundation
import Testing

@testable import Pipeline
@testable import afterimage

@Suite("What stays at the bottom of a terminal")
struct FooterTests {
  @Test("of the statuses that nobody has read yet each stream's newest waits, and nothing else gives way")
  func board() {
    let board = StatusBoard()
    func status(_ stream: String, _ words: Int) -> TailEvent {
      var status = TailStatus(stream: StreamID(stream))
      status.counts.words = words
      return .status(status)
    }
    #expect(board.take(status("a", 1)) && board.take(status("b", 2)) && !board.take(status("a", 3)))
    #expect(board.take(.notice(nil, "x")) && !board.hasFailed)
    guard case .status(let newest) = board.newest(status("a", 1)) else { return #expect(Bool(false)) }
    #expect(newest.counts.words == 3 && board.take(status("a", 4)))
    #expect(board.take(.ended(StreamID("b"), reason: "refused", failed: true)) && board.hasFailed)
  }

  @Test("it is taken away in full, also after the terminal has become narrower")
  func erasing() {
    var footer = Footer(status: { _ in String(repeating: "x", count: 70) }, typed: ("> ", LineEditor(history: [])))
    #expect(footer.erased(columns: 80) == "", "nothing was drawn")
    #expect(footer.redrawn(columns: 80) == String(repeating: "x", count: 70) + "\n> \r\u{1B}[2C")
    #expect(footer.redrawn(columns: 80).hasPrefix("\r\u{1B}[1A\u{1B}[J"))
    #expect(footer.erased(columns: 40) == "\r\u{1B}[2A\u{1B}[J", "the line of 70 columns takes two rows of 40")
    #expect(footer.erased(columns: 40) == "")
  }

  @Test("without a prompt there is one line")
  func alone() {
    var footer = Footer(status: { "\($0) wide" })
    #expect(footer.redrawn(columns: 30) == "30 wide")
    #expect(footer.erased(columns: 30) == "\r\u{1B}[J")
  }

  @Test("a long line is scrolled so that the cursor is in sight")
  func scrolling() {
    var editor = LineEditor(history: [])
    for character in "when did the red car leave the yard?" { _ = editor.apply(.character(character)) }
    let (line, column) = Footer.scrolled(editor, mark: "> ", columns: 20)
    #expect(line == "> eave the yard?" || DisplayWidth.of(line) < 20)
    #expect(line.hasSuffix("yard?") && column == DisplayWidth.of(line))
  }

  @Test("several streams are one line: phases, sums, the slowest")
  func aggregate() {
    var statuses = ["a", "b", "c"].map { TailStatus(stream: StreamID($0)) }
    (statuses[0].phase, statuses[0].lag, statuses[0].received) = (.live, .seconds(1), 1_000_000)
    (statuses[1].phase, statuses[1].lag, statuses[1].droppedFrames) = (.live, .seconds(2), 3)
    (statuses[2].phase, statuses[2].shedding, statuses[2].received) = (.lost, .text, 500_000)
    let line = StatusLine(statuses: statuses)
    #expect(
      line.drawn(columns: 200)
        == "3 streams: 2 live, 1 no signal  0:00  overload: without text  lag 2.0 s (b)  0 frames (3 dropped)  0 words  1.5 MB")
    #expect(DisplayWidth.of(line.drawn(columns: 40)) < 40)
  }
}
