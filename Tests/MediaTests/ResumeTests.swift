import Core
import Foundation
import Testing

@testable import Media

@Suite("a reader that resumes delivers what one that did not stop delivers, to the last bit", .serialized)
struct ResumeTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  @Test(
    "from any point of any container",
    arguments: [
      "-c:v libx264 -bf 3 -g 60 -c:a aac long.mp4", "-c:v libx264 -bf 3 -g 60 -c:a aac long.ts",
      "-c:v libx264 -bf 3 -g 45 -x264-params open-gop=1 -c:a libopus long.mkv", "-c:v mpeg2video -bf 2 -g 15 -c:a mp2 long.ts",
      "-c:v libx264 -g 15 -x264-params intra-refresh=1 -c:a aac long.ts", "-c:v libvpx -deadline realtime -g 300 -c:a libvorbis long.webm",
    ])
  func everywhere(encoding: String) async throws {
    let path = try shop.ffmpeg(
      """
      -f lavfi -i testsrc2=s=96x64:r=25:d=24 -f lavfi -i 'aevalsrc=0.4*sin(2*PI*(300+20*t)*t)+0.1*random(0):s=44100:d=24' -ar 48000 \
      -pix_fmt yuv420p \(encoding)
      """)
    var options = MediaOptions(samplesPerSecond: 2, renditions: [.fit(width: 96, height: 64, planes: 3)])
    let whole = try await Delivery(path, options)
    for (time, sound) in [(0, 0), (5, 4.2), (12.5, 12.5), (18, 3), (21, 20.12345), (23, 23)] as [(Double, Double)] {
      let point = ResumePoint(time: MediaTime(seconds: time), audioFrom: MediaTime(seconds: sound))
      options.resume = point
      let rest = try await Delivery(path, options)
      let framesAreSame = rest.frames == whole.frames.filter { $0.time >= point.time }
      #expect(framesAreSame, "from \(time)")
      let skipped = Int((sound * 16000).rounded(.up)) - Int(whole.chunks[0].start.nanoseconds / 62500)
      let samplesAreSame = rest.samples == Array(whole.samples.dropFirst(max(0, skipped)))
      #expect(samplesAreSame, "from \(sound)")
      let same = Set(whole.chunks.map(\.start)).intersection(rest.chunks.map(\.start))
      #expect(same.count >= rest.chunks.count - 1)
      #expect(rest.statistics.pictures.framesDecoded <= whole.statistics.pictures.framesDecoded)
    }
  }

  @Test("video is not decoded from the beginning where there are key frames", arguments: ["mp4", "ts", "mkv"])
  func startsLate(container: String) async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=40 -c:v libx264 -bf 3 -g 50 -pix_fmt yuv420p -an long.\(container)")
    var options = MediaOptions(samplesPerSecond: .infinity)
    options.resume = ResumePoint(time: MediaTime(seconds: 35), audioFrom: .zero)
    let delivery = try await Delivery(path, options)
    #expect(delivery.frames.count == 125)
    #expect(delivery.statistics.pictures.framesDecoded < 450)
  }
}
