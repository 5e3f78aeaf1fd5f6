import ArgumentParser
import Core
import Foundation
import Pipeline

struct TailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Follows live streams into a memory, tells what it notices, and answers questions meanwhile.",
    discussion: """
      A source is an address (rtsp, rtmp, srt, udp, rtp, tcp, http, HLS), a file that grows, a named pipe, - for standard input, or a device
      (/dev/video0, v4l2:NAME, alsa:NAME, lavfi:GRAPH). What goes away is tried again for as long as it takes, and the time without it is
      remembered. Ctrl-C ends: what was seen and heard until then is kept, and the same command goes on with the same streams. SIGHUP reads the
      pipeline file again.
      """)

  @Argument(help: "Sources to follow.")
  var sources: [String]

  @OptionGroup var memory: MemoryOption

  @Option(
    help: ArgumentHelp("A pipeline file; without one the defaults of pipelines/default.yaml.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String?

  @Option(
    help: ArgumentHelp(
      "Something to be told of when it happens, such as \"a dog barks\"; as often as needed, beside those of the pipeline file.",
      valueName: "text"))
  var alert: [String] = []

  @Option(
    help: ArgumentHelp(
      "What the alerts of the command line run, by the shell; AFTERIMAGE_ALERT, _STREAM, _SENSE, _QUOTE, _TIME, _START, _END and _CONFIDENCE are set.",
      valueName: "command"))
  var alertCommand: String?

  @Option(
    help: ArgumentHelp("Where the alerts of the command line append a line of JSON.", valueName: "file"), completion: .file())
  var alertFile: String?

  @Option(help: "A stream's name, instead of one made of its address; as often as there are sources, in their order.")
  var name: [String] = []

  @Option(name: .customLong("for"), help: ArgumentHelp("End after this time: 90, 1:30 or 1:02:03.", valueName: "time"))
  var duration: String?

  @Flag(help: "Wait for somebody to send to the address (rtmp, rtsp, srt, http, tcp) instead of fetching from it.")
  var listen = false

  @Option(
    help: ArgumentHelp(
      "An option of FFmpeg's for every source, for example rtsp_transport=udp; one it does not take is reported.", valueName: "name=value"))
  var inputOption: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file whose first line is user:password, for addresses without one; AFTERIMAGE_CREDENTIALS in the environment does the same.",
      valueName: "file"), completion: .file())
  var credentials: String?

  @Option(
    help: ArgumentHelp(
      "Serve metrics in Prometheus' format at http://127.0.0.1:PORT/metrics, to this machine alone.", valueName: "port"))
  var metrics: Int?

  @Flag(help: "Everything that is noticed as JSON, one object a line, on standard output.")
  var json = false

  @Flag(name: [.short, .long], help: "Tell only of outages and failures.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Tell more: connections, attempts, drops.")
  var verbose = false

  func validate() throws {
    if sources.isEmpty { throw ValidationError("Name at least one source.") }
    if !name.isEmpty, name.count != sources.count { throw ValidationError("Give --name as often as there are sources.") }
    if Set(name).count != name.count { throw ValidationError("Two sources cannot have one name.") }
    if name.contains(where: { $0.isEmpty || $0.contains(where: \.isNewline) }) { throw ValidationError("--name must be one line of text.") }
    if let duration, Clock.time(duration).map({ $0 <= .zero }) ?? true {
      throw ValidationError("--for must be a time, such as 90 or 1:30.")
    }
    if let metrics, !(1...65535).contains(metrics) { throw ValidationError("--metrics must be a port, 1 to 65535.") }
    if alert.isEmpty, alertCommand != nil || alertFile != nil {
      throw ValidationError("--alert-command and --alert-file belong to --alert.")
    }
    for option in inputOption where !option.dropFirst().contains("=") {
      throw ValidationError("--input-option must be NAME=VALUE, not '\(option)'.")
    }
  }

  func run() async throws {
    let own = try alert.map { try Alert($0, command: alertCommand, file: alertFile) }
    var configuration = try PipelineConfiguration.load(pipeline)
    configuration.alerts.alerts += own
    let credentials = try secret()
    var extra: [String: String] = [:]
    for option in inputOption {
      let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      extra[String(parts[0])] = String(parts[1])
    }
    let requests = try sources.enumerated().map { index, text in
      try Tailer.Request(
        text, name: name.isEmpty ? nil : name[index], credentials: credentials, listens: listen, extra: extra, configuration: configuration)
    }
    let metrics: MetricsServer? = if let metrics { try await MetricsServer(port: UInt16(metrics)) } else { nil }
    let screen = Standard.hasScreen && !quiet ? TailScreen() : nil
    let feed = TailFeed(
      isJSON: json, isQuiet: quiet, isVerbose: verbose, isAlone: sources.count == 1, outlet: screen.map(Outlet.screen) ?? .plain)
    var run = TailRun(tailer: Tailer(memory: memory.folder, configuration: configuration), feed: feed, screen: screen)
    (run.pipeline, run.alerts, run.metrics) = (pipeline, own, metrics)
    if !sources.contains("-") { run.questions = TailQuestions(memory: memory.folder, configuration: configuration, json: json) }
    if let status = try await run.run(requests, duration: duration.flatMap(Clock.time)) { throw status }
  }

  private func secret() throws -> String? {
    guard let credentials else { return ProcessInfo.processInfo.environment["AFTERIMAGE_CREDENTIALS"] }
    guard let text = try? String(contentsOfFile: credentials, encoding: .utf8), let line = text.split(whereSeparator: \.isNewline).first
    else {
      throw PipelineError(.missingInput, code: .unavailable, "\(credentials): cannot be read for a user name and password")
    }
    return line.trimmingCharacters(in: .whitespaces)
  }
}
