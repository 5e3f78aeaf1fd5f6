import Core
import Foundation
import Testing

@testable import Memory

private let writerFolder = ProcessInfo.processInfo.environment["AFTERIMAGE_TEST_WRITER"]

/// What the child process of `KillTests` runs: it goes on writing the stream from where it stands.
@Suite(.enabled(if: writerFolder != nil, "runs only as the child process of another test")) struct ChildWriter {
  @Test("writes until it is killed")
  func write() async throws {
    let store = try MemoryStore(writing: URL(fileURLWithPath: try #require(writerFolder), isDirectory: true))
    let checkpoint = try await store.open(stream: "film", source: Scene.source())
    for batch in KillTests.scene.batches where batch.upTo > checkpoint?.upTo ?? .zero { try await store.commit(batch) }
    await store.close()
  }
}

@Suite(.enabled(if: writerFolder == nil, "runs only as the parent of the writer")) struct KillTests {
  static let scene = Scene(seconds: 300, seed: 71)

  /// How far the stream is remembered, as another process sees it.
  private func reached(_ folder: URL) -> MediaTime? { try? MemorySnapshot.open(folder).streams.first?.upTo }

  @Test("a writer killed again and again loses nothing that a reader saw, and ends like one that was not")
  func killed() async throws {
    let scratch = try Scratch()
    try await Self.scene.write(to: scratch.memory)
    let whole = try MemorySnapshot.open(scratch.memory).fingerprint(of: "film")

    let folder = scratch.url.appendingPathComponent("killed")
    var random = Seeded(state: 72)
    var (kills, seen) = (0, MediaTime.zero)
    while true {
      let writer = Process()
      writer.executableURL = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
      writer.arguments = ["--testing-library", "swift-testing", "--filter", "ChildWriter"]
      writer.environment = ProcessInfo.processInfo.environment.merging(["AFTERIMAGE_TEST_WRITER": folder.path]) { $1 }
      (writer.standardOutput, writer.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      try writer.run()
      let target = seen + MediaTime(seconds: Double.random(in: 10...70, using: &random))
      while writer.isRunning, reached(folder) ?? .zero < target { await Task.yield() }
      // What a reader saw is committed, and must survive.
      seen = reached(folder) ?? .zero
      let isDone = !writer.isRunning
      kill(writer.processIdentifier, SIGKILL)
      writer.waitUntilExit()
      let after = try #require(reached(folder))
      #expect(after >= seen)
      let problems = try MemoryVerification(MemorySnapshot.open(folder)).problems.filter { !$0.hasPrefix("thumbnails/") }
      #expect(problems == [])
      seen = after
      if isDone { break }
      kills += 1
      try #require(kills < 60, "the writer gets nowhere")
    }
    #expect(kills >= 3)
    #expect(try MemorySnapshot.open(folder).fingerprint(of: "film") == whole)
    #expect(try MemoryVerification(MemorySnapshot.open(folder)).problems == [])
  }
}
