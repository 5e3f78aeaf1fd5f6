import Core
import Foundation
import Pipeline

/// Shows a watch to a person: a bar that is drawn again in place on a terminal, a plain line every few seconds elsewhere; or to a
/// program, as one JSON object a line on standard output.
struct WatchDisplay {
  private let isJSON: Bool
  private let isQuiet: Bool
  private let isTerminal = Standard.errorIsTerminal
  private var barIsShown = false
  private var lastDrawn: ContinuousClock.Instant?

  private static let redrawEvery = Duration.milliseconds(100)
  private static let lineEvery = Duration.seconds(5)

  init(isJSON: Bool, isQuiet: Bool) {
    self.isJSON = isJSON
    self.isQuiet = isQuiet
  }

  mutating func show(_ event: WatchEvent) {
    if isJSON { showJSON(event) }
    switch event {
    case .notice(let line): if !isQuiet { say(line) }
    case .failed(_, let error): say(error.message)
    case .skipped(let stream, let path):
      let name = URL(fileURLWithPath: path).lastPathComponent
      let alias = name == stream.rawValue ? "" : " the same content as '\(stream)',"
      if !isQuiet { say("\(name):\(alias) already watched to its end; skipped") }
    case .began(let stream, let from, _): if from > .zero, !isQuiet { say("\(stream): goes on at \(Clock.text(from.seconds))") }
    case .progressed(let progress): if !isQuiet { show(progress) }
    case .finished(let summary):
      clear()
      lastDrawn = nil
      if !isQuiet, !isJSON { Standard.print(Self.text(summary)) }
    }
  }

  /// Removes the bar, so that something else can be said.
  mutating func clear() {
    if barIsShown { Standard.show("\r\u{1B}[K") }
    barIsShown = false
  }

  private mutating func say(_ line: String) {
    clear()
    Standard.say(line)
  }

  private mutating func show(_ progress: WatchProgress) {
    let now = ContinuousClock.now
    guard lastDrawn.map({ now - $0 >= (isTerminal ? Self.redrawEvery : Self.lineEvery) }) ?? true else { return }
    let isFirst = lastDrawn == nil
    lastDrawn = now
    let line = ProgressLine(progress: progress, isUnicode: Standard.isUnicode)
    if isTerminal {
      Standard.show("\r\(line.drawn(columns: Standard.columns))\u{1B}[K")
      barIsShown = true
    } else if !isFirst {
      Standard.say(line.plain)
    }
  }

  private static func text(_ summary: WatchSummary) -> String {
    let counts = summary.counts
    let speed = summary.elapsed.seconds > 0 ? summary.watched.seconds / summary.elapsed.seconds : 0
    return """
      \(summary.stream)
        duration  \(Clock.text(summary.end.seconds)), watched in \(Clock.decimal(summary.elapsed.seconds)) s (\(Clock.decimal(speed)) times real time)
        episodes  \(counts.episodes) (\(counts.frames) frames)
        read      \(counts.lines) lines on screen
        heard     \(counts.words) words in \(counts.utterances) utterances, \(counts.sounds) sounds
        memory    \(Clock.bytes(summary.bytes)) of this stream; the folder takes \(Clock.bytes(summary.memoryBytes))
      """ + (counts.gaps > 0 ? "\n  missing   \(counts.gaps) \(counts.gaps == 1 ? "stretch" : "stretches") that could not be read" : "")
  }

  // MARK: For programs

  private struct Line: Encodable {
    var event: String
    var stream: String?
    var seconds: Double?
    var duration: Double?
    var speed: Double?
    var remaining: Double?
    var counts: WatchCounts?
    var elapsed: Double?
    var bytes: Int64?
    var memoryBytes: Int64?
    var stages: [Stage]?
    var message: String?
    var path: String?

    struct Stage: Encodable {
      var name: String
      var items: Int
      var busySeconds: Double
      var peakDepth: Int
    }
  }

  private mutating func showJSON(_ event: WatchEvent) {
    var line: Line
    switch event {
    case .notice(let text): line = Line(event: "notice", message: text)
    case .failed(let path, let error): line = Line(event: "failed", message: error.message, path: path)
    case .skipped(let stream, let path): line = Line(event: "skipped", stream: stream.rawValue, path: path)
    case .began(let stream, let from, let duration):
      line = Line(event: "began", stream: stream.rawValue, seconds: from.seconds, duration: duration?.seconds)
    case .progressed(let progress):
      line = Line(
        event: "progress", stream: progress.stream.rawValue, seconds: progress.time.seconds, duration: progress.duration?.seconds,
        speed: progress.speed, remaining: progress.remaining?.seconds, counts: progress.counts)
    case .finished(let summary):
      line = Line(
        event: "finished", stream: summary.stream.rawValue, seconds: summary.end.seconds, counts: summary.counts,
        elapsed: summary.elapsed.seconds, bytes: summary.bytes, memoryBytes: summary.memoryBytes)
      line.stages = summary.stages.map { .init(name: $0.name, items: $0.items, busySeconds: $0.busy.seconds, peakDepth: $0.peakDepth) }
    }
    Standard.printJSON(line)
  }
}

extension Standard {
  /// Writes a value as one line of JSON with sorted keys.
  static func printJSON(_ value: some Encodable, pretty: Bool = false) {
    if let line = json(value, pretty: pretty) { print(line) }
  }

  /// A value as JSON with sorted keys.
  static func json(_ value: some Encodable, pretty: Bool = false) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) }
  }
}
