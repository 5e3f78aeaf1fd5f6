import Core
import Foundation
import Media
import Testing

@testable import Perception

@Suite struct TextStageTests {
  private typealias Sign = Workbench.Sign

  private func read(_ path: String, stage: TextStage) async throws -> [Observation] {
    var found: [Observation] = []
    for frame in try await frames(of: path, renditions: TextStage.renditions) { found += try await stage.process(frame) }
    return found + (await stage.finish())
  }

  private func read(_ path: String) async throws -> [Observation] { try await read(path, stage: TextStage()) }

  @Test("a sign is read, with where it stood and when, to within one sample")
  func sign() async throws {
    let bench = try Workbench()
    let path = try bench.video("sign.mp4", ground: "testsrc2=", seconds: 12, signs: [Sign(text: "PLATFORM 7", start: 3, end: 8.5)])
    let signs = try await read(path).filter { $0.line?.text.contains("PLATFORM") == true }
    try #require(signs.count == 1)
    let line = try #require(signs[0].line)
    #expect(line.text == "PLATFORM 7")
    #expect(abs(signs[0].range.start.seconds - 3) <= 1 && abs(signs[0].range.end.seconds - 8.5) <= 1, "\(signs[0].range)")
    #expect(line.confidence > 0.8 && line.confidence <= 1)
    // Drawn in the middle, from y = 150 on.
    #expect(abs(line.box.x + line.box.width / 2 - 0.5) < 0.03 && abs(line.box.y - 0.43) < 0.04, "\(line.box)")
  }

  @Test("a picture that did not change is not read twice")
  func unchanged() async throws {
    let bench = try Workbench()
    let path = try bench.video("still.mp4", seconds: 20, signs: [Sign(text: "Opening hours", start: 0, end: 10)])
    let stage = try TextStage()
    let found = try await read(path, stage: stage)
    #expect(found.compactMap(\.line?.text) == ["Opening hours"])
    #expect(found.first?.range == TimeRange(seconds: 0...10))
    // With the sign, without it, and at most once more after each when the compressed picture has come to rest.
    #expect(await stage.picturesRead <= 4)
  }

  @Test("a sign that changes one character becomes two observations")
  func change() async throws {
    let bench = try Workbench()
    let path = try bench.video(
      "change.mp4", seconds: 12,
      signs: [Sign(text: "TRAIN TO PLATFORM 3", start: 0, end: 6), Sign(text: "TRAIN TO PLATFORM 4", start: 6, end: 12)])
    let found = try await read(path)
    #expect(found.compactMap(\.line?.text) == ["TRAIN TO PLATFORM 3", "TRAIN TO PLATFORM 4"])
    #expect(found.map(\.range) == [TimeRange(seconds: 0...6), TimeRange(seconds: 6...12)])
  }

  @Test("lines of one sign are one observation, bullets of a slide are one each")
  func grouping() async throws {
    let bench = try Workbench()
    let path = try bench.video(
      "group.mp4", seconds: 6,
      signs: [
        Sign(text: "GATE B17", start: 0, end: 3, y: "120", size: 36), Sign(text: "BOARDING", start: 0, end: 3, y: "166", size: 36),
        Sign(text: "Enzymes", start: 3, end: 6, x: "60", y: "60", size: 24),
        Sign(text: "Catalysts", start: 3, end: 6, x: "60", y: "120", size: 24),
        Sign(text: "Substrates", start: 3, end: 6, x: "60", y: "180", size: 24),
      ])
    let texts = try await read(path).compactMap(\.line?.text)
    #expect(texts == ["GATE B17\nBOARDING", "Enzymes", "Catalysts", "Substrates"])
  }

