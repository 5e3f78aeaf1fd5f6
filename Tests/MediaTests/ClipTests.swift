import Core
import Foundation
import Testing

@testable import Media

@Suite("clips are cut as they are")
struct ClipTests {
  @Test("a stretch of picture and sound is cut into a file that plays from its key frame on", arguments: ["mp4", "mkv", "ts"])
  func cut(kind: String) async throws {
    let shop = try Workshop()
    let source = try shop.ffmpeg(
      "-f lavfi -i testsrc2=s=128x96:r=10:d=20 -f lavfi -i sine=440:d=20 -g 20 -c:v libx264 -bf 2 -c:a aac long.\(kind)")
    let target = shop.path("clip.mp4")
    let cut = try await ClipCutter().cut(TimeRange(seconds: 7...11), of: source, to: target)
    #expect(cut.start.seconds <= 7 && cut.start.seconds >= 3.9 && abs(cut.end.seconds - 11) < 0.5, "\(cut)")
    let clip = try await Delivery(target, MediaOptions(samplesPerSecond: .infinity))
    #expect(clip.gaps.isEmpty)
    #expect(abs(Double(clip.frames.count) / 10 - cut.duration.seconds) < 0.4, "\(clip.frames.count) frames of \(cut)")
    #expect(abs((clip.chunks.last?.range.end.seconds ?? 0) - cut.duration.seconds) < 0.4)
  }

  @Test("sound alone is cut where it was asked for")
  func sound() async throws {
    let shop = try Workshop()
    let source = try shop.ffmpeg("-f lavfi -i sine=440:d=20 -c:a aac long.m4a")
    let cut = try await ClipCutter().cut(TimeRange(seconds: 5...8), of: source, to: shop.path("clip.m4a"))
    #expect(abs(cut.start.seconds - 5) < 0.2 && abs(cut.duration.seconds - 3) < 0.3)
  }

  @Test("a picture that is stored turned stays turned")
  func turned() async throws {
    let shop = try Workshop()
    try shop.ffmpeg("-f lavfi -i testsrc2=s=128x96:r=10:d=4 -g 10 flat.mp4")
    try shop.ffmpeg("-i flat.mp4 -c copy -metadata:s:v rotate=90 turned.mp4")
    let before = try await Delivery(shop.path("turned.mp4"), MediaOptions(renditions: [.fit(width: 96, height: 96, planes: 1)]))
    _ = try await ClipCutter().cut(TimeRange(seconds: 1...3), of: shop.path("turned.mp4"), to: shop.path("clip.mp4"))
    let after = try await Delivery(shop.path("clip.mp4"), MediaOptions(renditions: [.fit(width: 96, height: 96, planes: 1)]))
    #expect(after.frames.first?.pictures[0].height == before.frames.first?.pictures[0].height)
    #expect(after.frames.first?.pictures[0].width == before.frames.first?.pictures[0].width)
  }

  @Test("nothing is overwritten, and nothing is left of a clip that cannot be")
  func refused() async throws {
    let shop = try Workshop()
    let source = try shop.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=5:d=3 a.mp4")
    let there = try shop.write("there.mp4", [1, 2, 3])
    await #expect(throws: MediaError.self) { try await ClipCutter().cut(TimeRange(seconds: 0...1), of: source, to: there) }
    #expect(try shop.bytes("there.mp4") == [1, 2, 3])
    for name in ["x.wav", "x.unknown", "nowhere/x.mp4"] {
      await #expect(throws: MediaError.self) { try await ClipCutter().cut(TimeRange(seconds: 0...1), of: source, to: shop.path(name)) }
      #expect(!FileManager.default.fileExists(atPath: shop.path(name)))
    }
    await #expect(throws: MediaError.self) { try await ClipCutter().cut(TimeRange(seconds: 90...99), of: source, to: shop.path("y.mp4")) }
    #expect(!FileManager.default.fileExists(atPath: shop.path("y.mp4")))
  }
}
