import Foundation
import Testing

@testable import Media

@Suite("What a live source is called and opened with")
struct LiveSourceTests {
  @Test(
    "secrets of an address are never shown",
    arguments: [
      ("rtsp://user:s3cret@camera/stream", "rtsp://***@camera/stream"), ("http://a@b:s3cret@host/x", "http://***@host/x"),
      ("srt://host:9000?passphrase=s3cret&mode=caller", "srt://host:9000?passphrase=***&mode=caller"),
      ("https://host/live.m3u8?access_token=s3cret", "https://host/live.m3u8?access_token=***"),
      ("error opening 'rtmp://u:s3cret@h/app': refused", "error opening 'rtmp://***@h/app': refused"),
      ("cannot open rtsp://admin:s3/cr@et@10.0.0.5/ch1: refused", "cannot open rtsp://***@10.0.0.5/ch1: refused"),
      ("http://host:8080/live@noon", "http://host:8080/live@noon"),
      ("udp://239.0.0.1:5000?localaddr=10.0.0.1", "udp://239.0.0.1:5000?localaddr=10.0.0.1"),
    ])
  func redaction(text: String, shown: String) throws {
    #expect(redactingCredentials(in: text) == shown)
    if !text.contains(" ") {
      #expect(try LiveSource(text).display == shown)
      #expect(try !LiveSource(text).name.contains("s3cret"))
    }
  }

  @Test("credentials from elsewhere are put into an address that has none, and are not shown")
  func credentials() throws {
    let source = try LiveSource("rtsp://camera/stream", credentials: "user:p@ss/word")
    #expect(source.url == "rtsp://user:p%40ss%2Fword@camera/stream")
    #expect(source.display == "rtsp://camera/stream")
    #expect(try LiveSource("rtsp://a:b@camera/stream", credentials: "user:x").url == "rtsp://a:b@camera/stream")
  }

  @Test(
    "sources are told apart by how they are written",
    arguments: [
      ("-", LiveSource.Kind.standardInput, "stdin"), ("rtsp://camera:8554/live", .network("rtsp"), "camera:8554/live"),
      ("UDP://127.0.0.1:6001", .network("udp"), "127.0.0.1:6001"), ("lavfi:testsrc2", .device("lavfi"), "lavfi"),
      ("v4l2:/dev/video3", .device("v4l2"), "video3"), ("not-there-yet.ts", .file, "not-there-yet.ts"),
      ("https://h/a/live.m3u8?x=1", .network("https"), "h/a/live.m3u8"),
    ])
  func kinds(text: String, kind: LiveSource.Kind, name: String) throws {
    let source = try LiveSource(text)
    #expect(source.kind == kind)
    #expect(source.name == name)
  }

  @Test(
    "what cannot be followed is refused with a reason", arguments: ["", "gopher://host", "/tmp", "lavfi:", "concat:a|b", "rtsp:camera"])
  func refused(text: String) {
    let fault = #expect(throws: LiveFault.self) { try LiveSource(text) }
    #expect(fault?.kind == .misconfigured)
  }

  @Test("options have the names and units of their protocol")
  func options() throws {
    var options = LiveOptions()
    func dictionary(_ text: String) throws -> [String: String] { SourceOptions.dictionary(for: try LiveSource(text), options) }
    #expect(try dictionary("rtsp://h/x")["timeout"] == "12000000")
    #expect(try dictionary("rtsp://h/x")["rw_timeout"] == nil)
    #expect(try dictionary("rtmp://h/x")["timeout"] == nil, "a time-out of RTMP's makes it listen")
    #expect(try dictionary("srt://h:1")["connect_timeout"] == "3000")
    #expect(try dictionary("udp://h:1")["overrun_nonfatal"] == "1")
    #expect(try dictionary("http://h/x")["fflags"] == nil, "nobuffer would lose what was read while probing")
    options.listens = true
    #expect(try dictionary("rtsp://h/x")["rtsp_flags"] == "listen")
    #expect(try dictionary("srt://h:1")["mode"] == "listener")
    options.extra = ["rtsp_transport": "udp"]
    #expect(try dictionary("rtsp://h/x")["rtsp_transport"] == "udp", "the user has the last word")
  }
}
