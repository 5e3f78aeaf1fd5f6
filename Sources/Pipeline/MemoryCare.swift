import Core
import Foundation
import Memory

/// Changes a memory on its owner's request: forgets a stretch of a stream, or makes it smaller.
package struct MemoryCare: Sendable {
  private let folder: URL

  /// *Throws* `PipelineError` when there is no memory in `folder`, or it cannot be read.
  package init(of folder: URL) throws {
    self.folder = folder
    try MemoryReading.update(folder)
    _ = try MemoryReading.snapshot(of: folder)
  }

  /// What `forget` removed.
  package struct Receipt: Sendable, Codable {
    package var stream: String
    /// *Units* seconds on the stream's clock. What was partly inside what was asked for was removed whole, so this may be wider.
    package var start: Double
    package var end: Double
    package var frames: Int
    package var lines: Int
    package var utterances: Int
    package var sounds: Int
    package var pictures: Int
    package var landmarks: Int
    package var corrections: Int
    /// Corrections that name no stretch: they stay.
    package var standingCorrections: Int
    /// False while another process still reads the memory as it was before, which keeps its old bytes in the log.
    package var erased: Bool
  }

  /// The stream that is meant.
  ///
  /// - Parameter name: may be left out when there is only one.
  package func stream(_ name: String?) throws -> StreamID { try record(name).id }

  private func record(_ name: String?) throws -> StreamRecord {
    let records = try MemoryReading.streams(in: folder)
    let names = records.map(\.id.rawValue).joined(separator: ", ")
    let found = name.map { wanted in records.first { $0.id.rawValue == wanted } } ?? (records.count == 1 ? records.first : nil)
    guard let found else {
      throw PipelineError(
        name == nil ? .badArgument : .notThere, code: .misconfigured,
        name.map { "there is no stream '\($0)' in \(folder.path); it has \(names.isEmpty ? "none" : names)" }
          ?? "choose a stream with --stream: \(names)")
    }
    return found
  }

  /// A stretch of a stream, checked.
  ///
  /// - Parameter purpose: what is to be done with it, for the complaint that there is nothing there.
  package func stretch(of name: String?, from: MediaTime?, to: MediaTime?, to purpose: String) throws -> (
    stream: StreamID, range: TimeRange
  ) {
    let found = try record(name)
    let range = TimeRange(start: from ?? found.extent.start, end: to ?? found.extent.end)
    guard range.start < range.end, range.overlaps(found.extent) else {
      throw PipelineError(
        .badArgument, code: .misconfigured,
        "there is nothing to \(purpose) from \(from ?? found.extent.start) to \(to ?? found.extent.end): '\(found.id)' runs from \(found.extent.start) to \(found.extent.end)"
      )
    }
    return (found.id, range)
  }

  package func forget(_ range: TimeRange, of stream: StreamID) async throws -> Receipt {
    let receipt = try await writing { try await $0.forget(range, of: stream) }
    return Receipt(
      stream: stream.rawValue, start: receipt.removed.start.seconds, end: receipt.removed.end.seconds, frames: receipt.frames,
      lines: receipt.lines, utterances: receipt.utterances, sounds: receipt.sounds, pictures: receipt.pictures,
      landmarks: receipt.landmarks, corrections: receipt.corrections, standingCorrections: receipt.standingCorrections,
      erased: receipt.isErased)
  }

  /// A stretch that is kept as it is. Times are seconds.
  package struct Pinned: Sendable, Codable {
    package var number: Int64
    package var stream: String
    package var start, end: Double
    /// ISO 8601.
    package var writtenAt: String

    init(_ pin: Pin) {
      (number, stream, start, end) = (pin.id, pin.stream.rawValue, pin.range.start.seconds, pin.range.end.seconds)
      writtenAt = pin.writtenAt.ISO8601Format()
    }
  }

  package func pin(_ range: TimeRange, of stream: StreamID) async throws -> Pinned {
    Pinned(try await writing { try await $0.pin(range, of: stream) })
  }

  /// In the order in which they were set.
  package func pins() throws -> [Pinned] { try MemoryReading.reading { try MemoryReading.snapshot(of: folder).pins().map(Pinned.init) } }

  package func unpin(_ number: Int64) async throws {
    guard try pins().contains(where: { $0.number == number }) else {
      throw PipelineError(.notThere, code: .misconfigured, "there is no pin \(number) in \(folder.path); 'memory pin --list' shows them")
    }
    try await writing { try await $0.unpin(number) }
  }

  /// Removes a stream altogether, so that its source can be watched again.
  ///
  /// - Returns: whether its bytes are gone from the files too.
  package func remove(_ stream: StreamID) async throws -> Bool { try await writing { try await $0.remove(stream) } }

  /// What `compact` came to.
  package struct Sizes: Sendable, Codable {
    package var before: Int64
    package var after: Int64
    package var budget: Int64
  }

  package func compact(budget: Int?) async throws -> Sizes {
    try await writing { store in
      let sizes = try await store.compact(budget: budget)
      return Sizes(before: sizes.before, after: sizes.after, budget: await store.budget)
    }
  }

  private func writing<Result: Sendable>(_ work: (MemoryStore) async throws -> Result) async throws -> Result {
    do {
      let store = try MemoryStore(writing: folder)
      do {
        let result = try await work(store)
        await store.close()
        return result
      } catch {
        await store.close()
        throw error
      }
    } catch let error as MemoryError {
      throw error.code == .misconfigured
        ? PipelineError(.badArgument, code: error.code, error.message, cause: error) : MemoryReading.failure(error, opening: .writing)
    }
  }
}
