import Foundation

/// The questions asked before, kept for the next time in `$XDG_STATE_HOME/afterimage/history` (`~/.local/state` without it).
struct QuestionHistory {
  private static let longest = 1000

  private(set) var lines: [String]
  private let file: URL

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let state: URL
    if let named = environment["XDG_STATE_HOME"], named.hasPrefix("/") {
      state = URL(fileURLWithPath: named, isDirectory: true)
    } else {
      let home = environment["HOME"].map { URL(fileURLWithPath: $0, isDirectory: true) } ?? FileManager.default.homeDirectoryForCurrentUser
      state = home.appendingPathComponent(".local/state", isDirectory: true)
    }
    file = state.appendingPathComponent("afterimage/history")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    lines = text.split(separator: "\n").suffix(Self.longest).map(String.init)
  }

  /// Adds a line, unless it repeats the last one. A history that cannot be written is not worth an error: it stays in memory.
  mutating func add(_ line: String) {
    guard !line.allSatisfy(\.isWhitespace), line != lines.last else { return }
    lines = (lines + [line]).suffix(Self.longest)
    let folder = file.deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    guard (try? Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file, options: .atomic)) != nil else { return }
    try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
  }
}
