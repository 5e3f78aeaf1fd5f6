import Core
import Foundation
import Memory

/// Looks after a memory: what it holds, whether it is sound, and its contents for other programs.
package struct MemoryInspection: Sendable {
  private let folder: URL
  private let snapshot: MemorySnapshot

  /// *Throws* `PipelineError` when there is no memory in `folder`, or it cannot be read.
  package init(of folder: URL) throws {
    self.folder = folder
    snapshot = try MemoryReading.snapshot(of: folder)
  }

  // MARK: Info

  /// What a memory holds, for a person or a program.
  package struct Overview: Sendable, Codable {
    package var path: String
    /// What the folder takes on the disk.
    package var bytes: Int64
    package var bytesPerHour: Double?
    /// Most bytes it may take.
    package var budget: Int64
    /// Of `bytes`, the writer's log, which is folded in when nobody reads what is older.
    package var logBytes: Int64
    /// What may not be given up: the newest minute of streams that go on, pinned stretches, facts and corrections.
    package var heldBytes: Int64
    /// The budget that this needs.
    package var leastBudget: Int64
    /// Stretches that a person pinned.
    package var pins: Int
    /// Of what is remembered: vectors, grids, texts, tags, pictures.
    package var bytesByKind: [String: Int64]
    /// Of frames, by level of detail, `0` to `4`.
    package var bytesByLevel: [String: Int64]
    /// Corrections that hold.
    package var corrections: Int
    package var streams: [Stream]

    package struct Stream: Sendable, Codable {
      package var name: String
      package var path: String
      /// *Units* seconds.
      package var duration: Double
      package var finished: Bool
      package var counts: WatchCounts
      /// Of what is remembered of it, pictures left out.
      package var bytes: Int64
    }
  }

  package func overview() throws -> Overview {
    try MemoryReading.reading {
      let inventory = try MemoryInventory(snapshot)
      let streams = inventory.streams.map { stream in
        Overview.Stream(
          name: stream.name.rawValue, path: stream.path, duration: stream.seconds, finished: stream.finished, counts: WatchCounts(stream),
          bytes: stream.bytes)
      }
      let levels = inventory.bytesByLevel.map { (String($0.key), $0.value) }
      return Overview(
        path: folder.path, bytes: inventory.totalBytes, bytesPerHour: inventory.bytesPerHour, budget: inventory.budget,
        logBytes: inventory.logBytes, heldBytes: inventory.heldBytes, leastBudget: inventory.leastBudget, pins: inventory.pins,
        bytesByKind: inventory.bytesByKind,
        bytesByLevel: Dictionary(uniqueKeysWithValues: levels),
        corrections: try snapshot.corrections().filter { $0.undoneAt == nil }.count, streams: streams)
    }
  }

  // MARK: Verify

  package struct Verdict: Sendable, Codable {
    /// What is wrong, one line each; empty when the memory is sound.
    package var problems: [String]
    /// A digest of everything remembered of each stream, by name: two runs over one file are alike when it is equal.
    package var fingerprints: [String: String]
  }

  /// Reads everything. *Complexity* one pass over the whole memory.
  package func verify() throws -> Verdict {
    try MemoryReading.reading {
      let problems = try MemoryVerification(snapshot).problems
      guard problems.isEmpty else { return Verdict(problems: problems, fingerprints: [:]) }
      let streams = try snapshot.streams
      let pairs = try streams.map { ($0.id.rawValue, try snapshot.fingerprint(of: $0.id)) }
      return Verdict(problems: [], fingerprints: Dictionary(uniqueKeysWithValues: pairs))
    }
  }

  // MARK: Export

  /// What was said in a stream, as subtitles.
  ///
  /// - Parameter format: `srt` or `vtt`.
  package func subtitles(of name: String?, format: String) throws -> String {
    guard let format = Subtitles.Format(rawValue: format) else {
      throw PipelineError(.badArgument, code: .misconfigured, "--format must be srt or vtt")
    }
    return try MemoryReading.reading { try Subtitles(snapshot, of: single(name)).text(format) }
  }

  /// Everything that can be read as text: streams, episodes and items, as one JSON object.
  package func json(of name: String?) throws -> Data {
    try MemoryReading.reading { try MemoryExport.json(snapshot, of: try name.map { try single($0) }) }
  }

  // MARK: Facts

  /// Something that was read or said of something. Times are seconds.
  package struct Fact: Sendable, Codable {
    package var stream, head, relation, value: String
    package var validFrom: Double
    /// Absent while the fact holds.
    package var validTo: Double?
    package var lastSeen: Double
    package var confidence: Float
    /// How many items say it.
    package var sources: Int
  }

  package func facts(of name: String?) throws -> [Fact] {
    try MemoryReading.reading {
      try snapshot.facts(of: name.map { try single($0) }).map {
        Fact(
          stream: $0.stream.rawValue, head: $0.head, relation: $0.relation, value: $0.value, validFrom: $0.range.start.seconds,
          validTo: $0.validTo?.seconds, lastSeen: $0.range.end.seconds, confidence: $0.confidence, sources: $0.sources.count)
      }
    }
  }

  /// The named stream, or the only one.
  private func single(_ name: String?) throws -> StreamID {
    let known = try snapshot.streams.map(\.id)
    let names = known.map(\.rawValue).joined(separator: ", ")
    if let name {
      guard known.contains(StreamID(name)) else {
        throw PipelineError(
          .notThere, code: .misconfigured, "there is no stream '\(name)' in \(folder.path); it has \(known.isEmpty ? "none" : names)")
      }
      return StreamID(name)
    }
    guard let only = known.first, known.count == 1 else {
      throw PipelineError(
        .badArgument, code: .misconfigured, known.isEmpty ? "\(folder.path) has no streams" : "choose a stream with --stream: \(names)")
    }
    return only
  }
}

extension WatchCounts {
  init(_ stream: MemoryInventory.Stream) {
    self.init()
    (episodes, frames, lines, utterances) = (stream.episodes, stream.frames, stream.lines, stream.utterances)
    (words, sounds, looks, gaps) = (stream.words, stream.sounds, stream.looks, stream.gaps)
  }
}
