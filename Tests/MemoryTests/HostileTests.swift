import Core
import Foundation
import GRDB
import Testing

@testable import Memory

/// What is on the disk below a folder: every path with its bytes. The index of SQLite's log, and a log without content, come and go with
/// readers and hold nothing.
private func contents(_ folder: URL) throws -> [String: Data] {
  var found: [String: Data] = [:]
  for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
    let isPassing = path.hasSuffix("-shm") || path.hasSuffix("-wal")
    let bytes = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path) ?? Data()
    if !isPassing || !bytes.isEmpty && !path.hasSuffix("-shm") { found[path] = bytes }
  }
  return found
}

@Suite struct HostileTests {
  /// Both sides refuse the folder with one clear line that names it, and leave everything as it was.
  private func refused(_ folder: URL, _ code: FailureCode, says part: String, in parent: URL) throws {
    let before = try contents(parent)
    for attempt in [{ _ = try MemoryStore(writing: folder) }, { _ = try MemorySnapshot.open(folder) }] {
      let error = #expect(throws: MemoryError.self) { try attempt() }
      #expect(error?.code == code, "\(error?.message ?? "")")
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
      #expect(error?.message.contains(folder.path) == true)
      #expect(error?.message.contains("\n") == false)
    }
    #expect(try contents(parent) == before)
  }

  @Test("a file, a folder of something else and another program's database are refused and left alone")
  func notAMemory() async throws {
    let scratch = try Scratch()
    let file = scratch.url.appendingPathComponent("notes.txt")
    try Data("notes".utf8).write(to: file)
    try refused(file, .misconfigured, says: "is a file", in: scratch.url)

    let photos = scratch.url.appendingPathComponent("photos")
    try FileManager.default.createDirectory(at: photos, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: photos.appendingPathComponent("cat.jpg"))
    try refused(photos, .misconfigured, says: "cat.jpg", in: scratch.url)

    let foreign = scratch.url.appendingPathComponent("foreign")
    try FileManager.default.createDirectory(at: foreign, withIntermediateDirectories: true)
    let database = try DatabaseQueue(path: foreign.appendingPathComponent("memory.sqlite").path)
    try await database.write { try $0.execute(sql: "CREATE TABLE stream (id INTEGER PRIMARY KEY)") }
    try database.close()
    try refused(foreign, .misconfigured, says: "another program's", in: scratch.url)
  }

  @Test("nothing is no memory to read, and asking makes none")
  func nothing() throws {
    let scratch = try Scratch()
    let error = #expect(throws: MemoryError.self) { _ = try MemorySnapshot.open(scratch.memory) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("there is no memory at") == true)
    #expect(!FileManager.default.fileExists(atPath: scratch.memory.path))
  }

