import Core
import Foundation
import Media
import Testing

@testable import Perception

struct LookTests {
  private func picture(width: Int = 320, height: Int = 180, _ colour: (_ x: Int, _ y: Int) -> (Int, Int, Int)) -> Picture {
    var planes = [[UInt8]](repeating: [], count: 3)
    for y in 0..<height {
      for x in 0..<width {
        let (red, green, blue) = colour(x, y)
        planes[0].append(UInt8(clamping: red))
        planes[1].append(UInt8(clamping: green))
        planes[2].append(UInt8(clamping: blue))
      }
    }
    return Picture(width: width, height: height, planes: 3, samples: planes[0] + planes[1] + planes[2])
  }

  /// A grey texture without repetition that goes on in all directions.
  private func texture(_ x: Double, _ y: Double) -> Int {
    let waves = sin(x / 17) + sin(y / 13 + 1) + sin((x + 2 * y) / 29 + 2) + sin((3 * x - y) / 41) + sin(x * y / 9000)
    return 120 + Int(waves * 20)
  }

  private func view(left: Double = 0, top: Double = 0, scale: Double = 1, light: Double = 1) -> Picture {
    picture { x, y in
      let grey = Int(light * Double(texture((Double(x) - 160) / scale + 1000 + left, (Double(y) - 90) / scale + 1000 + top)))
      return (grey, grey, grey)
    }
  }

  /// What is told of some pictures, one a second, with the seconds.
  private func told(_ pictures: [Picture]) -> [(text: String, from: Double, to: Double)] {
    var tracker = LookTracker()
    var facts: [Observation] = []
    for (second, picture) in pictures.enumerated() {
      facts += tracker.see(ColourGrid(picture), in: TimeRange(seconds: Double(second)...Double(second + 1)))
    }
    facts += tracker.finish()
    return facts.compactMap { fact in
      guard case .look(let look) = fact.content else { return nil }
      return (look.text, fact.range.start.seconds, fact.range.end.seconds)
    }
  }

  @Test(
    "colours have the names people give them",
    arguments: [
      (0xC81E1E, "red"), (0x7A1010, "red"), (0xF28C1E, "orange"), (0xF2D91E, "yellow"), (0x2E8B3A, "green"), (0x556B2F, "green"),
      (0x1E4FC8, "blue"), (0x87BFEB, "blue"), (0x101A60, "blue"), (0x7B2FA0, "purple"), (0xF28CB8, "pink"), (0x5C3A1A, "brown"),
      (0x0A0A0A, "black"), (0x808080, "grey"), (0xF5F5F5, "white"),
    ])
  func names(code: Int, name: String) {
    let colour = BasicColour.named(
      red: Double(code >> 16) / 255, green: Double(code >> 8 & 255) / 255, blue: Double(code & 255) / 255)
    #expect(colour?.name == name)
  }

  @Test("skin and sand have none of the names") func unnamed() {
    #expect(BasicColour.named(red: 0.87, green: 0.72, blue: 0.62) == nil && BasicColour.named(red: 0.82, green: 0.75, blue: 0.62) == nil)
  }

  @Test("a red square on grey stands out as red, with the time it is there") func square() throws {
    func scene(_ square: Bool) -> Picture {
      picture { x, y in square && (100..<150).contains(x) && (60..<110).contains(y) ? (200, 25, 30) : (128, 128, 128) }
    }
    let facts = told([Picture](repeating: scene(true), count: 5))
    #expect(facts.map(\.text) == ["colours: grey; red stands out"] && facts[0].from == 0 && facts[0].to == 5)
    // Spread over the picture it is no thing.
    let dots = picture { x, y in x / 8 % 4 == 0 && y / 8 % 4 == 0 ? (200, 25, 30) : (128, 128, 128) }
    #expect(!told([dots, dots, dots]).contains { $0.text.contains("stand") })
  }

  @Test("each shot has its own colours, and a picture without colour is told as such") func shots() {
    let green = picture { x, y in (30, 120 + x % 20, 40) }, blue = picture { x, y in (30, 60, 180 + y % 20) }
    let facts = told([green, green, green, blue, blue, view(), view()]).filter { $0.text.hasPrefix("colours") }
    #expect(facts.map(\.text) == ["colours: green", "colours: blue", "colours: black and white"])
    #expect(facts.map(\.from) == [0, 3, 5] && facts.map(\.to) == [3, 5, 7])
  }

  @Test("a light that goes out and on is told, and the dark between as one stretch") func lights() {
    let lit = view(), unlit = view(light: 0.22)
    let facts = told([lit, lit, lit, unlit, unlit, unlit, lit, lit]).filter { $0.text.hasPrefix("light") }
    #expect(facts.map(\.text).sorted() == ["light: dark", "light: goes on", "light: goes out"])
    #expect(facts.first { $0.text == "light: dark" }.map { $0.from == 3 && $0.to == 6 } == true)
    #expect(facts.first { $0.text == "light: goes out" }?.from == 3 && facts.first { $0.text == "light: goes on" }?.from == 6)
    // Another picture that is dark is a cut and no light that goes out; one that is black for a moment is a cut too.
    let night = picture { x, y in (x * y % 30, x * y % 30, 10 + y % 31) }
    #expect(!told([lit, lit, lit, night, night]).contains { $0.text.contains("goes") })
  }

