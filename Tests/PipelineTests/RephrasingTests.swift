import Core
import Foundation
import Memory
import Reasoning
import Testing

@testable import Pipeline

@Suite("a language model only rephrases what was found", .serialized)
struct RephrasingTests {
  /// A server in Python's standard library that answers as its path says.
  private static let script = """
    import http.server, json, os, sys, threading, time
    class Server(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_): pass
        def event(self, text): self.wfile.write(("data: " + json.dumps({"choices": [{"delta": {"content": text}}]}) + "\\n\\n").encode()); self.wfile.flush()
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            mode = self.path.split("/")[1]
            if mode == "denied": return self.send_error(401)
            if mode == "moved":
                self.send_response(307); self.send_header("Location", "/honest/chat/completions"); self.end_headers(); return
            self.send_response(200); self.end_headers()
            if mode == "honest":
                for piece in ("The ferry leaves ", "at 14:05 from pier 7 [1].", " It is shown at 0:12 [1]."): self.event(piece)
                self.wfile.write(b"data: [DONE]\\n\\n")
            if mode == "whole": self.wfile.write(json.dumps({"choices": [{"message": {"content": "The ferry leaves from pier 7 [1]."}}]}).encode())
            if mode == "key": self.event("Pier 7 ferry " + ("[1]" if self.headers["Authorization"] == "Bearer secret" else "")); self.wfile.write(b"data: [DONE]\\n\\n")
            if mode == "liar": self.event("The ferry leaves from pier 9 [1]. It is shown at 3:40 [1]. The ferry leaves from pier 7 [4]. Captain Ahab leaves [1]."); self.wfile.write(b"data: [DONE]\\n\\n")
            if mode == "mixed": self.event("The ferry leaves from pier 7 [1]. Tickets cost 12 euros [1]."); self.wfile.write(b"data: [DONE]\\n\\n")
            if mode == "stalls": self.event("The ferry"); time.sleep(30)
            if mode == "breaks": self.event("The ferry leaves from pier 7 [1].")
            if mode == "garbage": self.wfile.write(b"data: {]\\xff\\x00\\n\\n" * 3)
            if mode == "page": self.wfile.write(b"<html>It works!</html>")
            if mode == "endless":
                while True: self.event("the ferry and ")
            if mode == "flood":
                while True: self.wfile.write(b"x" * 65536)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    print(server.server_port, flush=True)
    # Its end is the end of whoever started it, however that came about.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()
    """

  private static let answer = Answer(
    text: "FERRY 14:05 PIER 7", kind: .fact, abstained: false, confidence: 0.9,
    moments: [.init(stream: StreamID("a.mp4"), range: TimeRange(seconds: 10...15), score: 0.9)],
    citations: [
      .init(
        stream: StreamID("a.mp4"), range: TimeRange(seconds: 10...15), modality: .text, level: .full, quote: "FERRY LEAVES 14:05 PIER 7",
        thumbnail: nil)
    ], understood: [], missing: nil)

  /// What becomes of the answer when a server behaves in some way.
  private func rephrasing(_ mode: String, key: String? = nil, deadline: Duration = .seconds(5)) async throws -> (Rephrasing, Duration) {
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.script]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      try? input.fileHandleForWriting.close()
      process.waitUntilExit()
    }
    let port = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    let model = try LanguageModel(address: "http://127.0.0.1:\(port)/\(mode)", model: "m", key: key, deadline: deadline)
    let began = ContinuousClock.now
    let made = await Rephrasing.of(Self.answer, to: "Which pier does the ferry leave from?", by: model)
    return (try #require(made), ContinuousClock.now - began)
  }

  @Test("sentences that agree with the evidence are shown, streamed or whole")
  func agrees() async throws {
    let (streamed, _) = try await rephrasing("honest")
    #expect(streamed.text == "The ferry leaves at 14:05 from pier 7 [1]. It is shown at 0:12 [1].")
    #expect(streamed.written == 2 && streamed.dropped == 0 && streamed.failure == nil)
    #expect(try await rephrasing("whole").0.text == "The ferry leaves from pier 7 [1].")
  }

  @Test("sentences with another number, time, name or citation are dropped, the others stay")
  func drops() async throws {
    let (lies, _) = try await rephrasing("liar")
    #expect(lies.text == nil && lies.written == 4 && lies.dropped == 4)
    let (mixed, _) = try await rephrasing("mixed")
    #expect(mixed.text == "The ferry leaves from pier 7 [1]." && mixed.dropped == 1)
  }

  @Test("a server that fails leaves the plain answer", arguments: ["breaks", "garbage", "page", "endless", "flood", "denied", "moved"])
  func fails(_ mode: String) async throws {
    let (made, time) = try await rephrasing(mode)
    #expect(made.text == nil && made.failure != nil)
    #expect(time < .seconds(6))
  }

  @Test("a server that stalls is given up at the deadline")
  func stalls() async throws {
    let (made, time) = try await rephrasing("stalls", deadline: .seconds(1))
    #expect(made.failure == "said nothing whole in 1 s")
    #expect(time < .seconds(4))
  }

  @Test("a server that is not there leaves the plain answer")
  func absent() async throws {
    let model = try LanguageModel(address: "http://127.0.0.1:9", model: "m", deadline: .seconds(3))
    let made = await Rephrasing.of(Self.answer, to: "Which pier?", by: model)
    #expect(made?.text == nil && made?.failure != nil)
  }

  @Test("the key goes to the server and nowhere else")
  func key() async throws {
    #expect(try await rephrasing("key", key: "secret").0.text == "Pier 7 ferry [1]")
    let (denied, _) = try await rephrasing("denied", key: "secret")
    #expect(denied.failure?.contains("secret") == false)
  }

  @Test("a refusal is never rephrased, and an address must be one of a web server")
  func limits() async throws {
    let refusal = Answer(
      text: nil, kind: .fact, abstained: true, confidence: 0.9, moments: [], citations: [], understood: [], missing: "nothing")
    let model = try LanguageModel(address: "http://127.0.0.1:9/v1", model: "m")
    #expect(await Rephrasing.of(refusal, to: "Which pier?", by: model) == nil)
    #expect(model.url.path == "/v1/chat/completions")
    #expect(throws: PipelineError.self) { try LanguageModel(address: "file:///etc/passwd", model: "m") }
  }
}