  @Test("random bytes, an empty file and a cut-off database are refused and left alone", arguments: ["random", "empty", "header", "half"])
  func damaged(kind: String) async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 30, seed: 41).write(to: scratch.memory)
    let file = scratch.memory.appendingPathComponent("memory.sqlite")
    let whole = try Data(contentsOf: file)
    var random = Seeded(state: 42)
    let bytes: Data =
      switch kind {
      case "random": Data((0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) })
      case "empty": Data()
      case "header": whole.prefix(100)
      default: whole.prefix(whole.count / 2)
      }
    try bytes.write(to: file)
    if kind == "half" {
      // The head is sound, so it opens; what is missing shows when it is read, and when it is verified.
      #expect(throws: MemoryError.self) {
        let snapshot = try MemorySnapshot.open(scratch.memory)
        _ = try (snapshot.items(), snapshot.frames(of: "film"), snapshot.fingerprint(of: "film"), snapshot.search(terms: ["dog"]))
      }
      let problems = try? MemoryVerification(MemorySnapshot.open(scratch.memory)).problems
      #expect(problems?.isEmpty != true)
    } else {
      try refused(scratch.memory, kind == "empty" ? .misconfigured : .corruptInput, says: "memory.sqlite", in: scratch.memory)
    }
  }

  @Test("damage anywhere in the database gives an error or an answer, never a crash", arguments: 1...12)
  func flippedBytes(seed: Int) async throws {
    let scratch = try Scratch()
    var scene = Scene(seconds: 40, seed: 43)
    let rest = scene.batches.suffix(10)
    scene.batches.removeLast(10)
    try await scene.write(to: scratch.memory)
    let file = scratch.memory.appendingPathComponent("memory.sqlite")
    var bytes = try Data(contentsOf: file)
    var random = Seeded(state: UInt64(seed))
    for _ in 0..<200 { bytes[Int.random(in: 100..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
    try bytes.write(to: file)
    do {
      let snapshot = try MemorySnapshot.open(scratch.memory)
      let reads: [() throws -> Void] = [
        { _ = try snapshot.streams }, { _ = try snapshot.episodes() }, { _ = try snapshot.items() },
        { _ = try snapshot.frames(of: "film") },
        { _ = try snapshot.frameTrack(of: "film", space: pictureSpace) }, { _ = try snapshot.search(terms: ["dog", "platform"]) },
        { _ = try snapshot.nearest(to: Embedding(space: sentenceSpace, values: .init(repeating: 1, count: 16))) },
        { _ = try snapshot.nearestFrames(to: Embedding(space: sentenceSpace, values: .init(repeating: 1, count: 16)), of: "film") },
        { _ = try snapshot.frameTrack(of: "film", space: sentenceSpace) }, { _ = try snapshot.itemTrack(of: "film") },
        { _ = try snapshot.fingerprint(of: "film") }, { _ = try MemoryInventory(snapshot) }, { _ = try MemoryExport.json(snapshot) },
        { _ = try MemoryVerification(snapshot) },
      ]
      for read in reads { do { try read() } catch { #expect(error is MemoryError, "seed \(seed): \(error)") } }
    } catch { #expect(error is MemoryError, "seed \(seed): \(error)") }
    do {
      let store = try MemoryStore(writing: scratch.memory)
      do {
        _ = try await store.open(stream: "film", source: Scene.source())
        for batch in rest { try await store.commit(batch) }
      } catch { #expect(error is MemoryError, "seed \(seed): \(error)") }
      _ = try await store.open(stream: "new", source: Scene.source())
      for batch in Scene(stream: "new", seconds: 20, seed: 44).batches { try await store.commit(batch) }
    } catch { #expect(error is MemoryError, "seed \(seed): \(error)") }
  }

  /// The row number of a stream's n-th frame while it is recent.
  private static func frame(_ number: Int64) -> Int64 { Demotion.firstRecent + number - 1 }

  /// A sound memory with one thing changed behind its back.
  private func tampered(_ sql: String) async throws -> (Scratch, MemorySnapshot) {
    let scratch = try Scratch()
    try await Scene(seconds: 40, seed: 45).write(to: scratch.memory)
    let database = try DatabaseQueue(path: scratch.memory.appendingPathComponent("memory.sqlite").path)
    try await database.writeWithoutTransaction { connection in
      try connection.execute(sql: "PRAGMA foreign_keys = OFF")
      try connection.execute(sql: sql)
    }
    try database.close()
    return (scratch, try MemorySnapshot.open(scratch.memory))
  }

  @Test("a vector of the wrong length is an error that names its row")
  func wrongLength() async throws {
    let (scratch, snapshot) = try await tampered(
      "UPDATE frame SET pooled = x'00' WHERE id = \(Self.frame(3)); UPDATE item_page SET vectors = x'0000'")
    let track = #expect(throws: MemoryError.self) { _ = try snapshot.frameTrack(of: "film", space: pictureSpace) }
    #expect(track?.code == .corruptInput)
    #expect(track?.message.contains("frame \(Self.frame(3))") == true)
    let items = #expect(throws: MemoryError.self) { _ = try snapshot.items() }
    #expect(items?.message.contains("item 0 to item 31") == true)
    #expect(throws: MemoryError.self) {
      _ = try snapshot.nearest(to: Embedding(space: sentenceSpace, values: .init(repeating: 1, count: 16)))
    }
    let problems = try withExtendedLifetime(scratch) { try MemoryVerification(snapshot).problems }
    #expect(problems.count == 2)
    #expect(problems.contains { $0.contains("frame \(Self.frame(3))") } && problems.contains { $0.contains("item 0 to item 31") })
  }

  @Test(
    "verification finds what was changed behind the memory's back and names the row",
    arguments: [
      ("UPDATE episode SET end = end + 5 WHERE id = 1", "episode 1"),
      ("UPDATE episode SET thumbnail = 'thumbnails/../../secret.jpg' WHERE id = 1", "episode 1"),
      ("DELETE FROM episode WHERE id = 1", "frame \(Self.frame(1)): lies in no episode"),
      ("UPDATE item SET stream = 99 WHERE id = 2", "item"),
      ("UPDATE item SET modality = 'smell' WHERE id = 2", "item 2"),
      ("UPDATE item SET detail = '{' WHERE id = 2", "item 2"),
      ("DROP TRIGGER item_update; UPDATE item SET text = 'other words' WHERE id = 2", "full-text"),
      ("DELETE FROM item_text_docsize WHERE id = 2", "full-text"),
      ("UPDATE frame SET level = 9 WHERE id = \(Self.frame(4))", "frame \(Self.frame(4))"),
      ("UPDATE frame SET grid = x'00' WHERE grid IS NOT NULL AND id = \(Self.frame(1))", "frame \(Self.frame(1))"),
      ("UPDATE frame SET tags = 'none' WHERE id = \(Self.frame(4))", "frame \(Self.frame(4))"),
      ("UPDATE episode SET open = 1", "stream 1"),
      ("UPDATE item_page SET places = places & ~4", "item 0 to item 31 are damaged"),
      ("UPDATE item_page SET places = places & ~4, vectors = substr(vectors, 33)", "item 2: its vector is not in its page"),
      ("UPDATE item_page SET number = 7", "item 2: its vector is in no page"),
      ("DELETE FROM item WHERE id = 2", "item 2: a page holds its vector, and there is no such row"),
      ("UPDATE frame_page SET space = 99", "frame \(Self.frame(1)): its vector is in no page"),
      ("UPDATE frame SET textual_space = NULL WHERE id = \(Self.frame(4))", "frame \(Self.frame(4)): a page holds its vector"),
    ])
  func finds(sql: String, says: String) async throws {
    let (scratch, snapshot) = try await tampered(sql)
    let problems = try withExtendedLifetime(scratch) { try MemoryVerification(snapshot).problems }
    #expect(problems.contains { $0.contains(says) }, "\(problems)")
  }

  @Test("verification finds pictures that are missing, broken or nobody's")
  func pictures() async throws {
    let (scratch, snapshot) = try await tampered("SELECT 1")
    #expect(try MemoryVerification(snapshot).problems == [])
    let paths = try snapshot.episodes().compactMap(\.thumbnail)
    try FileManager.default.removeItem(at: scratch.memory.appendingPathComponent(paths[0]))
    try Data("no".utf8).write(to: scratch.memory.appendingPathComponent(paths[1]))
    try Data("no".utf8).write(to: scratch.memory.appendingPathComponent("thumbnails/9-9.jpg"))
    #expect(try MemoryVerification(snapshot).problems.count == 3)
    // The next writer takes away what is nobody's.
    _ = try MemoryStore(writing: scratch.memory)
    #expect(try MemoryVerification(snapshot).problems.count == 2)
  }

  @Test("a stream left in a damaged state is refused, and the others go on")
  func damagedState() async throws {
    let (scratch, snapshot) = try await tampered(
      "UPDATE stage SET state = CAST(replace(CAST(state AS TEXT), '\"finished\":true', '\"finished\":null') AS BLOB) WHERE name = 'memory'")
    #expect(try snapshot.streams.count == 1)
    let store = try MemoryStore(writing: scratch.memory)
    let error = await #expect(throws: MemoryError.self) { _ = try await store.open(stream: "film", source: Scene.source()) }
    #expect(error?.code == .corruptInput)
    #expect(try await store.open(stream: "other", source: Scene.source()) == nil)
  }

  @Test("a clock that jumps by years makes one long episode and not millions", arguments: [true, false])
  func jumps(hasVideo: Bool) async throws {
    let scratch = try Scratch()
    let store = try MemoryStore(writing: scratch.memory)
    _ = try await store.open(stream: "film", source: Scene.source(hasVideo: hasVideo))
    for batch in Scene(seconds: 30, seed: 49, hasVideo: hasVideo).batches.dropLast() { try await store.commit(batch) }
    for late in [1e8, 1e8 + 1, 9e9] {
      let range = seconds(late, late + 1)
      let sound = Observation(range: range, content: .sound(SoundEvent(name: "Bark", score: .nan)))
      try await store.commit(Batch(stream: "film", observations: [sound], upTo: range.end))
    }
    try await store.commit(Batch(stream: "film", observations: [], upTo: MediaTime(nanoseconds: .max), finished: true))
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(try snapshot.episodes().count < 20)
    #expect(try MemoryVerification(snapshot).problems == [])
    #expect(try !MemoryExport.json(snapshot).isEmpty)
  }

  @Test("a memory of a newer version is refused and left alone")
  func newerVersion() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 10, seed: 48).write(to: scratch.memory)
    let database = try DatabaseQueue(path: scratch.memory.appendingPathComponent("memory.sqlite").path)
    try await database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 999") }
    try database.close()
    try refused(scratch.memory, .misconfigured, says: "version 999", in: scratch.memory)
  }

  @Test("a memory that cannot be written can still be read", .enabled(if: geteuid() == 0, "mounting needs root"))
  func readOnly() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 30, seed: 46).write(to: scratch.memory)
    try await Mount.with(["--bind", "-o", "ro", scratch.memory.path], at: scratch.url.appendingPathComponent("mounted")) { mounted in
      let error = #expect(throws: MemoryError.self) { _ = try MemoryStore(writing: mounted) }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("cannot write") == true, "\(error?.message ?? "")")
      let snapshot = try MemorySnapshot.open(mounted)
      let (items, problems) = (try snapshot.items(), try MemoryVerification(snapshot).problems)
      #expect(!items.isEmpty)
      #expect(problems == [])
      #expect(throws: MemoryError.self) { _ = try MemoryStore(writing: mounted.appendingPathComponent("new")) }
    }
  }

  @Test("a full disk refuses a commit whole, and later commits go on", .enabled(if: geteuid() == 0, "mounting needs root"))
  func fullDisk() async throws {
    let scratch = try Scratch()
    let scene = Scene(seconds: 120, seed: 47, dimensions: 256, side: 7)
    try await scene.write(to: scratch.memory)
    let whole = try MemorySnapshot.open(scratch.memory).fingerprint(of: "film")
    try await Mount.with(["-t", "tmpfs", "-o", "size=12m", "tmpfs"], at: scratch.url.appendingPathComponent("small")) { disk in
      let folder = disk.appendingPathComponent("some.memory")
      let ballast = disk.appendingPathComponent("ballast")
      let store = try MemoryStore(writing: folder)
      _ = try await store.open(stream: "film", source: Scene.source())
      var refusals = 0
      for (index, batch) in scene.batches.enumerated() {
        if index % 3 == 2 {
          // Fill what is left, to the last byte.
          try Data().write(to: ballast)
          let file = try FileHandle(forWritingTo: ballast)
          for size in [1 << 20, 4096, 1] { while (try? file.write(contentsOf: Data(count: size))) != nil {} }
          try file.close()
        }
        do {
          try await store.commit(batch)
        } catch {
          refusals += 1
          let error = try #require(error as? MemoryError)
          #expect(error.code == .unavailable)
          #expect(error.message.contains("disk") && !error.message.contains("\n"), "\(error.message)")
          let frames = try MemorySnapshot.open(folder).frames(of: "film").count
          #expect(frames == index)
          try FileManager.default.removeItem(at: ballast)
          try await store.commit(batch)
          continue
        }
        try? FileManager.default.removeItem(at: ballast)
      }
      #expect(refusals >= 20)
      await store.close()
      let snapshot = try MemorySnapshot.open(folder)
      let (fingerprint, problems) = (try snapshot.fingerprint(of: "film"), try MemoryVerification(snapshot).problems)
      #expect(fingerprint == whole)
      #expect(problems == [])
    }
  }
}

/// A file system mounted for the length of a test.
private enum Mount {
  static func with(_ arguments: [String], at point: URL, _ body: (URL) async throws -> Void) async throws {
    try FileManager.default.createDirectory(at: point, withIntermediateDirectories: true)
    guard try run("mount", arguments + [point.path]) == 0 else {
      // A container without the right to mount: nothing to test here.
      withKnownIssue("this machine does not allow mounting") { Issue.record("mount failed") }
      return
    }
    defer { _ = try? run("umount", ["-l", point.path]) }
    try await body(point)
  }

  private static func run(_ tool: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
