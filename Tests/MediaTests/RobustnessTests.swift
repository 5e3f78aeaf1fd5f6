import Core
import Foundation
import Testing

@testable import Media

@Suite("bad input gives one clear line, never a crash or a hang", .serialized)
struct RobustnessTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  private func check(
    _ error: MediaError?, _ code: FailureCode, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(error?.code == code, "\(error?.message ?? "no error")", sourceLocation: sourceLocation)
    let message = error?.message ?? ""
    #expect(!message.contains("\n") && message.count < 400, sourceLocation: sourceLocation)
    for word in words { #expect(message.contains(word), "\(message)", sourceLocation: sourceLocation) }
  }

  private func clip(_ name: String, seconds: Int = 4, _ more: String = "") throws -> String {
    try shop.ffmpeg(
      """
      -f lavfi -i testsrc2=s=64x48:r=25:d=\(seconds) -f lavfi -i sine=440:d=\(seconds) -c:v libx264 -bf 2 -g 25 -pix_fmt yuv420p \
      -c:a aac \(more) \(name)
      """)
  }

  @Test("what is not there, not a file, or not readable")
  func notFiles() async throws {
    check(await failure(shop.path("missing.mp4")), .unavailable, "missing.mp4", "no such file")
    check(await failure(""), .unavailable, "no such file")
    check(await failure(shop.folder.path), .misconfigured, "is a folder")
    try shop.run("mkfifo", [shop.path("pipe")])
    check(await failure(shop.path("pipe")), .misconfigured, "not a regular file")
    check(await failure("/dev/zero"), .misconfigured, "not a regular file")
    check(await failure(try shop.write("empty.mp4", [])), .corruptInput, "empty.mp4", "is empty")
    check(await failure("rtsp://me:secret@camera/1"), .misconfigured, "rtsp://***@camera/1", "an address")
    #expect(await failure("rtsp://me:secret@camera/1")?.message.contains("secret") == false)
  }

  @Test("a file without read permission", .enabled(if: geteuid() != 0, "the super-user reads everything"))
  func forbidden() async throws {
    let path = try clip("locked.mp4")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    check(await failure(path), .unavailable, "no permission")
  }

  @Test("random bytes, and text with a media file's name")
  func notMedia() async throws {
    var random = SplitMix(seed: 5)
    for size in [1, 100, 5000, 300_000] {
      let noise = (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      check(await failure(try shop.write("noise\(size).mp4", noise)), .corruptInput, "noise\(size).mp4", "not a media file")
    }
    let text = Array(String(repeating: "It was a dark and stormy night; the rain fell in torrents.\n", count: 200).utf8)
    check(await failure(try shop.write("novel.mp4", text)), .corruptInput, "novel.mp4", "not a media file")
    check(await failure(try shop.write("novel.txt", text)), .corruptInput, "novel.txt", "is a text file")
    check(await failure(try shop.write("zeros.mp4", [UInt8](repeating: 0, count: 100_000))), .corruptInput, "zeros.mp4", "not a media file")
  }

  @Test("an MP4 cut before its index says so")
  func cutWithoutIndex() async throws {
    let path = try clip("whole.mp4")
    let bytes = try shop.bytes("whole.mp4")
    check(await failure(try shop.write("cut.mp4", Array(bytes[..<(bytes.count * 6 / 10)]))), .corruptInput, "cut.mp4", "moov")
    #expect(await failure(path) == nil)
  }

  @Test("an MP4 with its index in front is read up to the cut, and the rest is reported as a gap")
  func cutWithIndex() async throws {
    _ = try clip("front.mp4", seconds: 10, "-movflags +faststart")
    let bytes = try shop.bytes("front.mp4")
    let delivery = try await Delivery(try shop.write("cut.mp4", Array(bytes[..<(bytes.count * 6 / 10)])))
    let gap = try #require(delivery.gaps.last)
    #expect(gap.reason.contains("cut short"))
    #expect(gap.range.start.seconds > 3 && gap.range.start.seconds < 9 && abs(gap.range.end.seconds - 10) < 0.2, "\(gap.range)")
    #expect(delivery.times.count >= 3 && delivery.times.allSatisfy { $0 < gap.range.start.seconds })
  }

  @Test("a truncated transport stream and a truncated Matroska file are read up to the cut")
  func cutStreams() async throws {
    for name in ["cut.ts", "cut.mkv"] {
      _ = try clip(name, seconds: 10)
      let bytes = try shop.bytes(name)
      let delivery = try await Delivery(try shop.write(name, Array(bytes[..<(bytes.count / 2)])))
      #expect((2...8).contains(delivery.times.count), "\(name): \(delivery.times)")
    }
  }

  @Test("a file with nothing to see or hear in it")
  func noStreams() async throws {
    let captions = try shop.write("captions.srt", Array("1\n00:00:01,000 --> 00:00:02,000\nHello\n\n".utf8))
    check(await failure(captions), .corruptInput, "neither video nor audio")
    let path = try shop.ffmpeg("-i \(captions) -c:s mov_text nothing.mp4")
    check(await failure(path), .corruptInput, "nothing.mp4")
  }

  @Test("pictures larger than the limit are refused by their header, naming the size")
  func tooLarge() async throws {
    _ = try shop.ffmpeg("-f lavfi -i color=red:s=64x48:r=1 -frames:v 1 small.png")
    var picture = try shop.bytes("small.png")
    picture.replaceSubrange(16..<24, with: [0, 0, 0x40, 0, 0, 0, 0x40, 0])
    check(await failure(try shop.write("huge.png", picture)), .limitExceeded, "16384x16384")
    let small = try clip("small.mp4")
    check(await failure(small, MediaOptions(limits: MediaLimits(pixels: 1000))), .limitExceeded, "64x48")
    _ = try shop.ffmpeg("-f lavfi -i color=red:s=64x48:r=1:d=3 -pix_fmt yuvj420p -c:v mjpeg small.mov")
    var film = try shop.bytes("small.mov")
    while let header = film.firstRange(of: [0xFF, 0xC0, 0, 17, 8, 0, 48, 0, 64]) {
      film.replaceSubrange(header.upperBound - 4..<header.upperBound, with: [0x40, 0, 0x40, 0])
    }
    check(await failure(try shop.write("huge.mov", film)), .limitExceeded, "16384x16384")
  }

  @Test("a container that lies about the size plays at the size of its pictures")
  func lyingSize() async throws {
    _ = try shop.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=2 -c:v libx264 -pix_fmt yuv420p true.mp4")
    var bytes = try shop.bytes("true.mp4")
    let at = try #require(bytes.firstRange(of: Array("avc1".utf8) + [0, 0, 0, 0, 0, 0, 0, 1])).upperBound + 16
    bytes.replaceSubrange(at..<at + 4, with: [0x40, 0, 0x40, 0])
    let delivery = try await Delivery(
      try shop.write("lying.mp4", bytes), MediaOptions(renditions: [.fit(width: 500, height: 500, planes: 3)]))
    #expect(delivery.frames.map { $0.pictures[0].shape } == ["64x48x3", "64x48x3"])
  }

  @Test("a sample rate that lies takes no memory")
  func lyingRate() async throws {
    _ = try shop.ffmpeg("-f lavfi -i sine=440:d=1 -c:a pcm_s16le true.wav")
    var bytes = try shop.bytes("true.wav")
    bytes.replaceSubrange(24..<28, with: [0, 0, 0, 0x70])
    check(await failure(try shop.write("lying.wav", bytes)), .corruptInput, "lying.wav")
  }

  @Test("too many streams are refused")
  func tooManyStreams() async throws {
    let maps = String(repeating: "-map 0 ", count: 12)
    let path = try shop.ffmpeg("-f lavfi -i sine=440:d=1 \(maps) -c:a aac many.mp4")
    check(await failure(path, MediaOptions(limits: MediaLimits(streams: 8))), .limitExceeded, "8 streams")
    #expect(await failure(path) == nil)
  }

  @Test("a playlist given as a file opens nothing else")
  func playlists() async throws {
    let secret = try clip("secret.ts")
    let m3u8 = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://\(secret)\n#EXT-X-ENDLIST\n"
    check(await failure(try shop.write("list.m3u8", Array(m3u8.utf8))), .misconfigured, "playlist")
    check(await failure(try shop.write("list.mp4", Array(m3u8.utf8))), .misconfigured, "playlist")
    let concat = "ffconcat version 1.0\nfile 'secret.ts'\n"
    check(await failure(try shop.write("list.ffconcat", Array(concat.utf8))), .misconfigured, "list.ffconcat", "playlist")
    let sdp = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
    #expect(await failure(try shop.write("list.sdp", Array(sdp.utf8))) != nil)
  }

  @Test("a stretch that cannot be decoded is a gap, and what follows it is seen")
  func undecodable() async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=10 -c:v mjpeg -pix_fmt yuvj420p -an whole.mov")
    let offsets = try shop.words(of: "ffprobe", "-v error -show_entries packet=pos,size -of csv=p=0 \(path)")
      .split(separator: "\n").map { $0.split(separator: ",").compactMap { Int($0) } }
    var bytes = try shop.bytes("whole.mov")
    for packet in offsets[75..<175] {
      let (size, position) = (packet[0], packet[1])
      for index in position..<position + size { bytes[index] = 0 }
    }
    let delivery = try await Delivery(try shop.write("holed.mov", bytes))
    let gap = try #require(delivery.gaps.first)
    #expect(delivery.gaps.count == 1 && gap.range.start.seconds >= 2.9 && gap.range.end.seconds == 7, "\(gap)")
    #expect(delivery.times == [0, 1, 2, 7, 8, 9])
    #expect(delivery.frames[2].range.end <= gap.range.start && delivery.statistics.pictures.packetsUndecodable > 0)
  }

  @Test("cancelling ends reading with a cancellation, not with an end of the file")
  func cancelling() async throws {
    let reader = try await MediaReader(path: try clip("long.mp4", seconds: 20), options: MediaOptions())
    #expect(try await reader.next() != nil)
    reader.cancel()
    await #expect(throws: CancellationError.self) {
      while try await reader.next() != nil {}
    }
    await reader.close()
    #expect(try await reader.next() == nil)
  }

  @Test("items fetched together are those fetched one by one, in fewer calls")
  func batches() async throws {
    let path = try clip("batch.mp4", seconds: 20)
    let options = MediaOptions(samplesPerSecond: .infinity)
    let single = try await Delivery(path, options)
    let reader = try await MediaReader(path: path, options: options)
    var (frames, chunks, calls): ([VideoFrame], [AudioChunk], Int) = ([], [], 0)
    while true {
      let items = try await reader.next(atMost: 16)
      if items.isEmpty { break }
      #expect(items.count <= 16)
      calls += 1
      for item in items {
        if case .frame(let frame) = item { frames.append(frame) }
        if case .audio(let chunk) = item { chunks.append(chunk) }
      }
    }
    #expect(frames == single.frames && chunks == single.chunks)
    #expect(calls < single.items.count / 2, "\(calls) calls for \(single.items.count) items")
    await reader.close()
    #expect(try await reader.next(atMost: 16).isEmpty)
  }

  @Test("cancelling ends reading in batches as well")
  func batchEndsInCancellation() async throws {
    let reader = try await MediaReader(path: try clip("long.mp4", seconds: 20), options: MediaOptions())
    #expect(try await !reader.next(atMost: 1).isEmpty)
    reader.cancel()
    await #expect(throws: CancellationError.self) { while try await !reader.next(atMost: 16).isEmpty {} }
    await reader.close()
    #expect(try await reader.next(atMost: 16).isEmpty)
  }

  @Test("reading tells how far it has come")
  func progress() async throws {
    let reader = try await MediaReader(path: try clip("long.mp4", seconds: 10), options: MediaOptions())
    var last = MediaTime.zero
    while try await reader.next() != nil {
      let now = await reader.progress
      #expect(now >= last)
      last = now
    }
    #expect(abs(last.seconds - 10) < 0.2)
    await reader.close()
    #expect(await reader.progress == last)
    #expect(await reader.statistics.packetsRead > 250)
  }

  @Test("a rate that is no rate is refused", arguments: [0, -1, Double.nan])
  func badRate(_ rate: Double) async throws {
    check(await failure(try clip("a.mp4", seconds: 1), MediaOptions(samplesPerSecond: rate)), .misconfigured, "above 0")
  }

  @Test("damaged files end with an error or with what can be read, soon", .timeLimit(.minutes(3)), arguments: ["mp4", "ts", "mkv"])
  func damage(container: String) async throws {
    _ = try clip("whole.\(container)", seconds: 3)
    let whole = try shop.bytes("whole.\(container)")
    for seed in 0..<60 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      var bytes = whole
      for _ in 0..<(1 << (seed % 8)) {
        // Half of the hits go to the headers and indexes at both ends.
        let near = Int(random.next() % 2) == 0 ? 2000 : bytes.count
        let at = Int(random.next() % UInt64(min(near, bytes.count)))
        bytes[seed % 3 == 0 ? bytes.count - 1 - at : at] = UInt8(truncatingIfNeeded: random.next())
      }
      let path = try shop.write("damaged.\(container)", bytes)
      let start = ContinuousClock.now
      do {
        let options = MediaOptions(
          samplesPerSecond: seed % 5 == 0 ? .infinity : 2,
          renditions: [.centreCrop(side: 224, from: 256), .fit(width: 1280, height: 720, planes: 1)])
        let delivery = try await Delivery(path, options)
        #expect(delivery.samples.count < 100 * 16000 && delivery.frames.count < 300, "seed \(seed)")
        #expect(zip(delivery.frames, delivery.frames.dropFirst()).allSatisfy { $0.range.end <= $1.time }, "seed \(seed)")
        #expect(zip(delivery.chunks, delivery.chunks.dropFirst()).allSatisfy { $0.range.end <= $1.start }, "seed \(seed)")
        #expect(delivery.chunks.allSatisfy { $0.samples.count <= 16000 && !$0.samples.isEmpty }, "seed \(seed)")
      } catch let error as MediaError {
        #expect(error.message.contains("damaged.\(container)") && !error.message.contains("\n"), "seed \(seed)")
      }
      #expect(start.duration(to: .now) < .seconds(10), "seed \(seed)")
    }
  }
}

/// Seeded random numbers. *Source* Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
