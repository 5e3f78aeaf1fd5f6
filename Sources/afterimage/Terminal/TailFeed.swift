import Core
import Foundation
import Pipeline

/// Shows what a tail tells, one line each: for a person, or as JSON for a program.
struct TailFeed {
  var isJSON: Bool
  var isQuiet: Bool
  var isVerbose: Bool
  /// Whether there is one stream only, so that its name need not be said.
  var isAlone: Bool
  private var status: [StreamID: TailStatus] = [:]
  private let outlet: Outlet
  private var drawn: ContinuousClock.Instant?

  private static let redrawEvery = Duration.milliseconds(200)

  init(isJSON: Bool, isQuiet: Bool, isVerbose: Bool, isAlone: Bool, outlet: Outlet = .plain) {
    (self.isJSON, self.isQuiet, self.isVerbose, self.isAlone) = (isJSON, isQuiet, isVerbose, isAlone)
    self.outlet = outlet
  }

  mutating func show(_ event: TailEvent) async {
    if isJSON, let line = Standard.json(TailLine(event)) { await outlet.print(line) }
    switch event {
    case .notice(let stream, let text, let isDetail):
      if isDetail ? isVerbose : !isQuiet { await outlet.say(stream.map { "\($0): \(text)" } ?? text) }
    case .connected(let stream, let description, _): if isVerbose { await line(Date(), "connected", stream, description) }
    case .lost(let stream, let reason, let date): await line(date, "no signal", stream, reason)
    case .returned(let stream, let after, let date): await line(date, "signal", stream, "back after \(Clock.text(after.seconds))")
    case .noticed(let noticed): if !isQuiet { await line(noticed.date, noticed.kind.rawValue, noticed.stream, Self.text(noticed)) }
    case .alert(let alert): await line(alert.date, "alert", alert.stream, Self.text(alert))
    case .status(let now):
      status[now.stream] = now
      await showStatus()
    case .ended(let stream, let reason, let failed):
      if failed { await outlet.say(reason) } else { await line(Date(), "end", stream, reason) }
    }
  }

  private mutating func showStatus() async {
    guard case .screen(let screen) = outlet, !isQuiet else { return }
    let now = ContinuousClock.now
    guard drawn.map({ now - $0 >= Self.redrawEvery }) ?? true else { return }
    drawn = now
    await screen.set(status: StatusLine(statuses: status.values.sorted { $0.stream < $1.stream }))
  }

  /// Says how every stream stands.
  func finish() {
    guard !isJSON, !isQuiet else { return }
    for (_, status) in status.sorted(by: { $0.key < $1.key }) { Standard.say(StatusLine(statuses: [status]).plain) }
  }

  private static func text(_ noticed: TailEvent.Noticed) -> String {
    let text = noticed.text.split(whereSeparator: \.isNewline).joined(separator: " / ")
    switch noticed.kind {
    case .sentence, .sign: return "“\(text)”"
    default: return "\(text) (\(Int((noticed.score * 100).rounded())) %)"
    }
  }

  private static func text(_ alert: AlertEvent) -> String {
    let quote = alert.quote.split(whereSeparator: \.isNewline).joined(separator: " / ")
    let seconds = { (time: MediaTime) in Clock.text(time.seconds) }
    let place = "\(seconds(alert.range.start))–\(seconds(alert.range.end))"
    return "\(alert.question): \(Reply.verb(alert.sense)) “\(quote)” \(place) (\(Int((alert.confidence * 100).rounded())) %)"
  }

  private func line(_ date: Date, _ kind: String, _ stream: StreamID, _ text: String) async {
    guard !isJSON else { return }
    let padded = kind + String(repeating: " ", count: max(0, 9 - kind.count))
    let clean = PipelineError.redactingCredentials(in: text)
    await outlet.print("\(TimeOfDay.text(date))  \(padded)  \(isAlone ? "" : "\(stream)  ")\(clean)")
  }
}

/// One event of a tail for programs.
struct TailLine: Encodable {
  var event: String
  var stream: String?
  /// ISO 8601.
  var time: String
  /// Seconds on the stream's clock.
  var start: Double?
  var end: Double?
  var text: String?
  /// What an alert waited for, and the sense that found it.
  var question: String?
  var sense: String?
  var score: Float?
  var delaySeconds: Double?
  var phase: String?
  var lagSeconds: Double?
  var rememberedSeconds: Double?
  var counts: WatchCounts?
  var droppedFrames: Int?
  var droppedSound: Int?
  var reconnects: Int?
  var receivedBytes: Int64?
  var depths: [String: Int]?
  var shedding: String?

  init(_ event: TailEvent) {
    var date = Date()
    switch event {
    case .notice(let stream, let text, _): (self.event, self.stream, self.text) = ("notice", stream?.rawValue, text)
    case .connected(let stream, let text, let from):
      (self.event, self.stream, self.text, start) = ("connected", stream.rawValue, text, from.seconds)
    case .lost(let stream, let reason, let at): (self.event, self.stream, text, date) = ("lost", stream.rawValue, reason, at)
    case .returned(let stream, let after, let at):
      (self.event, self.stream, delaySeconds, date) = ("returned", stream.rawValue, after.seconds, at)
    case .noticed(let noticed):
      (self.event, stream, text, score) = (noticed.kind.rawValue, noticed.stream.rawValue, noticed.text, noticed.score)
      (start, end, delaySeconds, date) = (noticed.range.start.seconds, noticed.range.end.seconds, noticed.delay.seconds, noticed.date)
    case .alert(let alert):
      (self.event, stream, question, text) = ("alert", alert.stream.rawValue, alert.question, alert.quote)
      (sense, score, date) = (alert.sense.rawValue, Float(alert.confidence), alert.date)
      (start, end, delaySeconds) = (alert.range.start.seconds, alert.range.end.seconds, alert.delay.seconds)
    case .status(let status):
      (self.event, stream, phase, end) = ("status", status.stream.rawValue, status.phase.rawValue, status.time.seconds)
      (lagSeconds, rememberedSeconds, counts) = (status.lag.seconds, status.remembered.seconds, status.counts)
      (droppedFrames, droppedSound, reconnects) = (status.droppedFrames, status.droppedSound, status.reconnects)
      (receivedBytes, depths, shedding) = (status.received, status.depths, "\(status.shedding)")
    case .ended(let stream, let reason, let failed):
      (self.event, self.stream, text) = (failed ? "failed" : "ended", stream.rawValue, reason)
    }
    time = date.formatted(.iso8601)
  }
}
