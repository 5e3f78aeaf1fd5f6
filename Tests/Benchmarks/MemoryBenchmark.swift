import Core
import Foundation
import Memory

/// The memory by itself at real sizes: a long stream replayed at full speed, readers beside a writer, and writers that are killed.
///
/// `memory-day [--hours N] [--budget MB] [FOLDER]`, `memory-readers [--seconds N]`, `memory-kill [--times N]`. Each prints JSON lines.
enum MemoryBenchmark {
  private static func option(_ name: String, _ arguments: [String]) -> Int? {
    arguments.firstIndex(of: name).flatMap { arguments.indices.contains($0 + 1) ? Int(arguments[$0 + 1]) : nil }
  }

  private static func scratch() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("afterimage-memory-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private static func report(_ values: [String: Any]) throws {
    print(String(decoding: try JSONSerialization.data(withJSONObject: values, options: [.sortedKeys]), as: UTF8.self))
  }

  // MARK: A day

  static func day(_ arguments: [String]) async throws {
    let hours = option("--hours", arguments) ?? 24
    let folder = try scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    var configuration = MemoryConfiguration()
    configuration.budgetBytes = option("--budget", arguments).map { $0 << 20 }
    let memory = folder.appendingPathComponent("day.memory")
    let store = try MemoryStore(writing: memory, configuration: configuration)
    _ = try await store.open(stream: DayOfFrames.stream, source: DayOfFrames.source)
    let frames = DayOfFrames()
    var commits: [Double] = []
    for second in 0..<hours * 3600 {
      let batch = frames.batch(second, last: second == hours * 3600 - 1)
      let start = ContinuousClock.now
      try await store.commit(batch)
      commits.append(milliseconds(since: start))
      guard (second + 1) % 3600 == 0 else { continue }
      var line: [String: Any] = [
        "hour": (second + 1) / 3600, "resident MB": residentMegabytes(), "folder MB": try bytes(of: memory) / 1e6,
        "commit p50 ms": rank(commits, 0.5), "commit p99 ms": rank(commits, 0.99), "commit worst ms": commits.max() ?? 0,
      ]
      commits = []
      if [1, 6, 24].contains((second + 1) / 3600) {
        let queries = try (0..<40).map { try query(memory, frames.query($0 &* 7919 % (second + 1)), term: "train \($0)") }
        line["query p50 ms"] = rank(queries, 0.5)
        line["query p95 ms"] = rank(queries, 0.95)
      }
      try report(line)
    }
    await store.close()
    let snapshot = try MemorySnapshot.open(memory)
    try report(["problems": try MemoryVerification(snapshot).problems, "bytes by kind": try MemoryInventory(snapshot).bytesByKind])
  }

  /// One question's worth of looking: a fresh snapshot, the stretches and the items nearest to a vector, and a search by words.
  private static func query(_ memory: URL, _ vector: [Float], term: String) throws -> Double {
    let start = ContinuousClock.now
    let snapshot = try MemorySnapshot.open(memory)
    let query = Embedding(space: DayOfFrames.sentenceSpace, values: vector)
    let seen = try snapshot.nearestFrames(to: query, of: DayOfFrames.stream, limit: 20)
    let told = try snapshot.nearest(to: query, limit: 20)
    let found = try snapshot.search(terms: [term, "platform"], limit: 20)
    precondition(!seen.isEmpty && !told.isEmpty && !found.isEmpty)
    return milliseconds(since: start)
  }

  // MARK: Readers beside a writer

