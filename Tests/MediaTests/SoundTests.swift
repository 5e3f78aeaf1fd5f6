import Core
import Foundation
import Testing

@testable import Media

@Suite("sound comes out as 16 kHz mono with exact times", .serialized)
struct SoundTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  /// Cycles per second, by counting upward zero crossings.
  private func pitch(_ samples: some Collection<Float>) -> Double {
    let crossings = zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
    return Double(crossings) * 16000 / Double(samples.count)
  }

  private func floats(_ raw: Data) -> [Float] {
    raw.withUnsafeBytes { bytes in (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) } }
  }

  @Test(
    "samples equal those of ffmpeg's own resampler",
    arguments: [
      "-c:a aac a.mp4", "-c:a libmp3lame a.mp3", "-c:a flac a.flac", "-c:a libopus a.webm", "-c:a libvorbis a.ogg", "-c:a ac3 a.ts",
    ])
  func parity(encoding: String) async throws {
    let path = try shop.ffmpeg("-f lavfi -i 'aevalsrc=0.4*sin(2*PI*(300+200*t)*t)+0.1*random(0):s=44100:d=3.3' -ar 48000 -ac 2 \(encoding)")
    let theirs = floats(
      try shop.run(
        "ffmpeg",
        [
          "-nostdin", "-v", "error", "-i", path, "-af", "aresample=16000:ocl=mono:osf=flt:rematrix_maxval=1", "-ac", "1", "-c:a",
          "pcm_f32le", "-f", "f32le", "-",
        ]))
    let ours = try await Delivery(path).samples
    #expect(abs(ours.count - theirs.count) <= 2, "\(ours.count) and \(theirs.count)")
    let worst = zip(ours, theirs).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-5, "\(worst)")
  }

  @Test(
    "what an encoder puts before the first sample is left out",
    arguments: ["-c:a aac a.mp4", "-c:a libmp3lame a.mp3", "-c:a libopus a.webm", "-c:a libopus a.ogg"])
  func priming(encoding: String) async throws {
    // Silence for exactly one second, then a tone.
    let path = try shop.ffmpeg("-f lavfi -i 'aevalsrc=gte(t\\,1)*0.5*sin(2*PI*1000*t):s=48000:d=2' \(encoding)")
    let delivery = try await Delivery(path)
    let onset = try #require(delivery.samples.firstIndex { abs($0) > 0.1 })
    let time = delivery.chunks[0].start.seconds + Double(onset) / 16000
    #expect(abs(time - 1) < 0.008, "\(time)")
    #expect(abs(Double(delivery.samples.count) / 16000 - 2) < 0.03)
  }

  @Test("the default track is chosen, or the one asked for, and all are described")
  func tracks() async throws {
    let path = try shop.ffmpeg(
      """
      -f lavfi -i sine=300:d=2 -f lavfi -i sine=500:d=2 -f lavfi -i sine=700:r=22050:d=2 -map 0 -map 1 -map 2 -c:a aac \
      -metadata:s:a:0 language=eng -metadata:s:a:1 language=deu -metadata:s:a:2 language=fra -metadata:s:a:2 title=Commentaire \
      -disposition:a:0 0 -disposition:a:1 default -disposition:a:2 0 three.mkv
      """)
    let automatic = try await Delivery(path)
    #expect(automatic.description.chosenAudioTrack == 1)
    #expect(abs(pitch(automatic.samples) - 500) < 5)
    #expect(
      automatic.description.audioTracks.map(\.language) == ["eng", "ger", "fre"]
        || automatic.description.audioTracks.map(\.language) == ["eng", "deu", "fra"])
    #expect(automatic.description.audioTracks[2].title == "Commentaire" && automatic.description.audioTracks[2].sampleRateHertz == 22050)
    let third = try await Delivery(path, MediaOptions(audioTrack: .index(2)))
    #expect(abs(pitch(third.samples[1600..<28000]) - 700) < 5)
    let error = await failure(path, MediaOptions(audioTrack: .index(3)))
    #expect(
      error?.code == .misconfigured && error?.message.contains("no audio track 3; it has 0 (eng), 1") == true,
      "\(String(describing: error))")
    let nothing = await failure(path, MediaOptions(audioTrack: .none))
    #expect(nothing?.code == .misconfigured)
  }

  @Test("many channels are mixed down without clipping", arguments: ["stereo", "5.1", "7.1", "mono"])
  func mixing(layout: String) async throws {
    let path = try shop.ffmpeg(
      "-f lavfi -i 'aevalsrc=0.9*sin(2*PI*400*t):s=48000:d=2' -af 'pan=\(layout)|\(pan(layout))' -c:a pcm_f32le mixed.wav")
    let samples = try await Delivery(path).samples
    let peak = samples[1600..<samples.count - 1600].map(abs).max() ?? 0
    #expect(peak > 0.6 && peak < 1, "\(peak)")
    #expect(abs(pitch(samples) - 400) < 5)
  }

  private func pan(_ layout: String) -> String {
    let channels = ["mono": 1, "stereo": 2, "5.1": 6, "7.1": 8][layout] ?? 1
    return (0..<channels).map { "c\($0)=c0" }.joined(separator: "|")
  }

  @Test("chunks are at most a second, end on whole seconds and leave out nothing")
  func chunks() async throws {
    let path = try shop.ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=5 -itsoffset 0.7 -f lavfi -i sine=440:d=3.9 -c:a pcm_s16le -c:v ffv1 late.mkv")
    let delivery = try await Delivery(path)
    #expect(delivery.chunks.map(\.start.seconds) == [0.7, 1, 2, 3, 4])
    #expect(zip(delivery.chunks, delivery.chunks.dropFirst()).allSatisfy { $0.range.end == $1.start })
    #expect(abs(delivery.samples.count - 62400) <= 2)
  }

  @Test("a hole makes the next chunk start later, at its own time")
  func hole() async throws {
    let path = try shop.ffmpeg(
      "-f lavfi -i 'aevalsrc=0.5*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.5):s=16000:d=6' -af 'aselect=not(between(t\\,2.2\\,4.6))' -c:a pcm_s16le hole.mkv"
    )
    let delivery = try await Delivery(path)
    let starts = delivery.chunks.map(\.start.seconds)
    let after = try #require(delivery.chunks.first { $0.start.seconds > 4 })
    #expect(starts.prefix(3) == [0, 1, 2])
    #expect(after.start.seconds >= 4.55 && after.start.seconds <= 4.67, "\(starts)")
    // The tone starts again on the whole second 5, as it did before the hole.
    let five = try #require(delivery.chunks.first { $0.start.seconds == 5 })
    #expect(abs(five.samples[100]) + abs(five.samples[104]) > 0.1)
    #expect(after.samples.suffix(1000).allSatisfy { abs($0) < 0.05 })
  }

  @Test("small jitter of timestamps moves nothing, and overlaps are cut off")
  func jitter() async throws {
    let steady = try shop.ffmpeg("-f lavfi -i sine=440:r=16000:d=5 -c:a pcm_s16le steady.mkv")
    let shaky = try shop.ffmpeg("-f lavfi -i sine=440:r=16000:d=5 -af 'asetpts=PTS+(random(7)-0.5)*0.03/TB' -c:a pcm_s16le shaky.mkv")
    let (a, b) = (try await Delivery(steady), try await Delivery(shaky))
    #expect(abs(a.samples.count - b.samples.count) <= 320)
    #expect(b.chunks.count >= 5 && zip(b.chunks, b.chunks.dropFirst()).allSatisfy { $0.range.end == $1.start })
    // Every tenth of a second of sound is said to start 0.1 s earlier than the last ended.
    try shop.ffmpeg("-f lavfi -i sine=440:r=16000:d=3 -c:a pcm_s16le first.mkv")
    let overlapping = try shop.ffmpeg(
      "-f lavfi -i sine=440:r=16000:d=4 -af 'asetpts=PTS-gte(T\\,2)*0.3/TB' -c:a pcm_s16le overlapping.mkv")
    let c = try await Delivery(overlapping)
    #expect(abs(Double(c.samples.count) / 16000 - 3.7) < 0.1, "\(c.samples.count)")
    #expect(zip(c.chunks, c.chunks.dropFirst()).allSatisfy { $0.range.end <= $1.start })
  }

  @Test("a sample rate that changes on the way does not move the clock")
  func rateChange() async throws {
    try shop.ffmpeg("-f lavfi -i sine=440:r=48000:d=2 -c:a mp2 a.ts")
    try shop.ffmpeg("-f lavfi -i sine=440:r=32000:d=2 -ac 2 -c:a mp2 -output_ts_offset 2 b.ts")
    let path = try shop.write("changing.ts", try shop.bytes("a.ts") + shop.bytes("b.ts"))
    let delivery = try await Delivery(path)
    #expect(abs(Double(delivery.samples.count) / 16000 - 4) < 0.1)
    #expect(abs(pitch(delivery.samples[1600..<30000]) - 440) < 6)
    #expect(abs(pitch(delivery.samples[34000..<62000]) - 440) < 6)
  }

  @Test("pictures and sound come out side by side", arguments: ["mp4", "mkv", "ts", "avi"])
  func interleaving(container: String) async throws {
    let path = try shop.ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=30 -f lavfi -i sine=440:d=30 -c:v mpeg4 -g 50 -c:a mp2 -shortest side.\(container)")
    let delivery = try await Delivery(path)
    var (seen, heard, worst) = (0.0, 0.0, 0.0)
    for item in delivery.items {
      switch item {
      case .frame(let frame): seen = frame.range.end.seconds
      case .audio(let chunk): heard = chunk.range.end.seconds
      case .gap: break
      }
      if seen > 0, heard > 0, seen < 29, heard < 29 { worst = max(worst, abs(seen - heard)) }
    }
    #expect(worst < 3, "\(worst)")
    #expect(delivery.frames.count == 30)
  }
}
