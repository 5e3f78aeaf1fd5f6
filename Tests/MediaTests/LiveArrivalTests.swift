import Core
import Foundation
import Testing

@testable import Media

@Suite("When live media happened")
struct LiveArrivalTests {
  @Test("what comes over UDP is placed where it arrives, whatever was read while finding out what it is")
  func udp() async throws {
    let port = 20_000 + Int(getpid()) % 20_000
    let address = "udp://127.0.0.1:\(port)"
    let publisher = Process()
    publisher.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    publisher.arguments =
      ["ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25", "-t", "20", "-c:v", "libx264"]
      + ["-preset", "ultrafast", "-tune", "zerolatency", "-g", "25", "-f", "mpegts", address + "?pkt_size=1316"]
    try publisher.run()
    defer { publisher.terminate() }
    let began = ContinuousClock.now
    func now() -> Int64 { Int64((ContinuousClock.now - began) / .nanoseconds(1)) }
    let reader = LiveReader(try LiveSource(address), LiveOptions())
    _ = try await reader.open(from: .zero) { Int64((ContinuousClock.now - began) / .nanoseconds(1)) }
    var early: [Int64] = []
    while early.count < 3 {
      let batch = try await reader.next()
      #expect(batch.fault == nil)
      for case .frame(let frame) in batch.items { early.append(frame.time.nanoseconds - now()) }
      if batch.fault != nil { break }
    }
    await reader.close()
    #expect(early.allSatisfy { $0 < 200_000_000 }, "pictures from the future: \(early)")
  }
}
