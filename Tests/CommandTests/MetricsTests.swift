import Core
import Foundation
import Testing

@testable import Pipeline
@testable import afterimage

@Suite("Metrics of a tail")
struct MetricsTests {
  @Test("every sample has a name with its unit, HELP and TYPE once, and escaped labels")
  func text() throws {
    var page = MetricsPage()
    let stream = StreamID("a \"quoted\" \\ name")
    var status = TailStatus(stream: stream)
    (status.phase, status.lag, status.droppedFrames, status.received) = (.live, .milliseconds(250), 3, 4096)
    status.depths = ["vision": 2, "speech": 0]
    status.stageSeconds = ["vision": 1.5]
    status.shedding = .vision
    page.take(.lost(stream, reason: "gone", at: Date()))
    page.take(.returned(stream, after: .seconds(4), at: Date()))
    page.take(.lost(stream, reason: "gone", at: Date()))
    page.take(.status(status))
    let lines = page.text.split(separator: "\n").map(String.init)
    let label = "stream=\"a \\\"quoted\\\" \\\\ name\""
    for sample in [
      "afterimage_shedding_level 2", "afterimage_stream_live{\(label)} 1", "afterimage_lag_seconds{\(label)} 0.25",
      "afterimage_frames_dropped_total{\(label)} 3", "afterimage_received_bytes_total{\(label)} 4096",
      "afterimage_queue_depth{\(label),stage=\"vision\"} 2", "afterimage_stage_seconds_total{\(label),stage=\"vision\"} 1.5",
      "afterimage_outages_total{\(label)} 2", "afterimage_outage_seconds_total{\(label)} 4",
    ] { #expect(lines.contains(sample), "\(sample)") }
    let names = Set(lines.filter { !$0.hasPrefix("#") }.map { String($0.prefix { $0 != "{" && $0 != " " }) })
    for name in names {
      #expect(lines.count { $0.hasPrefix("# HELP \(name) ") } == 1, "\(name)")
      let isCounter = name.hasSuffix("_total")
      #expect(lines.contains("# TYPE \(name) \(isCounter ? "counter" : "gauge")"), "\(name)")
    }
  }

  @Test("a tail serves its metrics on loopback, at one path")
  func served() async throws {
    let folder = try TemporaryFolder()
    let port = try Loopback.freePort()
    let tail = try Command.start(["tail", TailTests.pattern, "--memory", folder.path("m.memory"), "--metrics", "\(port)"])
    defer { tail.terminate() }
    var reply = ""
    for _ in 0..<300 where !reply.contains("afterimage_stream_live{") {
      reply = Loopback.get("/metrics", port: port) ?? ""
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(reply.hasPrefix("HTTP/1.1 200") && reply.contains("text/plain; version=0.0.4"))
    #expect(reply.contains("# TYPE afterimage_frames_total counter"))
    #expect(Loopback.get("/", port: port)?.hasPrefix("HTTP/1.1 404") == true)
  }

  @Test("a port that is taken is refused before anything begins")
  func taken() throws {
    let folder = try TemporaryFolder()
    try Loopback.withTakenPort { port in
      let tail = try Command.run(["tail", TailTests.pattern, "--memory", folder.path("m.memory"), "--metrics", "\(port)"])
      #expect(tail.status == 64)
      #expect(tail.errorLines.count == 1 && tail.errors.contains("127.0.0.1:\(port): address already in use"), "\(tail.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("m.memory")))
    #expect(try Command.run(["tail", "x.ts", "--memory", folder.path("m.memory"), "--metrics", "0"]).status == 64)
  }
}
