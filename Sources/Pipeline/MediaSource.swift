import Core
import Foundation
import Media
import Memory

/// A file given to `watch`: checked before anything is opened, and recognised again later by a digest of its content.
struct MediaSource: Sendable {
  /// As the user gave it.
  var path: String
  var absolutePath: String
  var bytes: Int64
  /// A digest of the size, the first and last mebibyte, and 64 samples between: enough to notice another file of the same name without
  /// reading hours of video twice.
  var fingerprint: String

  private static let edge = 1 << 20
  private static let sample = 16 << 10
  private static let samples = 64

  /// *Throws* `PipelineError` when there is no such file, it may not be read, or it is not a file with something in it.
  init(path: String) throws {
    if LiveSource.isLive(path), !FileManager.default.fileExists(atPath: path) {
      let shown = redactingCredentials(in: path)
      throw PipelineError(.badArgument, code: .misconfigured, "\(shown): is a live source; follow it with 'afterimage tail \(shown)'")
    }
    self.path = path
    absolutePath = URL(fileURLWithPath: path).standardizedFileURL.path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw PipelineError(.missingInput, code: .unavailable, "\(path): no such file")
    }
    guard !isFolder.boolValue else { throw PipelineError(.badInput, code: .corruptInput, "\(path): is a folder, not a media file") }
    let kind =
      (try? FileManager.default.attributesOfItem(atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path))?[.type]
      as? FileAttributeType
    guard kind == nil || kind == .typeRegular else {
      throw PipelineError(
        .badInput, code: .misconfigured, "\(path): is not a regular file, and cannot be watched again from where it stopped")
    }
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      let size = try file.seekToEnd()
      bytes = Int64(clamping: size)
      guard size > 0 else { throw PipelineError(.badInput, code: .corruptInput, "\(path): the file is empty") }
      fingerprint = try Self.digest(file, size: size)
    } catch let error as PipelineError {
      throw error
    } catch {
      throw PipelineError(.missingInput, code: .unavailable, "\(path): cannot be read (\(Self.reason(error)))", cause: error)
    }
  }

  private static func digest(_ file: FileHandle, size: UInt64) throws -> String {
    var content = [UInt8]("\(size)\n".utf8)
    func take(_ offset: UInt64, _ count: Int) throws {
      try file.seek(toOffset: offset)
      content += try file.read(upToCount: count) ?? Data()
    }
    if size <= UInt64(2 * edge + samples * sample) {
      try take(0, Int(size))
    } else {
      try take(0, edge)
      let middle = size - UInt64(2 * edge)
      for index in 0..<samples { try take(UInt64(edge) + middle / UInt64(samples) * UInt64(index), sample) }
      try take(size - UInt64(edge), edge)
    }
    return sha256(of: content)
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = (underlying ?? (error as NSError)).code
    return underlying != nil ? String(cString: strerror(Int32(code))) : (error as NSError).localizedDescription
  }

  /// The stream this file is, or becomes, in a memory: the one made from the same content before, under whatever name unless one is asked for, else its
  /// name, made unique with `-2`, `-3`, …
  ///
  /// *Throws* when the file at this very path is not the one the memory watched.
  func stream(among known: [StreamRecord], named name: String?) throws -> StreamID {
    let base = name ?? URL(fileURLWithPath: path).lastPathComponent
    let sameName = known.filter { $0.id.rawValue == base || $0.id.rawValue.hasPrefix(base + "-") }
    if let again = (sameName + (name == nil ? known : [])).first(where: { $0.source.fingerprint == fingerprint }) {
      return again.id
    }
    if let changed = sameName.first(where: { $0.source.path == absolutePath || $0.id.rawValue == name }) {
      let problem = changed.source.path == absolutePath ? "has changed since it was watched" : "is not the file that was watched"
      throw PipelineError(
        .badInput, code: .misconfigured,
        "\(path): \(problem) as '\(changed.id)'; give it another name with --name, or remove that stream first ('memory forget --all')")
    }
    let taken = Set(known.map(\.id.rawValue))
    if !taken.contains(base) { return StreamID(base) }
    var number = 2
    while taken.contains("\(base)-\(number)") { number += 1 }
    return StreamID("\(base)-\(number)")
  }
}
