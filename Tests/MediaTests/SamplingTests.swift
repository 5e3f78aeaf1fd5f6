import Core
import Foundation
import Testing

@testable import Media

@Suite("frames are sampled by their timestamps", .serialized)
struct SamplingTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  @Test("one frame a second, each of its own second's colour, with ranges that tile the file")
  func oncePerSecond() async throws {
    let path = try shop.ffmpeg(
      """
      -f lavfi -i 'color=red:s=64x48:r=25:d=1[a];color=lime:s=64x48:r=25:d=1[b];color=blue:s=64x48:r=25:d=1[c];\
      color=white:s=64x48:r=25:d=1[d];[a][b][c][d]concat=n=4' -f lavfi -i 'sine=440:r=44100:d=4' \
      -c:v libx264 -bf 3 -pix_fmt yuv420p -c:a aac a.mp4
      """)
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

  @Test("without a rate every frame is delivered, at the times ffprobe reports less the start time")
  func everyFrame() async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=24000/1001:d=3 -c:v libx264 -bf 3 -g 20 -an all.ts")
    let printed = try shop.words(
      of: "ffprobe", "-v error -select_streams v -show_entries frame=best_effort_timestamp_time -of csv=p=0 \(path)")
    let stamps = printed.split(whereSeparator: { ",\n".contains($0) }).compactMap { Double($0) }
    let delivery = try await Delivery(path, MediaOptions(samplesPerSecond: .infinity))
    #expect(delivery.frames.count == stamps.count && stamps.count > 70)
    for (frame, stamp) in zip(delivery.frames, stamps) { #expect(abs(frame.time.seconds - (stamp - stamps[0])) < 2e-6) }
    #expect(delivery.frames.allSatisfy { $0.pictures.isEmpty })
  }

  @Test("time 0 is the container's start time, and a stream that starts later is late", arguments: ["mp4", "ts", "mkv", "flv"])
  func startTime(container: String) async throws {
    let path = try shop.ffmpeg(
      """
      -f lavfi -i testsrc2=s=64x48:r=25:d=4 -itsoffset 1.5 -f lavfi -i sine=440:d=2 -c:v libx264 -bf 2 -pix_fmt yuv420p -c:a aac \
      -output_ts_offset 7 start.\(container)
      """)
    let printed = try shop.words(of: "ffprobe", "-v error -show_entries format=start_time -of csv=p=0 \(path)")
    let start = try #require(Double(printed.trimmingCharacters(in: .whitespacesAndNewlines)))
    let delivery = try await Delivery(path)
    #expect(abs(delivery.description.startTime.seconds - start) < 2e-6)
    #expect(delivery.times.prefix(4) == [0, 1, 2, 3])
    let sound = try #require(delivery.chunks.first)
    #expect(abs(sound.start.seconds - 1.5) < 0.06, "\(sound.start)")
  }

  @Test("where frames are rarer than samples each is delivered once and lasts until the next")
  func rareFrames() async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=1/3:d=15 -f lavfi -i sine=440:d=17 -c:v ffv1 -c:a pcm_s16le rare.mkv")
    let delivery = try await Delivery(path)
    #expect(delivery.times == [0, 3, 6, 9, 12])
    #expect(delivery.frames.map(\.range.end.seconds) == [3, 6, 9, 12, 17])
  }

  @Test("with a variable frame rate the first frame at or after each due time is taken")
  func variableRate() async throws {
    let path = try shop.ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=30:d=12 -vf 'select=gt(random(1)\\,0.85)' -vsync vfr -c:v libx264 -bf 2 -g 40 -an vfr.mp4")
    let all = try await Delivery(path, MediaOptions(samplesPerSecond: .infinity))
    for rate in [1, 2.5] {
      let picked = try await Delivery(path, MediaOptions(samplesPerSecond: rate))
      #expect(picked.times == Self.firstAtOrAfterDue(all.times, rate))
    }
  }

  /// The rule, said again from scratch.
  static func firstAtOrAfterDue(_ times: [Double], _ rate: Double) -> [Double] {
    var picked: [Double] = []
    for index in 0...Int((times.last ?? 0) * rate) {
      if let first = times.first(where: { $0 > Double(index) / rate - 1.5e-6 }), first != picked.last { picked.append(first) }
    }
    return picked
  }

  @Test(
    "leaving out what no sample needs picks the same pictures as decoding everything",
    arguments: [
      "-c:v libx264 -bf 3 -g 250 x.mp4", "-c:v libx264 -bf 3 -g 20 -x264-params open-gop=1:b-pyramid=2 x.mp4",
      "-c:v libx264 -bf 3 -g 25 -x264-params open-gop=1 x.ts", "-c:v libx264 -g 1 x.mp4", "-c:v libx264 -g 40 -refs 8 -bf 8 x.mkv",
      "-c:v mpeg2video -bf 2 -g 15 x.ts", "-c:v mpeg2video -bf 2 -g 12 -flags +cgop -sc_threshold 1000000000 x.mpg",
      "-c:v libx265 -bf 3 -g 25 -x265-params log-level=none x.mp4", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 30 x.webm",
      "-c:v mpeg4 -bf 2 -g 20 x.avi", "-c:v mpeg4 -g 20 x.mp4", "-c:v mjpeg x.mov", "-c:v libvpx -deadline realtime -g 50 x.webm",
      "-c:v libx264 -bf 3 -g 30 -r 30000/1001 x.ts", "-c:v libtheora -g 30 x.ogv",
    ])
  func skipping(encoding: String) async throws {
    let path = try shop.ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25:d=8 -pix_fmt \(encoding.contains("mjpeg") ? "yuvj420p" : "yuv420p") \(encoding)")
    let renditions = [Rendition.fit(width: 96, height: 64, planes: 3)]
    let all = try await Delivery(path, MediaOptions(samplesPerSecond: .infinity, renditions: renditions))
    #expect(all.frames.count >= 198)
    for rate in [1, 0.4, 3.3] {
      let picked = try await Delivery(path, MediaOptions(samplesPerSecond: rate, renditions: renditions))
      #expect(picked.times == Self.firstAtOrAfterDue(all.times, rate), "\(rate) a second")
      let byTime = Dictionary(uniqueKeysWithValues: all.frames.map { ($0.time, $0.pictures[0]) })
      #expect(picked.frames.allSatisfy { byTime[$0.time] == $0.pictures[0] }, "\(rate) a second")
      let unskippable = ["avi", "mpg"].contains { encoding.hasSuffix($0) }
      #expect(unskippable || picked.statistics.pictures.framesDecoded < all.frames.count, "\(picked.statistics)")
      #expect(picked.statistics.pictures.packetsUndecodable == 0)
    }
  }

  @Test("a stream that refreshes gradually, without true key frames, loses no sample")
  func gradualRefresh() async throws {
    let path = try shop.ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25:d=8 -pix_fmt yuv420p -c:v libx264 -g 15 -x264-params intra-refresh=1 refresh.ts")
    let picked = try await Delivery(path)
    #expect(picked.times.map { $0.rounded(.down) } == [0, 1, 2, 3, 4, 5, 6, 7])
  }

  @Test("cover art is not video, and a picture-less file is heard")
  func coverArt() async throws {
    try shop.ffmpeg("-f lavfi -i color=red:s=64x64 -frames:v 1 cover.png")
    let path = try shop.ffmpeg(
      "-f lavfi -i sine=440:d=2 -i \(shop.path("cover.png")) -map 0 -map 1 -c:a aac -c:v png -disposition:v attached_pic song.m4a")
    let delivery = try await Delivery(path)
    #expect(delivery.description.video == nil)
    #expect(delivery.frames.isEmpty)
    #expect(abs(delivery.samples.count - 32000) < 600)
  }

  @Test("video without sound, and a still picture, are read")
  func silent() async throws {
    let video = try await Delivery(try shop.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=10:d=2 -c:v libvpx-vp9 -deadline realtime silent.webm"))
    #expect(video.times == [0, 1] && video.chunks.isEmpty && video.description.audioTracks.isEmpty)
    let still = try await Delivery(try shop.ffmpeg("-f lavfi -i testsrc2=s=64x48 -frames:v 1 still.png"))
    #expect(still.times == [0])
  }

  @Test("recordings joined end to end, with clocks that start again, become one clock that goes forward")
  func joined() async throws {
    for index in 0..<3 {
      try shop.ffmpeg(
        "-f lavfi -i testsrc2=s=64x48:r=25:d=4 -f lavfi -i sine=440:d=4 -c:v libx264 -g 25 -bf 2 -pix_fmt yuv420p -c:a mp2 \(index).ts")
    }
    let path = try shop.write("joined.ts", try (0..<3).flatMap { try shop.bytes("\($0).ts") })
    let delivery = try await Delivery(path)
    #expect(delivery.times.map { $0.rounded(.down) } == (0..<12).map(Double.init))
    #expect(abs(Double(delivery.samples.count) / 16000 - 12) < 0.3)
    #expect(zip(delivery.chunks, delivery.chunks.dropFirst()).allSatisfy { $0.range.end <= $1.start })
  }

  @Test("a claimed duration is only a claim")
  func lyingDuration() async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=3 -c:v libx264 -pix_fmt yuv420p true.mp4")
    var bytes = try shop.bytes("true.mp4")
    // The durations of movie, track and media headers are made a thousand times longer.
    for (name, offset) in [("mvhd", 16), ("tkhd", 20), ("mdhd", 16)] {
      let at = try #require(bytes.firstRange(of: Array(name.utf8))).upperBound + offset
      let value = bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) } * 1000
      for byte in 0..<4 { bytes[at + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * byte)) }
    }
    let delivery = try await Delivery(try shop.write("lying.mp4", bytes))
    #expect(path.hasSuffix("true.mp4") && delivery.times == [0, 1, 2] && delivery.gaps.isEmpty)
    #expect(abs(delivery.frames[2].range.end.seconds - 3) < 0.1)
  }
}
