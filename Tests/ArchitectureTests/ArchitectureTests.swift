import Foundation
import Testing

@Suite("Two towers, one roof")
struct ArchitectureTests {
  @Test("every target imports only what the table allows")
  func importsPointTheRightWay() throws {
    let ours = Set(Targets.all.map(\.name)).union(["CKernels"])
    let exclusive = Targets.all.reduce(into: [String: String]()) { owners, rule in rule.alone.forEach { owners[$0] = rule.name } }
    var seen = 0
    for rule in Targets.all {
      for file in try Targets.swiftFiles(below: "Sources/\(rule.name)") {
        seen += 1
        for module in file.imports {
          if ours.contains(module) {
            #expect(rule.ours.contains(module), "\(file.path) imports \(module)")
          } else if let owner = exclusive[module] {
            #expect(owner == rule.name, "\(file.path) imports \(module), which only \(owner) may")
          }
        }
      }
    }
    #expect(seen > 20, "the sources were not found")
  }

  @Test("docs/ARCHITECTURE.md prints the same table")
  func documentAgrees() throws {
    let text = try String(contentsOf: Targets.root.appendingPathComponent("docs/ARCHITECTURE.md"), encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    for rule in Targets.all {
      let row = try #require(rows.first { $0[0] == "`\(rule.name)`" && $0.count >= 4 }, "no row for \(rule.name)")
      let names = { (cell: String) in
        Set(cell.split(separator: ",").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `–")) }.filter { !$0.isEmpty })
      }
      #expect(names(row[2]) == rule.ours, "\(rule.name): may import")
      #expect(names(row[3]) == rule.alone, "\(rule.name): sole importer of")
    }
  }

  @Test("Core stays small: at most ten files")
  func coreIsSmall() throws {
    #expect(try Targets.swiftFiles(below: "Sources/Core").count <= 10)
  }

  @Test("files over 400 lines give a reason in their header, and none passes 600")
  func filesAreShort() throws {
    for file in try Targets.swiftFiles(below: "Sources") + Targets.swiftFiles(below: "Tests") {
      let count = file.lines.count
      #expect(count <= 600, "\(file.path) has \(count) lines")
      if count > 400 {
        #expect(
          file.lines.prefix(12).contains { $0.hasPrefix("// Long because") }, "\(file.path) has \(count) lines and no reason in its header")
      }
    }
  }

  @Test("nothing escapes the compiler's checks")
  func noEscapes() throws {
    for file in try Targets.swiftFiles(below: "Sources") {
      let code = file.code
      for word in ["@unchecked", "nonisolated(unsafe)", "@preconcurrency", "try!", "fatalError("] {
        #expect(!code.contains(word), "\(file.path) uses \(word)")
      }
    }
  }

  @Test("only Core makes a queue, and nothing sleeps or blocks on a semaphore")
  func onlyCoreMakesQueues() throws {
    for file in try Targets.swiftFiles(below: "Sources") where !file.path.hasPrefix("Sources/Core/") {
      let code = file.code
      for word in ["DispatchQueue(", "DispatchSemaphore", "Thread(", "NSLock", "usleep("] {
        #expect(!code.contains(word), "\(file.path) uses \(word)")
      }
    }
  }

  @Test("names say what a thing is")
  func namesAreExact() throws {
    let drawers = ["Manager", "Helper", "Util", "Utils", "Common", "Handler"]
    for file in try Targets.swiftFiles(below: "Sources") {
      let name = URL(fileURLWithPath: file.path).deletingPathExtension().lastPathComponent
      #expect(!drawers.contains { name.hasSuffix($0) }, "\(file.path)")
    }
  }

  @Test("the import reader sees every form of import")
  func importReader() {
    let file = SourceFile(
      path: "x", text: "@testable import A\nimport struct B.C\npackage import D // why\n  import E\n// import F\nlet s = \"import G\"\n")
    #expect(file.imports == ["A", "B", "D", "E"])
  }
}
