import Core
import Foundation
import Media
import Testing

@testable import Perception

struct CloserLookTests {
  /// A picture of uneven grey with a bright block, red, green and blue alike.
  private func picture(block: (x: Int, y: Int, side: Int)? = nil, brightness: Int = 0, width: Int = 640, height: Int = 360) -> Picture {
    var plane = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let isBlock = block.map { (($0.x..<$0.x + $0.side).contains(x) && ($0.y..<$0.y + $0.side).contains(y)) } ?? false
        plane[y * width + x] = UInt8(clamping: (isBlock ? 230 : 60 + (x / 40 * 7 + y / 30 * 13) % 80) + brightness)
      }
    }
    return Picture(width: width, height: height, planes: 3, samples: plane + plane + plane)
  }

  @Test("what enters a picture that stands still is found with room around it, also while the light changes") func entering() throws {
    var background = StillBackground()
    func change(_ picture: Picture) -> StillBackground.Square? { background.change(in: picture) }
    for index in 0..<12 { #expect(change(picture(brightness: index % 2)) == nil) }
    for (index, x) in [20, 120, 220, 320].enumerated() {
      let found = try #require(change(picture(block: (x, 150, 80), brightness: index * 5)))
      #expect(found.left <= x && found.left + found.side >= x + 80 && found.top <= 150 && found.top + found.side >= 230)
      #expect(found.side <= 160)
    }
    // What has left is gone at once, and left no trace behind it.
    #expect(change(picture()) == nil)
  }

  @Test("a cut, a picture that never stands still and specks are not looked at; what stays becomes part of the background")
  func nothing() {
    var background = StillBackground()
    func change(_ picture: Picture) -> StillBackground.Square? { background.change(in: picture) }
    for index in 0..<30 {
      let other = picture(block: (0, 0, 360), brightness: index % 2 == 0 ? 0 : 80)
      #expect(change(index % 2 == 0 ? picture() : other) == nil)
    }
    background = StillBackground()
    for _ in 0..<12 { _ = background.change(in: picture()) }
    #expect(change(picture(block: (100, 100, 20))) == nil)
    for _ in 0..<120 { _ = background.change(in: picture(block: (300, 150, 80))) }
    #expect(change(picture(block: (300, 150, 80))) == nil)
    // Where it stood, something is missing now.
    #expect(change(picture()) != nil)
  }

  @Test("names that are usual in a stream stop counting, an unusual one counts from its first time") func usual() {
    var look = CloserLook()
    func unusual(_ probabilities: [Float]) -> [Float] { look.unusual(probabilities) }
    for _ in 0..<8 { #expect(unusual([0.6, 0.3, 0.1]) == [0, 0, 0]) }
    #expect(unusual([0.6, 0.3, 0.1]) == [0, 0, 0])
    let part = unusual([0.2, 0.1, 0.7])
    #expect(part[0] == 0 && part[1] == 0 && abs(part[2] - 0.5) < 1e-5)
    // The names of another classifier begin anew.
    #expect(unusual([0.5, 0.5]) == [0, 0])
  }

  @Test("a square is cut out where it lies and brought to size") func cutting() {
    let source = picture(block: (200, 100, 80))
    let inside = CloserLook.cut(.init(left: 210, top: 110, side: 60), from: source, side: 224)
    #expect(inside.width == 224 && inside.planes == 3 && inside.samples.allSatisfy { $0 == 230 })
    let same = CloserLook.cut(.init(left: 200, top: 60, side: 224), from: source, side: 224)
    #expect(same.samples[0] == source.samples[60 * 640 + 200] && same.samples[223 * 224 + 223] == source.samples[283 * 640 + 423])
    let corner = CloserLook.cut(.init(left: 280, top: 0, side: 360), from: source, side: 224)
    #expect(corner.samples.count == 3 * 224 * 224)
  }

  @Test("a look that went through JSON goes on the same, and a damaged one is refused") func saved() throws {
    var look = CloserLook()
    for index in 0..<20 {
      _ = look.square(in: picture(block: (index * 20, 150, 80)))
      _ = look.unusual([0.5, 0.3, Float(index) / 100])
    }
    let data = try JSONEncoder().encode(look)
    var again = try JSONDecoder().decode(CloserLook.self, from: data)
    #expect(again == look)
    let (next, expected) = (again.square(in: picture(block: (420, 150, 80))), look.square(in: picture(block: (420, 150, 80))))
    #expect(next == expected)
    let text = String(decoding: data, as: UTF8.self).replacing(#""cells":""#, with: #""cells":"AAAA"#)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(CloserLook.self, from: Data(text.utf8)) }
  }
}
