import Core
import Foundation
import Memory

/// The memory by itself at real sizes: a long stream replayed at full speed, readers beside a writer, and writers that are killed.
///
/// `memory-day [--hours N] [--budget MB] [--step SECONDS] [--memory PATH]`, `memory-readers [--seconds N]`, `memory-kill [--times N]`. Each prints
/// JSON lines. `--step` commits more than a second at once, which is quicker and ends alike; `--memory` keeps what was made there, and only asks
/// it when it is there already.
enum MemoryBenchmark {
  // MARK: A day

  static func day(_ arguments: [String]) async throws {
    let hours = Figures.option("--hours", arguments) ?? 24
    let step = Figures.option("--step", arguments) ?? 1
    let folder = try Figures.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let memory = Figures.path("--memory", arguments) ?? folder.appendingPathComponent("day.memory")
    let frames = DayOfFrames()
    guard !FileManager.default.fileExists(atPath: memory.path) else {
      return try Figures.report(queries(memory, frames, upTo: hours * 3600))
    }
    var configuration = MemoryConfiguration()
    configuration.budgetBytes = Figures.option("--budget", arguments).map { $0 << 20 }
    let store = try MemoryStore(writing: memory, configuration: configuration)
    _ = try await store.open(stream: DayOfFrames.stream, source: DayOfFrames.source)
    var commits: [Double] = []
    for second in stride(from: step - 1, to: hours * 3600, by: step) {
      var batch = frames.batch(second, last: second + step > hours * 3600 - 1)
      for earlier in (second - step + 1)..<second { batch.observations += frames.batch(earlier, last: false).observations }
      let start = ContinuousClock.now
      try await store.commit(batch)
      commits.append(Figures.milliseconds(since: start))
      guard (second + 1) % 3600 == 0 else { continue }
      var line: [String: Any] = [
        "hour": (second + 1) / 3600, "resident MB": Figures.residentMegabytes(), "folder MB": try Figures.bytes(of: memory) / 1e6,
        "commit p50 ms": Figures.rank(commits, 0.5), "commit p99 ms": Figures.rank(commits, 0.99), "commit worst ms": commits.max() ?? 0,
      ]
      commits = []
      if [1, 6, 24].contains((second + 1) / 3600) { line.merge(try queries(memory, frames, upTo: second + 1)) { $1 } }
      try Figures.report(line)
    }
    await store.close()
    let snapshot = try MemorySnapshot.open(memory)
    try Figures.report(["problems": try MemoryVerification(snapshot).problems, "bytes by kind": try MemoryInventory(snapshot).bytesByKind])
  }

  /// Forty questions' worth of looking, and each part of it by itself.
  private static func queries(_ memory: URL, _ frames: DayOfFrames, upTo seconds: Int) throws -> [String: Any] {
    var times: [String: [Double]] = [:]
    for number in 0..<40 {
      let query = Embedding(space: DayOfFrames.sentenceSpace, values: frames.query(number &* 7919 % seconds))
      var before = ContinuousClock.now
      let first = before
      func lap(_ name: String) {
        times[name, default: []].append(Figures.milliseconds(since: before))
        before = ContinuousClock.now
      }
      let snapshot = try MemorySnapshot.open(memory)
      lap("open")
      let seen = try snapshot.nearestFrames(to: query, of: DayOfFrames.stream, limit: 20)
      lap("frames")
      let told = try snapshot.nearest(to: query, limit: 20)
      lap("items")
      let found = try snapshot.search(terms: ["train \(number)", "platform"], limit: 20)
      lap("words")
      precondition(!seen.isEmpty && !told.isEmpty && !found.isEmpty)
      times["query", default: []].append(Figures.milliseconds(since: first))
    }
    return times.reduce(into: [:]) { line, part in
      line["\(part.key) p50 ms"] = Figures.rank(part.value, 0.5)
      line["\(part.key) p95 ms"] = Figures.rank(part.value, 0.95)
    }
  }

  // MARK: Readers beside a writer

  static func readers(_ arguments: [String]) async throws {
    let seconds = Figures.option("--seconds", arguments) ?? 1800
    let frames = DayOfFrames()
    func ingest(readers count: Int) async throws -> (seconds: Double, reads: Int, ahead: Int) {
      let folder = try Figures.scratch()
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
      let spent = Figures.milliseconds(since: start) / 1000
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
    try Figures.report([
      "seconds of stream": seconds, "alone s": alone.seconds, "with four readers s": beside.seconds,
      "ratio": beside.seconds / alone.seconds,
      "reads": beside.reads, "items later than their snapshot": beside.ahead,
    ])
  }

  // MARK: Killed writers

  static func kill(_ arguments: [String]) async throws {
    let times = Figures.option("--times", arguments) ?? 200
    let folder = try Figures.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let memory = folder.appendingPathComponent("day.memory")
    var (clean, worstLoss, random, refused) = (0, 0.0, SeededNumbers(seed: UInt64(times)), 0)
    for _ in 0..<times {
      let writer = Process()
      writer.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
      writer.arguments = ["memory-writer", memory.path]
      let output = Pipe()
      writer.standardOutput = output
      try writer.run()
      // It has the memory once it says something.
      let first = output.fileHandleForReading.availableData
      try await Task.sleep(for: .milliseconds(Int.random(in: 60..<760, using: &random)))
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
      if problems.isEmpty { clean += 1 } else { try Figures.report(["problems": problems]) }
      let handed = said.split(separator: "\n").compactMap { Double($0) }.last ?? 0
      worstLoss = max(worstLoss, handed - (try snapshot.streams.first?.upTo.seconds ?? 0))
    }
    let upTo = try MemorySnapshot.open(memory).streams.first?.upTo.seconds ?? 0
    try Figures.report([
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
}
