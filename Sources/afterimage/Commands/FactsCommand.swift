import ArgumentParser
import Core
import Foundation
import Pipeline

/// `memory facts`: what was read or said of something, and how long it held.
struct FactsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "facts", abstract: "What a memory says of things: prices, platforms, days, and when they changed.")

  @OptionGroup var memory: MemoryOption
  @Option(help: ArgumentHelp("This stream only.", valueName: "name")) var stream: String?
  @Flag(help: "As JSON.") var json = false

  func run() async throws {
    let facts = try MemoryInspection(of: memory.folder).facts(of: stream)
    if json { return Standard.printJSON(facts, pretty: true) }
    for fact in facts {
      let relation = fact.relation == "is" ? "" : " (\(fact.relation))"
      let end = fact.validTo.map { Clock.text($0) } ?? "now"
      Standard.print("\(fact.stream)  \(fact.head)\(relation): \(fact.value)  \(Clock.text(fact.validFrom))–\(end)")
    }
    if facts.isEmpty { Standard.say("\(memory.memory): no facts") }
  }
}
