import Core
import Foundation

/// The writing side of a memory folder. At most one per folder, over all processes.
///
/// *Isolation* its own queue: everything here waits for the disk.
package actor MemoryStore {
  package nonisolated let folder: URL
  package nonisolated let configuration: MemoryConfiguration
  private let executor = QueueExecutor("afterimage.memory")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Opens the memory, migrating an older one, or makes a new one where there is nothing or an empty folder.
  ///
  /// *Throws* `MemoryError`: `unavailable` when another writer has it or the disk refuses, `misconfigured` when the folder is
  /// something else or from a newer version, `corruptInput` when the memory is damaged. Nothing is modified in any of these cases.
  package init(writing folder: URL, configuration: MemoryConfiguration = MemoryConfiguration()) throws {
    self.folder = folder
    self.configuration = configuration
  }

  /// Begins a stream, or finds where it stands.
  ///
  /// - Returns: nil for a new stream.
  /// *Throws* `misconfigured` when the memory has a stream of this name from another source.
  package func open(stream: StreamID, source: SourceDescription) throws -> StreamCheckpoint? { nil }

  /// Remembers a batch: one transaction, so that after a crash it is there whole or not at all.
  ///
  /// *Throws* `unavailable` when the disk refuses: nothing of the batch is remembered, and a later commit may succeed.
  package func commit(_ batch: Batch) throws {}

  /// Gives the folder back. The store refuses everything afterwards.
  package func close() {}
}
