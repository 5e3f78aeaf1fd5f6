import Core
import Foundation
import Testing

@testable import Media

@Suite("Why a live source gives nothing more")
struct LiveFaultTests {
  /// FFmpeg's numbers (libavutil/error.h); those of the system are negated.
  private static let eof = tag("EOF ")
  private static let interrupted = tag("EXIT")
  private static let serverError = -Int32(0x5858_35f8)

  private static func tag(_ text: String) -> Int32 {
    -text.utf8.reversed().reduce(Int32(0)) { $0 << 8 | Int32($1) }
  }

  @Test(
    "errors are said in words for people, by what was going on",
    arguments: [
      ("udp://h:1", interrupted, LiveFault.Moment.reading, "the source stopped sending"),
      ("udp://h:1", -EIO, .reading, "the source stopped sending"), ("udp://h:1", -EIO, .opening, "nobody sends"),
      ("rtmp://h/a/b", -EIO, .reading, "the server closed the connection"),
      ("rtmp://h/a/b", -EPIPE, .reading, "the server broke the connection off"),
      ("srt://h:1", -EIO, .opening, "the server did not let the connection come about"),
      ("http://h/x", -ECONNRESET, .reading, "the server broke the connection off"),
      ("http://h/x", -EIO, .opening, "the server gave no answer that makes sense"), ("http://h/x", -ETIMEDOUT, .opening, "no answer"),
      ("http://h/x", serverError, .opening, "the server has a fault of its own (5xx)"),
      ("rtsp://h/x", eof, .reading, "the source stopped sending"),
      ("v4l2:/dev/video9", -ENOENT, .opening, "there is no such device"),
    ])
  func words(text: String, code: Int32, moment: LiveFault.Moment, reason: String) throws {
    let source = try LiveSource(text)
    let fault = LiveFault.of(code, source, at: moment, logged: "")
    #expect(fault == LiveFault(.absent, "\(text): \(reason)"))
    // FFmpeg's own words for the number say nothing new.
    #expect(LiveFault.of(code, source, at: moment, logged: "x: \(FFmpegFault.text(code))").message == fault.message)
  }

  @Test("what FFmpeg logged is told where it says more, and a refusal is one")
  func details() throws {
    let source = try LiveSource("rtmp://h/a/b")
    let fault = LiveFault.of(-EPERM, source, at: .opening, logged: "Server error: No such stream")
    #expect(fault == LiveFault(.refused, "rtmp://h/a/b: the server refused (Server error: No such stream)"))
  }

  @Test("only a playlist that says so is complete, and a choice of playlists leads to one that knows")
  func playlist() {
    #expect(!Playlist("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\ns1.ts\n").isComplete)
    #expect(Playlist("#EXTM3U\r\n#EXTINF:1,\r\ns1.ts\r\n#EXT-X-ENDLIST\r\n").isComplete)
    #expect(!Playlist("<html>404 #EXT-X-ENDLIST</html>").isComplete)
    let choice = Playlist("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n\nlow/live.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nhigh/live.m3u8\n")
    #expect(choice.variant == "low/live.m3u8" && !choice.isComplete)
  }

  @Test("a playlist that nobody serves any more has not ended")
  func playlistIsGone() throws {
    let source = try LiveSource("http://127.0.0.1:9/live.m3u8")
    let fault = Playlist.ending(of: source, LiveOptions(), Interruption())
    #expect(fault == LiveFault(.absent, "http://127.0.0.1:9/live.m3u8: the playlist is gone: connection refused"))
  }

  @Test("what came is told in stretches, one for each time without a hole")
  func stretches() {
    var batch = LiveBatch()
    for start in [0.0, 0.5, 0.3, 1.9, 6, 6.5] { batch.note(TimeRange(seconds: start...start + 0.5)) }
    #expect(batch.stretches == [TimeRange(seconds: 0...2.4), TimeRange(seconds: 6...7)])
  }
}

@Suite("An MP4 that somebody is writing")
struct MP4LayoutTests {
  private func box(_ kind: String, _ payload: Int, claimed: UInt32? = nil) -> [UInt8] {
    let length = claimed ?? UInt32(payload + 8)
    return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + Array(kind.utf8) + [UInt8](repeating: 0, count: payload)
  }

  private func layout(_ boxes: [UInt8]...) -> MP4Layout {
    let bytes = Array(boxes.joined())
    return MP4Layout(size: Int64(bytes.count)) { position, count in Array(bytes.dropFirst(Int(position)).prefix(count)) }
  }

  @Test("without its index it is unfinished, with it whole, whichever comes first; in fragments it is followed")
  func layouts() {
    let (start, index) = (box("ftyp", 16), box("moov", 300))
    #expect(layout(start, box("free", 0), box("mdat", 5000, claimed: 0)) == .unfinished)
    #expect(layout(start, box("mdat", 5000)) == .unfinished)
    #expect(layout(start, box("mdat", 5000), box("moov", 100, claimed: 400)) == .unfinished)
    #expect(layout(start, box("mdat", 5000), index) == .whole)
    #expect(layout(start, index, box("mdat", 5000)) == .whole)
    #expect(layout(start, index, box("mdat", 5000, claimed: 9000)) == .followed)
    #expect(layout(start, index, box("moof", 90), box("mdat", 500)) == .followed)
    #expect(layout(start) == .followed)
    #expect(layout([UInt8](repeating: 0x47, count: 1880)) == .followed)
    #expect(layout([]) == .followed)
  }

  @Test("it is waited for while it is written, and read to its end when it is finished")
  func finished() async throws {
    let workshop = try Workshop()
    let path = try workshop.ffmpeg("-f lavfi -i testsrc2=s=160x120:r=10 -t 3 -c:v mpeg4 whole.mp4")
    let bytes = try workshop.bytes("whole.mp4")
    let index = try #require(bytes.indices.last { Array(bytes[$0...].prefix(4)) == Array("moov".utf8) })
    let unfinished = LiveReader(try LiveSource(try workshop.write("cut.mp4", Array(bytes[..<(index - 4)]))), LiveOptions())
    let fault = await #expect(throws: LiveFault.self) { _ = try await unfinished.open(from: .zero) { 0 } }
    #expect(fault?.kind == .absent && fault?.message.contains("when it is finished") == true)

    let reader = LiveReader(try LiveSource(path), LiveOptions())
    _ = try await reader.open(from: .zero, anchor: .zero) { 0 }
    var frames = 0
    while true {
      let batch = try await reader.next()
      frames += batch.items.count
      guard let fault = batch.fault else { continue }
      #expect(fault.kind == .ended)
      break
    }
    #expect(frames == 3)
    await reader.close()
  }
}
