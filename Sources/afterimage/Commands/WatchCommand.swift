import ArgumentParser
import Core
import Foundation
import Pipeline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the memory is; shared by every command that has one.
struct MemoryOption: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The memory: a folder.", valueName: "path"), completion: .directory)
  var memory: String

  var folder: URL { URL(fileURLWithPath: memory, isDirectory: true) }
}

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Watches media files into a memory.",
    discussion: """
      Each file becomes one stream, named like the file. Interrupted or killed, the same command goes on where it stopped and ends with the
      same memory as a run that was not; files watched to their end are skipped.
      """)

  @Argument(help: "Media files: anything FFmpeg reads.", completion: .file())
  var files: [String]

  @OptionGroup var memory: MemoryOption

  @Option(
    help: ArgumentHelp("A pipeline file; without one the defaults of pipelines/default.yaml.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String?

  @Option(help: "The stream's name, instead of the file's. Only with one file.")
  var name: String?

  @Option(help: ArgumentHelp("Which audio track to listen to, counted from 0; the default track otherwise.", valueName: "n"))
  var audioTrack: Int?

  @Flag(help: "Progress and results as JSON, one object a line, on standard output.")
  var json = false

  @Flag(name: [.short, .long], help: "Say nothing unless something fails.")
  var quiet = false

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name at least one media file.") }
    if name != nil, files.count > 1 { throw ValidationError("--name goes with one file only.") }
    if let name, name.isEmpty || name.contains(where: \.isNewline) { throw ValidationError("--name must be one line of text.") }
    if let audioTrack, audioTrack < 0 { throw ValidationError("--audio-track counts from 0.") }
  }

  func run() async throws {
    let configuration = try PipelineConfiguration.load(pipeline)
    let watcher = Watcher(memory: memory.folder, configuration: configuration)
    let status = try await WatchRun(watcher: watcher, display: WatchDisplay(isJSON: json, isQuiet: quiet), resume: resumeLine)
      .run(files, name: name, audioTrack: audioTrack)
    if let status { throw status }
  }

  private var resumeLine: String { "run the same command again to go on" }
}

/// Runs a watcher, shows what it tells, and ends early on SIGINT and SIGTERM: what is committed stays, and the process leaves without
/// waiting for a model that is still computing.
struct WatchRun {
  var watcher: Watcher
  var display: WatchDisplay
  var resume: String

  /// - Returns: the status to end with when a file could not be watched.
  func run(_ files: [String], name: String? = nil, audioTrack: Int? = nil) async throws -> ExitStatus? {
    let (events, sink) = AsyncStream.makeStream(of: WatchEvent.self, bufferingPolicy: .bufferingNewest(4096))
    let signals = SignalWatch([SIGINT, SIGTERM])
    return try await withThrowingTaskGroup(of: ExitStatus?.self) { group in
      group.addTask {
        defer {
          sink.finish()
          signals.release()
        }
        try await watcher.watch(files, name: name, audioTrack: audioTrack) { sink.yield($0) }
        return nil
      }
      group.addTask {
        guard let number = await signals.next() else { return nil }
        let reached = await watcher.stop()
        if Standard.errorIsTerminal { Standard.show("\r\u{1B}[K") }
        Standard.say("stopped\(reached.map { " at \(Clock.text($0.seconds)) of media" } ?? ""); \(resume)")
        (number == SIGINT ? ExitStatus.interrupted : .terminated).leave()
      }
      group.addTask {
        var display = display
        var status: ExitStatus?
        for await event in events {
          display.show(event)
          if case .failed(_, let error) = event { status = status ?? ExitStatus(for: error) }
        }
        display.clear()
        return status
      }
      var status: ExitStatus?
      while let result = try await group.next() { status = status ?? result }
      return status
    }
  }
}