  static func readers(_ arguments: [String]) async throws {
    let seconds = option("--seconds", arguments) ?? 1800
    let frames = DayOfFrames()
    func ingest(readers count: Int) async throws -> (seconds: Double, reads: Int, ahead: Int) {
      let folder = try scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      let memory = folder.appendingPathComponent("day.memory")
      let store = try MemoryStore(writing: memory)
      _ = try await store.open(stream: DayOfFrames.stream, source: DayOfFrames.source)
      try await store.commit(frames.batch(0, last: false))
      let readers = (0..<count).map { number in
        Task {
          var (reads, ahead) = (0, 0)
          while !Task.isCancelled {
            let snapshot = try MemorySnapshot.open(memory)
            let upTo = try snapshot.streams[0].upTo
            let query = Embedding(space: DayOfFrames.sentenceSpace, values: frames.query(reads &* 31 &+ number))
            let seen = try snapshot.nearestFrames(to: query, of: DayOfFrames.stream, limit: 20).map(\.frame.range.end)
            let told = try snapshot.nearest(to: query, limit: 20).map(\.item.range.end)
            reads += 1
            ahead += (seen + told).filter { $0 > upTo }.count
            try? await Task.sleep(for: .milliseconds(100))
          }
          return (reads, ahead)
        }
      }
      let start = ContinuousClock.now
      for second in 1..<seconds { try await store.commit(frames.batch(second, last: false)) }
      let spent = milliseconds(since: start) / 1000
      var (reads, ahead) = (0, 0)
      for reader in readers {
        reader.cancel()
        let found = try await reader.value
        reads += found.0
        ahead += found.1
      }
      await store.close()
      return (spent, reads, ahead)
    }
    _ = try await ingest(readers: 0)
    let alone = try await ingest(readers: 0)
    let beside = try await ingest(readers: 4)
    try report([
      "seconds of stream": seconds, "alone s": alone.seconds, "with four readers s": beside.seconds,
      "ratio": beside.seconds / alone.seconds,
      "reads": beside.reads, "items later than their snapshot": beside.ahead,
    ])
  }

  // MARK: Killed writers

  static func kill(_ arguments: [String]) async throws {
    let times = option("--times", arguments) ?? 200
    let folder = try scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let memory = folder.appendingPathComponent("day.memory")
    var (clean, worstLoss, state, refused) = (0, 0.0, UInt64(times), 0)
    for _ in 0..<times {
      let writer = Process()
      writer.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
      writer.arguments = ["memory-writer", memory.path]
      let output = Pipe()
      writer.standardOutput = output
      try writer.run()
      // It has the memory once it says something.
      let first = output.fileHandleForReading.availableData
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      try await Task.sleep(for: .milliseconds(60 + Int(state >> 40) % 700))
      // A second writer is refused while the first writes.
      do { _ = try MemoryStore(writing: memory) } catch let error as MemoryError where error.code == .unavailable { refused += 1 }
      Foundation.kill(writer.processIdentifier, SIGKILL)
      let said = String(decoding: first + output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      writer.waitUntilExit()
      guard FileManager.default.fileExists(atPath: memory.appendingPathComponent("memory.sqlite").path) else {
        clean += 1
        continue
      }
      let snapshot = try MemorySnapshot.open(memory)
      let problems = try MemoryVerification(snapshot).problems.filter { !$0.hasPrefix("thumbnails/") }
      if problems.isEmpty { clean += 1 } else { try report(["problems": problems]) }
      let handed = said.split(separator: "\n").compactMap { Double($0) }.last ?? 0
      worstLoss = max(worstLoss, handed - (try snapshot.streams.first?.upTo.seconds ?? 0))
    }
    let upTo = try MemorySnapshot.open(memory).streams.first?.upTo.seconds ?? 0
    try report([
      "killed": times, "verified clean": clean, "most media lost s": worstLoss, "second writers refused": refused, "stream reached s": upTo,
    ])
  }

  /// Writes until it is killed; says which second it is about to commit.
  static func writer(_ arguments: [String]) async throws {
    let store = try MemoryStore(writing: URL(fileURLWithPath: arguments[0]))
    let checkpoint = try await store.open(stream: DayOfFrames.stream, source: DayOfFrames.source)
    let frames = DayOfFrames()
    var second = Int(checkpoint?.upTo.seconds ?? 0)
    while true {
      FileHandle.standardOutput.write(Data("\(second + 1)\n".utf8))
      try await store.commit(frames.batch(second, last: false))
      second += 1
    }
  }

  private static func milliseconds(since start: ContinuousClock.Instant) -> Double {
    let spent = (ContinuousClock.now - start).components
    return Double(spent.seconds) * 1000 + Double(spent.attoseconds) * 1e-15
  }

  private static func rank(_ values: [Double], _ share: Double) -> Double {
    values.isEmpty ? 0 : values.sorted()[min(values.count - 1, Int(share * Double(values.count)))]
  }

  private static func bytes(of folder: URL) throws -> Double {
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey]) else { return 0 }
    return files.reduce(0) { $0 + Double((try? ($1 as? URL)?.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0) }
  }

  private static func residentMegabytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { Double($0.split(whereSeparator: \.isWhitespace)[1]) }.map { $0 / 1000 } ?? 0
  }
}
