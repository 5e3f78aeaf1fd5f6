import Core
import Foundation

/// What lies where in a memory's folder.
struct MemoryFolder: Sendable {
  let url: URL

  var path: String { url.path }
  var database: URL { url.appendingPathComponent("memory.sqlite") }
  var thumbnails: URL { url.appendingPathComponent("thumbnails", isDirectory: true) }
  var lock: URL { url.appendingPathComponent("writer.lock") }
  /// Where a new database is prepared before it gets its name, so that a half-made one is never taken for a memory.
  var unfinished: URL { url.appendingPathComponent("memory.sqlite.new") }

  /// What SQLite is given to read the database: its path, or where nothing can be written (and so nobody else writes) an address that
  /// says so, because a reader of a write-ahead log must otherwise be able to put its index beside it.
  var pathForReading: String {
    let log = database.path + "-wal"
    let attributes = try? FileManager.default.attributesOfItem(atPath: log)
    let logged = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
    guard access(path, W_OK) != 0, logged == 0 else { return database.path }
    let escaped = database.path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? database.path
    return "file:\(escaped)?immutable=1"
  }

  /// Bytes of a file of the memory; 0 for one that is not there.
  func size(_ path: String) -> Int64 {
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.appendingPathComponent(path).path)
    return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
  }

  /// A picture that the database names; nil for a name that leads elsewhere.
  private func picture(_ path: String) -> URL? {
    let name = path.split(separator: "/", omittingEmptySubsequences: false)
    guard name.count == 2, name[0] == "thumbnails", Thumbnail.isOurs(String(name[1])) else { return nil }
    return thumbnails.appendingPathComponent(String(name[1]))
  }

  /// Bytes of a picture; 0 for one that is not there or is none of ours.
  func pictureSize(_ path: String) -> Int64 { picture(path) == nil ? 0 : size(path) }

  /// Removes a picture, and nothing that is not one.
  ///
  /// - Parameter erasing: whether its bytes are overwritten first.
  /// - Returns: whether it is gone.
  @discardableResult
  func removePicture(_ path: String, erasing: Bool = false) -> Bool {
    guard let picture = picture(path) else { return true }
    if erasing, let file = try? FileHandle(forUpdating: picture) {
      let length = (try? file.seekToEnd()) ?? 0
      try? file.seek(toOffset: 0)
      try? file.write(contentsOf: Data(count: Int(length)))
      try? file.synchronize()
      try? file.close()
    }
    return unlink(picture.path) == 0 || errno == ENOENT
  }

  /// Bytes of all pictures.
  var pictureBytes: Int64 {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: thumbnails.path)) ?? []
    return names.reduce(0) { $0 + size(Thumbnail.path($1)) }
  }

  enum Content {
    case nothing, memory
    /// Not ours, with what it is.
    case other(String)
  }

  /// Looks without touching.
  func content() throws -> Content {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return .nothing }
    guard isFolder.boolValue else { return .other("is a file, and a memory is a folder") }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw MemoryError(.unavailable, "cannot read the folder \(path): \(error.reason); check its permissions")
    }
    if names.contains(database.lastPathComponent) { return .memory }
    let ours: Set = [lock, unfinished, thumbnails].map(\.lastPathComponent).reduce(into: []) { $0.insert($1) }
    let foreign = names.filter { !ours.contains($0) && !$0.hasPrefix(unfinished.lastPathComponent) }.min()
    return foreign.map { .other("is a folder with other things in it (\($0))") } ?? .nothing
  }
}

extension Error {
  /// The part of a file error that says what was wrong.
  var reason: String {
    let error = self as NSError
    if let underlying = error.userInfo[NSUnderlyingErrorKey] as? any Error { return underlying.reason }
    return error.domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32(error.code))) : error.localizedDescription
  }
}
