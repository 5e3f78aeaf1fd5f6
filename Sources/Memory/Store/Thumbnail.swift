import Core
import Foundation

/// The pictures of episodes: JPEG files in `thumbnails/`, named by stream and time.
enum Thumbnail {
  static func path(_ name: String) -> String { "thumbnails/\(name)" }

  /// The path of an episode's picture, relative to the memory's folder.
  static func path(stream: Int64, start: MediaTime) -> String { path("\(stream)-\(start.nanoseconds).jpg") }

  /// Whether a file in `thumbnails/` is one that a store wrote, whole or in part.
  static func isOurs(_ name: String) -> Bool { name.hasSuffix(".jpg") || name.hasSuffix(".jpg.part") }

  /// Whether bytes begin and end as a JPEG does.
  static func isJPEG(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    bytes.count > 4 && bytes.starts(with: [0xFF, 0xD8, 0xFF]) && bytes.suffix(2).elementsEqual([0xFF, 0xD9])
  }

  /// Writes a picture so that its name never stands for a part of it, and so that it is on the disk before it is named anywhere.
  static func write(_ bytes: Data, to path: String, in folder: MemoryFolder) throws {
    let target = folder.url.appendingPathComponent(path)
    let part = target.appendingPathExtension("part")
    do {
      try Data().write(to: part)
      let file = try FileHandle(forWritingTo: part)
      defer { try? file.close() }
      try file.write(contentsOf: bytes)
      try file.synchronize()
    } catch {
      try? FileManager.default.removeItem(at: part)
      throw MemoryError(.unavailable, "cannot write \(target.path): \(error.reason); make room on the disk")
    }
    guard rename(part.path, target.path) == 0 else {
      throw MemoryError(.unavailable, "cannot write \(target.path): \(String(cString: strerror(errno)))")
    }
  }
}
