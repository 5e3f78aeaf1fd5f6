import Core
import Foundation
import Yams

/// One mapping of a pipeline file, read key by key. Every complaint names the file, the line and the key.
///
/// A key that nobody asked for is an error, so that a misspelt setting is never silently ignored.
struct ConfigurationSection {
  let file: String
  /// Keys from the root down, for messages: `speech.beam_size`.
  let path: [String]
  private let entries: [String: Entry]

  private struct Entry {
    var line: Int
    var value: Node
  }

  /// Reads the root mapping of a file's text. Empty text is an empty mapping.
  init(yaml: String, file: String) throws {
    let root: Node?
    do { root = try Yams.compose(yaml: yaml) } catch { throw Self.syntaxError(error, file: file) }
    try self.init(node: root ?? .mapping(Node.Mapping([])), file: file, path: [], line: 1)
  }

  private init(node: Node, file: String, path: [String], line: Int) throws {
    self.file = file
    self.path = path
    if case .scalar = node, node.null != nil {
      entries = [:]
      return
    }
    guard let mapping = node.mapping else {
      throw Self.complaint(file: file, line: node.mark?.line ?? line, path: path, "must be a group of keys")
    }
    var entries: [String: Entry] = [:]
    for (key, value) in mapping {
      let line = key.mark?.line ?? line
      guard let name = key.string else { throw Self.complaint(file: file, line: line, path: path, "has a key that is not a word") }
      if entries[name] != nil { throw Self.complaint(file: file, line: line, path: path + [name], "is given twice") }
      entries[name] = Entry(line: line, value: value)
    }
    self.entries = entries
  }

  /// Refuses keys outside `known`, naming the likeliest one meant.
  func allowOnly(_ known: [String]) throws {
    let unknown = entries.filter { !known.contains($0.key) }.min { $0.value.line < $1.value.line }
    guard let (key, entry) = unknown else { return }
    let hint =
      Suggestion.nearest(to: key, among: known).map { "; did you mean '\($0)'?" }
      ?? "; known keys here: \(known.joined(separator: ", "))"
    throw Self.complaint(file: file, line: entry.line, path: path + [key], "is not a known key\(hint)")
  }

  func section(_ key: String) throws -> ConfigurationSection {
    guard let entry = entries[key] else {
      return try ConfigurationSection(node: .mapping(Node.Mapping([])), file: file, path: path + [key], line: 0)
    }
    return try ConfigurationSection(node: entry.value, file: file, path: path + [key], line: entry.line)
  }

  func number(_ key: String, default value: Double, in range: ClosedRange<Double>) throws -> Double {
    guard let entry = entries[key] else { return value }
    guard Self.isPlain(entry.value), let number = entry.value.float, number.isFinite else {
      throw complaint(key, entry, "must be a number")
    }
    guard range.contains(number) else {
      throw complaint(
        key, entry, "is \(Self.text(number)), but must be from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))")
    }
    return number
  }

  func integer(_ key: String, default value: Int, in range: ClosedRange<Int>) throws -> Int {
    guard let entry = entries[key] else { return value }
    guard Self.isPlain(entry.value), let number = entry.value.int else { throw complaint(key, entry, "must be a whole number") }
    guard range.contains(number) else {
      throw complaint(key, entry, "is \(number), but must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func boolean(_ key: String, default value: Bool) throws -> Bool {
    guard let entry = entries[key] else { return value }
    guard Self.isPlain(entry.value), let flag = entry.value.bool else { throw complaint(key, entry, "must be true or false") }
    return flag
  }

  func string(_ key: String, default value: String) throws -> String {
    guard let entry = entries[key] else { return value }
    guard let text = entry.value.string, !text.isEmpty else { throw complaint(key, entry, "must be a word or a path") }
    return text
  }

  func choice(_ key: String, default value: String, of choices: [String]) throws -> String {
    let text = try string(key, default: value)
    guard choices.contains(text), let entry = entries[key] else {
      guard let entry = entries[key] else { return value }
      throw complaint(key, entry, "is '\(text)', but must be one of \(choices.joined(separator: ", "))")
    }
    _ = entry
    return text
  }

  func numbers(_ key: String, default value: [Double], count: ClosedRange<Int>, in range: ClosedRange<Double>) throws -> [Double] {
    guard let entry = entries[key] else { return value }
    guard let nodes = entry.value.sequence, count.contains(nodes.count) else {
      throw complaint(key, entry, "must be a list of \(count.lowerBound) to \(count.upperBound) numbers")
    }
    return try nodes.map {
      guard Self.isPlain($0), let number = $0.float, range.contains(number) else {
        throw complaint(key, entry, "must hold numbers from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))")
      }
      return number
    }
  }

  /// The groups of keys of a list; nil when the key is not given. Messages name the place in the list.
  func sections(_ key: String) throws -> [ConfigurationSection]? {
    guard let entry = entries[key] else { return nil }
    guard let nodes = entry.value.sequence else { throw complaint(key, entry, "must be a list of groups of keys") }
    return try nodes.enumerated().map { index, node in
      try ConfigurationSection(node: node, file: file, path: path + ["\(key)[\(index + 1)]"], line: node.mark?.line ?? entry.line)
    }
  }

  /// A text that may be left out.
  func text(_ key: String) throws -> String? { entries[key] == nil ? nil : try string(key, default: "") }

  func complaint(_ key: String, _ problem: String) -> PipelineError {
    Self.complaint(file: file, line: entries[key]?.line ?? 0, path: path + [key], problem)
  }

  private func complaint(_ key: String, _ entry: Entry, _ problem: String) -> PipelineError {
    Self.complaint(file: file, line: entry.line, path: path + [key], problem)
  }

  private static func complaint(file: String, line: Int, path: [String], _ problem: String) -> PipelineError {
    let name = path.isEmpty ? "the file" : "'\(path.joined(separator: "."))'"
    return PipelineError(.badPipeline, code: .misconfigured, "\(file):\(max(1, line)): \(name) \(problem)")
  }

  private static func syntaxError(_ error: any Error, file: String) -> PipelineError {
    func made(_ line: Int, _ problem: String) -> PipelineError {
      PipelineError(.badPipeline, code: .misconfigured, "\(file):\(max(1, line)): not valid YAML: \(problem)", cause: error)
    }
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?, .composer(_, let problem, let mark, _)?:
      return made(mark.line, problem)
    case .duplicatedKeysInMapping(let keys, let context)?: return made(context.mark.line, "'\(keys.first ?? "?")' is given twice")
    case .reader(let problem, let offset, _, _)?: return made(1, offset.map { "\(problem) (at byte \($0))" } ?? problem)
    default: return made(1, String(describing: error).split(whereSeparator: \.isNewline).joined(separator: " "))
    }
  }

  /// A quoted scalar is text, whatever it looks like.
  private static func isPlain(_ node: Node) -> Bool { node.scalar?.style == .plain || node.scalar?.style == .any }

  private static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
  }
}
