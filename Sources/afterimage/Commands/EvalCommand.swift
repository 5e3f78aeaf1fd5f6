import ArgumentParser
import Core
import Foundation
import Pipeline

struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Answers an annotated question set.",
    discussion: """
      Watches the media files the questions name that are not yet in the memory, asks each question of the stream named by its 'video' field,
      and writes one JSON line per question: id, answer, intervals ([[start, end, score], …] in seconds), abstained, confidence, latency_ms.
      """)

  @Argument(help: "JSON lines with id, video and question.", completion: .file(extensions: ["jsonl"]))
  var questions: String

  @Option(help: ArgumentHelp("The folder of the media files.", valueName: "dir"), completion: .directory)
  var media: String

  @OptionGroup var memory: MemoryOption

  @Option(help: ArgumentHelp("Where the answers go.", valueName: "file"), completion: .file(extensions: ["jsonl"]))
  var answers: String

  @Option(help: ArgumentHelp("A pipeline file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String?

  @Flag(name: [.short, .long], help: "Say nothing unless something fails.")
  var quiet = false

  func run() async throws {
    let configuration = try PipelineConfiguration.load(pipeline)
    let evaluation = try Evaluation(file: questions)
    let watcher = Watcher(memory: memory.folder, configuration: configuration)
    let run = WatchRun(
      watcher: watcher, display: WatchDisplay(isJSON: false, isQuiet: quiet), resume: "run the same command again to go on")
    for file in try evaluation.files(below: media) {
      if let status = try await run.run([file], name: URL(fileURLWithPath: file).lastPathComponent) { throw status }
    }
    let results = try await evaluation.answers(from: Asker(memory: memory.folder, configuration: configuration))
    try Evaluation.write(results, to: answers)
    if !quiet {
      let abstained = results.filter(\.abstained).count
      Standard.print("\(results.count) questions answered into \(answers), \(abstained) of them with \"not in this memory\"")
    }
  }
}
