import Core
import Foundation
import Testing

@testable import Media

@Suite("frames are sampled by their timestamps", .serialized)
struct SamplingTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  /// One colour per second of a 25 frames per second H.264 file with B-frames, and a tone.
  private func colours(_ name: String, _ encoding: String) throws -> String {
    try shop.ffmpeg(
      """
      -f lavfi -i 'color=red:s=64x48:r=25:d=1[a];color=lime:s=64x48:r=25:d=1[b];color=blue:s=64x48:r=25:d=1[c];\
      color=white:s=64x48:r=25:d=1[d];[a][b][c][d]concat=n=4' -f lavfi -i 'sine=440:r=44100:d=4' \(encoding) \(name)
      """)
  }

  @Test("one frame a second, each of its own second's colour, with ranges that tile the file")
  func oncePerSecond() async throws {
    let path = try colours("a.mp4", "-c:v libx264 -bf 3 -pix_fmt yuv420p -c:a aac")
    let delivery = try await Delivery(path, MediaOptions(renditions: [.fit(width: 64, height: 64, planes: 3)]))
    #expect(delivery.times == [0, 1, 2, 3])
    #expect(delivery.frames.map(\.range.end.seconds).dropLast() == [1, 2, 3])
    #expect(abs(delivery.frames[3].range.end.seconds - 4) < 0.1)
    let seen = delivery.frames.map { frame in (0..<3).map { frame.pictures[0].mean($0) } }
    for (colour, wanted) in zip(seen, [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]] as [[Double]]) {
      for (a, b) in zip(colour, wanted) { #expect(abs(a - b) < 6, "\(colour) for \(wanted)") }
    }
    #expect(abs(delivery.samples.count - 64000) < 1100)
    #expect(delivery.chunks.dropLast().allSatisfy { $0.range.end.nanoseconds % 1_000_000_000 == 0 })
    #expect(delivery.gaps.isEmpty)
  }
}
