import ArgumentParser
import Core
import Foundation
import Pipeline

struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Which weights are installed, and whether they are sound.", subcommands: [List.self, Verify.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Installed and missing models, with licence, size and digest.")

    @Flag(help: "As JSON.") var json = false

    func run() async throws {
      let inventory = try ModelInventory()
      let entries = inventory.entries()
      if json { return Standard.printJSON(entries, pretty: true) }
      Standard.print("models in \(inventory.root)")
      let width = entries.map(\.name.count).max() ?? 0
      for entry in entries {
        let name = entry.name + String(repeating: " ", count: width - entry.name.count)
        let state =
          entry.installed
          ? "\(Clock.bytes(entry.bytes)), \(entry.licence ?? "licence not recorded"), sha256 \(entry.sha256.map { String($0.prefix(16)) } ?? "not recorded")"
          : "not installed"
        Standard.print("  \(name)  \(entry.purpose.isEmpty ? "" : "\(entry.purpose): ")\(state)")
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Reads the installed models again and compares their digests with what was installed.")

    func run() async throws {
      let problems = try ModelInventory().problems { Standard.print($0) }
      for problem in problems { Standard.say(problem) }
      if !problems.isEmpty { throw ExitStatus.unavailable }
    }
  }
}