  @Test("a picture that turns black is black, also with a clock burned in") func black() {
    let off = picture { x, y in y < 10 && x < 60 && (x + y) % 3 == 0 ? (230, 230, 230) : (4, 4, 4) }
    let facts = told([view(), view(), off, off, off, view(), view()]).filter { $0.text == "light: black" }
    #expect(facts.count == 1 && facts[0].from == 2 && facts[0].to == 5)
    #expect(told([view(), off, view(), view()]).allSatisfy { $0.text != "light: black" })
  }

  @Test(
    "a camera that pans, tilts or zooms over a texture is told, whichever way",
    arguments: [
      (20.0, 0.0, 1.0, "camera: pans right"), (-28, 0, 1, "camera: pans left"), (0, 16, 1, "camera: tilts down"),
      (0, -16, 1, "camera: tilts up"), (0, 0, 1.11, "camera: zooms in"), (0, 0, 0.9, "camera: zooms out"),
    ])
  func camera(left: Double, top: Double, scale: Double, text: String) {
    let pictures = (0..<6).map { step in
      let time = Double(min(max(step - 1, 0), 4))
      return view(left: left * time, top: top * time, scale: pow(scale, time))
    }
    let facts = told(pictures).filter { $0.text.hasPrefix("camera") }
    #expect(facts.map(\.text) == [text])
    #expect(facts.first.map { $0.from <= 2 && $0.to >= 5 } == true)
  }

  @Test("a still picture, noise, a thing that crosses and a cut are no motion of the camera") func still() {
    let noise = [17, 400, 731, 5, 88, 123].map { seed in
      picture { x, y in
        let value = (x / 4 * 7919 + y / 4 * 104729) &* (seed * 2 + 1) % 251
        return (value, value, value)
      }
    }
    let crossing = (0..<6).map { step in
      picture { x, y in
        let grey = (step * 40..<step * 40 + 50).contains(x) && (60..<130).contains(y) ? 240 : texture(Double(x), Double(y))
        return (grey, grey, grey)
      }
    }
    for pictures in [[Picture](repeating: view(), count: 5), noise, crossing, (0..<6).map { view(left: Double($0 * 9000)) }] {
      #expect(!told(pictures).contains { $0.text.hasPrefix("camera") })
    }
  }

  @Test("the colour of what was named is told with its name") func part() {
    let scene = picture { x, y in (110..<210).contains(x) && (60..<120).contains(y) ? (210, 30, 20) : (120, 120, 125) }
    let grid = ColourGrid(scene)
    // The classifier's cells around the middle.
    let scores = (0..<49).map { cell -> Float in (2...4).contains(cell / 7) && (2...4).contains(cell % 7) ? 9 : 1 }
    let cells = grid.cells(where: scores, columns: 7)
    #expect(!cells.isEmpty && cells.count < grid.greys.count / 3)
    var tracker = LookTracker()
    var facts: [Observation] = []
    for second in 0..<4 {
      facts += tracker.see(
        grid, in: TimeRange(seconds: Double(second)...Double(second + 1)),
        named: .init(name: "sports car", probability: 0.6, cells: cells))
    }
    facts += tracker.finish()
    #expect(facts.contains { $0.content == .look(Look(.colour, "sports car, red", confidence: 0.6)) })
  }

  @Test("of a live stream what goes on is told before it is over, in pieces that touch and are one when they are read") func pieces() {
    func told(isLive: Bool) -> [Observation] {
      var tracker = LookTracker()
      var facts: [Observation] = []
      for second in 0..<150 {
        let dark = ColourGrid(view(light: second < 10 ? 1 : 0.35))
        facts += tracker.see(dark, in: TimeRange(seconds: Double(second)...Double(second + 1)), isLive: isLive)
        let isCertain = facts.contains { $0.content == .look(Look(.light, "dark")) }
        if second == 20 { #expect(isCertain == isLive) }
      }
      return facts + tracker.finish()
    }
    func ranges(_ facts: [Observation], _ look: Look) -> [TimeRange] { facts.filter { $0.content == .look(look) }.map(\.range) }
    let (live, whole) = (told(isLive: true), told(isLive: false))
    let dark = ranges(live, Look(.light, "dark"))
    #expect(ranges(whole, Look(.light, "dark")) == [TimeRange(seconds: 10...150)])
    #expect(dark.count == 4 && dark.first == TimeRange(seconds: 10...12) && dark.last?.end.seconds == 150)
    for (piece, next) in zip(dark, dark.dropFirst()) { #expect(piece.end == next.start) }
    let colours = live.filter { if case .look(let look) = $0.content { look.kind == .colours } else { false } }
    #expect(colours.count > 1 && colours.allSatisfy { $0.range.duration.seconds <= 61 })
  }

  @Test("a tracker that went through JSON goes on the same, and a damaged one is refused") func saved() throws {
    var tracker = LookTracker()
    for step in 0..<4 {
      _ = tracker.see(ColourGrid(view(left: Double(step * 20))), in: TimeRange(seconds: Double(step)...Double(step + 1)))
    }
    let data = try JSONEncoder().encode(tracker)
    var again = try JSONDecoder().decode(LookTracker.self, from: data)
    #expect(again == tracker && data.count < 12_000)
    let next = ColourGrid(view(light: 0.2))
    let range = TimeRange(seconds: 4...5)
    #expect(again.see(next, in: range) == tracker.see(next, in: range) && again.finish() == tracker.finish())
    let text = String(decoding: data, as: UTF8.self).replacing(#""greys":""#, with: #""greys":"AAAA"#)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(LookTracker.self, from: Data(text.utf8)) }
  }
}
