import Core
import Foundation
import Testing

@testable import Media

/// A temporary folder in which a test makes its media with the command line tools; removed with it.
final class Workshop {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("afterimage-media-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Runs `ffmpeg` in the folder and returns the path of its last argument.
  @discardableResult
  func ffmpeg(_ arguments: String) throws -> String {
    let words = Self.words(arguments)
    try run("ffmpeg", ["-nostdin", "-y", "-loglevel", "error"] + words)
    return path(words.last ?? "")
  }

  /// What a tool prints.
  @discardableResult
  func run(_ tool: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(tool) \(arguments.joined(separator: " ")) failed")
    return bytes
  }

  func words(of tool: String, _ arguments: String) throws -> String {
    String(decoding: try run(tool, Self.words(arguments)), as: UTF8.self)
  }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
    return path(name)
  }

  func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))) }

  /// Splits at spaces, keeping what stands between single quotes together.
  private static func words(_ text: String) -> [String] {
    text.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
      index % 2 == 1 ? [String(part)] : part.split(whereSeparator: \.isWhitespace).map(String.init)
    }
  }
}

/// Everything a reader delivers.
struct Delivery: Sendable {
  var description: MediaDescription
  var frames: [VideoFrame] = []
  var chunks: [AudioChunk] = []
  var gaps: [(range: TimeRange, reason: String)] = []
  /// In the order of delivery.
  var items: [MediaItem] = []
  var statistics = MediaStatistics()

  init(_ path: String, _ options: MediaOptions = MediaOptions()) async throws {
    let reader = try await MediaReader(path: path, options: options)
    description = reader.description
    while let item = try await reader.next() {
      items.append(item)
      switch item {
      case .frame(let frame): frames.append(frame)
      case .audio(let chunk): chunks.append(chunk)
      case .gap(let range, let reason): gaps.append((range, reason))
      }
    }
    statistics = await reader.statistics
    await reader.close()
  }

  var samples: [Float] { chunks.flatMap(\.samples) }
  var times: [Double] { frames.map(\.time.seconds) }
}

extension Picture {
  /// `width x height x planes`.
  var shape: String { "\(width)x\(height)x\(planes)" }

  /// The mean of a plane over the middle half of the picture.
  func mean(_ plane: Int) -> Double {
    var (sum, count) = (0, 0)
    for y in height / 4..<max(height * 3 / 4, height / 4 + 1) {
      for x in width / 4..<max(width * 3 / 4, width / 4 + 1) {
        sum += Int(samples[(plane * height + y) * width + x])
        count += 1
      }
    }
    return Double(sum) / Double(count)
  }

  func pixel(_ x: Int, _ y: Int) -> [Int] { (0..<planes).map { Int(samples[($0 * height + y) * width + x]) } }
}

/// The error that opening and reading a file to its end gives; nil when it gives none.
func failure(_ path: String, _ options: MediaOptions = MediaOptions()) async -> MediaError? {
  do {
    _ = try await Delivery(path, options)
    return nil
  } catch {
    return error as? MediaError
  }
}
