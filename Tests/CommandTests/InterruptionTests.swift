import Core
import Foundation
import Testing

@testable import Pipeline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Interrupting a watch", .serialized)
struct InterruptionTests {
  private func fingerprint(_ memory: String) throws -> String {
    let verified = try Command.run(["memory", "verify", "--json", "--memory", memory])
    try #require(verified.status == 0, "\(verified.output)\(verified.errors)")
    return verified.output
  }

  /// Watches with a kill at random moments until it gets through; returns how often it was killed.
  private func watch(_ clip: String, into memory: String, killing signal: Int32, from seed: UInt64, times: Int, every: ClosedRange<Int>)
    async throws -> Int
  {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    var killed = 0
    for _ in 0..<times {
      let process = try Command.start(["watch", clip, "--memory", memory, "--quiet"])
      try await Task.sleep(for: .milliseconds(every.lowerBound + Int(random() % UInt64(every.count))))
      let began = ContinuousClock.now
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      if signal == SIGINT, process.terminationStatus == 130 {
        #expect(ContinuousClock.now - began < .seconds(2), "SIGINT ends a watch within two seconds")
      }
      if process.terminationReason == .exit, process.terminationStatus == 0 { break }
      killed += 1
      if FileManager.default.fileExists(atPath: memory + "/memory.sqlite") {
        let verified = try Command.run(["memory", "verify", "--memory", memory])
        #expect(verified.status == 0, "seed \(seed), kill \(killed): \(verified.output)\(verified.errors)")
      }
    }
    let last = try Command.run(["watch", clip, "--memory", memory])
    #expect(last.status == 0, "\(last.errors)")
    return killed
  }

  @Test(
    "killed at ten random moments or interrupted ten times, a watch ends with the memory of one that was not", arguments: [SIGKILL, SIGINT])
  func sameMemory(signal: Int32) async throws {
    let folder = try TemporaryFolder()
    let clip = try Clip.story(in: folder)
    let began = ContinuousClock.now
    let whole = try Command.run(["watch", clip, "--memory", folder.path("whole.memory")])
    try #require(whole.status == 0, "\(whole.errors)")
    let length = Int((ContinuousClock.now - began).seconds * 1000)
    let killed = try await watch(
      clip, into: folder.path("killed.memory"), killing: signal, from: UInt64(signal), times: 10, every: 5...max(50, length / 2))
    #expect(killed >= 1)
    #expect(try fingerprint(folder.path("killed.memory")) == fingerprint(folder.path("whole.memory")))
  }

  @Test("a finished file is skipped with a line, and the same file under another path is recognised")
  func skipping() throws {
    let folder = try TemporaryFolder()
    let clip = try Clip.short(in: folder)
    let memory = folder.path("m.memory")
    #expect(try Command.run(["watch", clip, "--memory", memory]).status == 0)
    let again = try Command.run(["watch", clip, "--memory", memory])
    #expect(again.status == 0)
    #expect(again.errors.contains("short.mp4: already watched to its end; skipped"))
    let elsewhere = try TemporaryFolder()
    let copy = elsewhere.path("short.mp4")
    try FileManager.default.copyItem(atPath: clip, toPath: copy)
    #expect(try Command.run(["watch", copy, "--memory", memory]).errors.contains("skipped"))
    let renamed = elsewhere.path("renamed.mp4")
    try FileManager.default.copyItem(atPath: clip, toPath: renamed)
    #expect(
      try Command.run(["watch", renamed, "--memory", memory]).errors
        .contains("renamed.mp4: the same content as 'short.mp4', already watched to its end; skipped"))
    let other = try Clip.short(in: elsewhere, seconds: 2)
    #expect(try Command.run(["watch", other, "--memory", memory]).status == 0)
    let streams = try Command.run(["memory", "info", "--memory", memory])
    #expect(streams.output.contains("short.mp4-2"))
  }

  @Test("a stream that is forgotten altogether leaves no trace, its neighbour stays, and its file is watched again")
  func watchedAgain() throws {
    let folder = try TemporaryFolder()
    let clip = try Clip.short(in: folder)
    let elsewhere = try TemporaryFolder()
    let other = try Clip.short(in: elsewhere, seconds: 2)
    let memory = folder.path("m.memory")
    #expect(try Command.run(["watch", other, "--name", "other", "--memory", memory]).status == 0)
    let before = try fingerprint(memory)
    #expect(try Command.run(["watch", clip, "--memory", memory]).status == 0)
    #expect(try Command.run(["memory", "forget", "--all", "--memory", memory]).status != 0)
    #expect(try Command.run(["memory", "forget", "--all", "--stream", "short.mp4", "--memory", memory]).errors.contains("--yes"))
    let forgotten = try Command.run(["memory", "forget", "--all", "--stream", "short.mp4", "--yes", "--json", "--memory", memory])
    #expect(forgotten.status == 0 && forgotten.output.contains("\"erased\" : true"))
    #expect(try fingerprint(memory) == before)
    #expect(try Command.run(["memory", "verify", "--memory", memory]).status == 0)
    #expect(try Command.run(["watch", clip, "--memory", memory]).output.contains("short.mp4"))
    #expect(try Command.run(["memory", "info", "--memory", memory]).output.contains("short.mp4"))
  }
}