  @Test("credits that scroll and signs that flicker do not multiply")
  func scrolling() async throws {
    let bench = try Workbench()
    let credits = ["Directed by Alma Novak", "Written by Peter Quist", "Music by Hanna Berg"].enumerated().map { index, text in
      Sign(text: text, start: 0, end: 20, y: "360+\(index * 90)-40*t", size: 30)
    }
    let scrolled = try await read(bench.video("scroll.mp4", seconds: 16, signs: credits)).compactMap(\.line?.text)
    #expect(Set(credits.map(\.text)).isSubset(of: scrolled), "\(scrolled)")
    #expect(scrolled.count <= 5, "\(scrolled)")

    let flicker = stride(from: 0.0, to: 12, by: 2).map { Sign(text: "ON AIR TODAY", start: $0, end: $0 + 1) }
    let flickered = try await read(bench.video("flicker.mp4", seconds: 12, signs: flicker)).compactMap(\.line?.text)
    #expect(flickered == ["ON AIR TODAY"])
  }

  @Test(
    "pictures without text give next to no lines",
    arguments: ["mandelbrot=s=640x360:r=10", "cellauto=s=640x360:r=10:rule=110", "life=s=640x360:r=10:mold=10:ratio=0.3"])
  func noise(source: String) async throws {
    let bench = try Workbench()
    try bench.run(
      "ffmpeg",
      ["-y", "-loglevel", "error", "-f", "lavfi", "-i", source, "-t", "20", "-vf", "gblur=sigma=1.5", "-pix_fmt", "yuv420p", "noise.mp4"])
    let texts = try await read(bench.path("noise.mp4")).compactMap(\.line?.text)
    #expect(texts.count <= 2, "\(texts)")
  }

  @Test("a run restored at any frame goes on as if it had not stopped")
  func restore() async throws {
    let bench = try Workbench()
    let path = try bench.video(
      "restore.mp4", seconds: 10,
      signs: [
        Sign(text: "FLIGHT 432", start: 1, end: 6), Sign(text: "FLIGHT 438", start: 6, end: 9),
        Sign(text: "Wet paint", start: 4, end: 11, y: "260"),
      ])
    let frames = try await frames(of: path, renditions: TextStage.renditions)
    let whole = try await read(path)
    #expect(whole.count >= 3)
    for stop in 1..<frames.count {
      let first = try TextStage()
      var found: [Observation] = []
      for frame in frames[..<stop] { found += try await first.process(frame) }
      let second = try TextStage(restoring: await first.checkpoint())
      for frame in frames[stop...] { found += try await second.process(frame) }
      found += await second.finish()
      #expect(found == whole, "stopped before frame \(stop)")
    }
  }

  @Test("a missing language, a broken checkpoint and a frame without its picture are refused with one clear line")
  func refusals() async throws {
    var configuration = TextConfiguration()
    configuration.language = "xyz"
    let missing = #expect(throws: PerceptionError.self) { try TextStage(configuration: configuration) }
    #expect(missing?.code == .unavailable && missing?.message.contains("tesseract-ocr-") == true)
    let broken = #expect(throws: PerceptionError.self) { try TextStage(restoring: Data("{\"tracker\":7}".utf8)) }
    #expect(broken?.code == .corruptInput)
    let stage = try TextStage()
    let colour = VideoFrame(
      time: .zero, range: TimeRange(seconds: 0...1),
      pictures: [Picture(width: 2, height: 2, planes: 3, samples: [UInt8](repeating: 0, count: 12))])
    await #expect(throws: PerceptionError.self) { try await stage.process(colour) }
  }

  @Test("pictures of odd and extreme shapes are survived", arguments: [(1, 1), (1, 500), (500, 1), (33, 17), (3000, 20), (1280, 1280)])
  func shapes(width: Int, height: Int) async throws {
    var state: UInt64 = 7
    let samples = (0..<width * height).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(state >> 56)
    }
    let stage = try TextStage()
    let frame = VideoFrame(
      time: .zero, range: TimeRange(seconds: 0...1), pictures: [Picture(width: width, height: height, planes: 1, samples: samples)])
    _ = try await stage.process(frame)
    _ = await stage.finish()
  }
}
