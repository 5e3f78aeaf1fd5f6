import Foundation
import GRDB

/// Tells whether a memory was written since it was last asked: what was made of a snapshot stays right as long as it was not.
package struct CommitWatch: Sendable {
  private let connection: DatabaseQueue
  private let place: MemoryFolder
  private let file: Int

  /// *Throws* `MemoryError` when the memory cannot be read.
  package init(of folder: URL) throws {
    place = MemoryFolder(url: folder)
    file = place.fileNumber
    connection = try MemoryError.wrapping("cannot open the memory \(folder.path)") { [place] in
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(10)
      return try DatabaseQueue(path: place.pathForReading, configuration: configuration)
    }
  }

  /// A number that is another one after every commit of any process; nil when another memory has taken the place of this one. Numbers of two
  /// watches say nothing about each other.
  package func number() throws -> Int? {
    guard place.fileNumber == file else { return nil }
    return try MemoryError.wrapping("reading the memory \(place.path)") {
      try connection.read { try Int.fetchOne($0, sql: "PRAGMA data_version") }
    }
  }
}

extension MemoryFolder {
  fileprivate var fileNumber: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: database.path)
    return (attributes?[.systemFileNumber] as? NSNumber)?.intValue ?? 0
  }
}
