import Foundation

/// The structure of the sources in one place: which of our targets each target may import, and which libraries it alone may import.
/// `docs/ARCHITECTURE.md` prints the same table; a test compares the two.
enum Targets {
  struct Rule {
    var name: String
    var ours: Set<String>
    var alone: Set<String> = []
  }

  static let all: [Rule] = [
    Rule(name: "Core", ours: [], alone: ["Dispatch"]),
    Rule(name: "Media", ours: ["Core"], alone: ["CFFmpeg"]),
    Rule(name: "Neural", ours: ["Core", "CKernels"], alone: ["COpenBLAS"]),
    Rule(name: "Perception", ours: ["Core", "Media", "Neural"], alone: ["CTesseract"]),
    Rule(name: "Memory", ours: ["Core"], alone: ["GRDB"]),
    Rule(name: "Reasoning", ours: ["Core", "Memory"]),
    Rule(name: "Pipeline", ours: ["Core", "Media", "Perception", "Memory", "Reasoning"], alone: ["Yams", "Logging", "DequeModule"]),
    Rule(name: "afterimage", ours: ["Core", "Pipeline", "CKernels"], alone: ["ArgumentParser", "FlyingFox", "FlyingSocks"]),
  ]

  /// The folder that holds Package.swift.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every Swift file below a folder of the checkout, sorted by path.
  static func swiftFiles(below folder: String) throws -> [SourceFile] {
    let base = root.appendingPathComponent(folder)
    let paths = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    return try paths.filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }.map {
      SourceFile(path: String($0.path.dropFirst(root.path.count + 1)), text: try String(contentsOf: $0, encoding: .utf8))
    }
  }
}

/// A source file and what it imports.
struct SourceFile {
  var path: String
  var text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The modules of its import lines; `import struct A.B` and `@testable import A` count as A.
  var imports: Set<String> {
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    return Set(
      lines.compactMap { line -> String? in
        var words = line.split(separator: " ").filter { !$0.hasPrefix("@") && !["package", "public", "internal", "private"].contains($0) }
        guard words.first == "import", words.count > 1 else { return nil }
        words.removeFirst()
        if kinds.contains(words[0]), words.count > 1 { words.removeFirst() }
        return words[0].split(separator: ".").first.map(String.init)
      })
  }

  /// The text without `//` comments and string literals, good enough to look for words of the language.
  var code: String {
    lines.map { line in
      var kept = "", inString = false
      var previous: Character = " "
      for character in line {
        if character == "\"", previous != "\\" { inString.toggle() }
        if !inString, character == "/", previous == "/" { break }
        if !inString { kept.append(character) }
        previous = character
      }
      return kept
    }.joined(separator: "\n")
  }
}
