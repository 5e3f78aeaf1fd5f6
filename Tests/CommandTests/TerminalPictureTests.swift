import Core
import Foundation
import Testing

@testable import afterimage

@Suite("Pictures in a terminal")
struct TerminalPictureTests {
  @Test(
    "a terminal is known by its environment, and an unknown one gets no picture",
    arguments: [
      (["TERM": "xterm-kitty"], TerminalPicture.kitty), (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], .kitty),
      (["TERM": "xterm-ghostty"], .kitty), (["TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"], .iterm),
      (["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], .iterm), (["TERM": "foot"], .sixel), (["TERM": "mlterm"], .sixel),
      (["TERM": "xterm-256color"], nil), (["TERM": "dumb", "KITTY_WINDOW_ID": "1"], nil), ([:], nil),
      (["TERM": "screen-256color", "KITTY_WINDOW_ID": "1"], nil), (["TERM": "xterm-kitty", "TMUX": "/tmp/tmux"], nil),
    ])
  func known(environment: [String: String], terminal: TerminalPicture?) {
    #expect(TerminalPicture.supported(by: environment) == terminal)
  }

  /// Red above, blue below.
  private let flag = Picture(width: 2, height: 2, planes: 3, samples: [255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255])

  @Test("each protocol says the size and holds the samples")
  func sequences() {
    let jpeg = Data([1, 2, 3])
    #expect(
      TerminalPicture.iterm.sequence(for: flag, jpeg: jpeg) == "\u{1B}]1337;File=inline=1;size=3;width=2px:AQID\u{07}\n")
    let pixels = Data([255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255]).base64EncodedString()
    #expect(TerminalPicture.kitty.sequence(for: flag, jpeg: jpeg) == "\u{1B}_Ga=T,f=24,s=2,v=2,m=0;\(pixels)\u{1B}\\\n")
    #expect(
      TerminalPicture.sixel.sequence(for: flag, jpeg: jpeg) == "\u{1B}Pq\"1;1;2;2#5;2;0;0;100#180;2;100;0;0#5AA$#180@@$-\u{1B}\\\n")
  }

  @Test("a large picture is sent to Kitty in pieces of at most 4096 letters")
  func pieces() {
    let picture = Picture(width: 64, height: 48, planes: 3, samples: [UInt8](repeating: 7, count: 64 * 48 * 3))
    let sequence = TerminalPicture.kitty.sequence(for: picture, jpeg: Data())
    let pieces = sequence.split(separator: "\u{1B}_G").map { $0.prefix { $0 != "\u{1B}" } }
    #expect(pieces.count == 3)
    #expect(pieces.dropLast().allSatisfy { $0.contains("m=1;") } && pieces.last?.hasPrefix("m=0;") == true)
    #expect(pieces.allSatisfy { ($0.split(separator: ";").last?.count ?? 0) <= 4096 })
  }
}
