import Core
import Foundation
import Memory

/// Reads of a memory folder that several parts of this target need, with errors that say what to do.
enum MemoryReading {
  enum Purpose { case reading, writing }

  /// A snapshot for a question or an export.
  ///
  /// *Throws* `PipelineError` when there is no memory, or it cannot be read.
  static func snapshot(of folder: URL) throws -> MemorySnapshot {
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw PipelineError(
        .notThere, code: .unavailable, "\(folder.path): there is no memory here; 'afterimage watch FILE --memory \(folder.path)' makes one")
    }
    do { return try MemorySnapshot.open(folder) } catch let error as MemoryError { throw failure(error, opening: .reading) }
  }

  /// The streams of a memory that is about to be written and may not exist yet. One of an older version is brought up to date.
  static func streams(in folder: URL) throws -> [StreamRecord] {
    let file = folder.appendingPathComponent("memory.sqlite")
    guard FileManager.default.fileExists(atPath: file.path) else { return [] }
    try update(folder)
    return try reading { try snapshot(of: folder).streams }
  }

  /// Brings a memory of an older version up to date.
  static func update(_ folder: URL) throws {
    do { try MemoryStore.update(folder) } catch let error as MemoryError { throw failure(error, opening: .writing) }
  }

  /// What is remembered of a stream; nil when it is not in the memory.
  static func inventory(of stream: StreamID, in folder: URL) throws -> (counts: WatchCounts, bytes: Int64, allBytes: Int64)? {
    try reading {
      let inventory = try MemoryInventory(snapshot(of: folder))
      return inventory.streams.first { $0.name == stream }.map { (WatchCounts($0), $0.bytes, inventory.totalBytes) }
    }
  }

  static func reading<Result>(_ work: () throws -> Result) throws -> Result {
    do { return try work() } catch let error as MemoryError { throw failure(error, opening: .reading) }
  }

  /// Sorts an error of the memory by what the user can do about it.
  static func failure(_ error: MemoryError, opening purpose: Purpose) -> PipelineError {
    let situation: PipelineError.Situation =
      switch (error.code, purpose) {
      case (.corruptInput, _), (.limitExceeded, _), (.misconfigured, _): .badInput
      case (.unavailable, .writing): .cannotCreate
      case (.unavailable, .reading), (.needsReset, .reading): .notThere
      case (.needsReset, .writing), (.endOfStream, _): .internalFault
      }
    return PipelineError(situation, code: error.code, error.message, cause: error)
  }
}
