import Core
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the commands of alerts and writes their files. Nothing waits for a command: each alert has one at a time, with a deadline.
actor AlertActions {
  private var running: [Alert.Key: (process: Process, deadline: Task<Void, Never>)] = [:]
  private var isHurried = false
  private let notice: @Sendable (String) -> Void

  init(notice: @escaping @Sendable (String) -> Void) { self.notice = notice }

  func carryOut(_ alert: Alert, _ event: AlertEvent, deadline: Duration) {
    if let file = alert.file { append(event, to: file) }
    if let command = alert.command { run(command, of: alert.key, event, deadline: deadline) }
  }

  /// Waits for what runs, each to its deadline at most, unless there is hurry.
  func close() async {
    while !isHurried, !running.isEmpty { try? await Task.sleep(for: .milliseconds(20)) }
    for run in running.values {
      run.deadline.cancel()
      Self.end(run.process, with: SIGTERM)
    }
    running = [:]
  }

  func hurry() { isHurried = true }

  /// Ends a command with all that it started.
  private static func end(_ process: Process, with signal: Int32) {
    let number = process.processIdentifier
    if process.isRunning { _ = kill(getpgid(number) == number ? -number : number, signal) }
  }

  private func append(_ event: AlertEvent, to path: String) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let line = try? encoder.encode(AlertLine(event)) else { return }
    // A pipe that nobody reads must not hold up the stream.
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o644)
    let bytes = Array(line) + [UInt8(ascii: "\n")]
    guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else {
      notice("alert '\(event.question)': \(path): \(String(cString: strerror(errno)))")
      if descriptor >= 0 { close(descriptor) }
      return
    }
    close(descriptor)
  }

  private func run(_ command: String, of alert: Alert.Key, _ event: AlertEvent, deadline: Duration) {
    let question = event.question
    guard running[alert] == nil else { return notice("alert '\(question)': its command is still running and was not started again") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    // The evidence is never part of the command's text, so nothing that was read or said is run.
    process.arguments = ["-c", command]
    process.environment = ProcessInfo.processInfo.environment.merging(AlertLine(event).environment) { $1 }
    process.environment?["AFTERIMAGE_CREDENTIALS"] = nil
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.standardError
    process.terminationHandler = { finished in
      let status = finished.terminationStatus
      Task { await self.ended(alert, status) }
    }
    do { try process.run() } catch {
      return notice("alert '\(question)': the command cannot be started: \(error.localizedDescription)")
    }
    running[alert] = (
      process,
      Task {
        try? await Task.sleep(for: deadline)
        if !Task.isCancelled { self.stop(alert) }
      }
    )
  }

  private func stop(_ alert: Alert.Key) {
    guard let process = running[alert]?.process, process.isRunning else { return }
    notice("alert '\(alert.question)': the command took too long and was ended")
    Self.end(process, with: SIGKILL)
  }

  private func ended(_ alert: Alert.Key, _ status: Int32) {
    running.removeValue(forKey: alert)?.deadline.cancel()
    if status != 0 { notice("alert '\(alert.question)': the command ended with \(status)") }
  }

  private func close(_ descriptor: Int32) {
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
  }
}

/// An alert for programs: a line of JSON, or the environment of a command.
package struct AlertLine: Encodable {
  var question: String
  var stream: String
  var sense: String
  var quote: String
  /// ISO 8601.
  var time: String
  /// Seconds on the stream's clock.
  var start: Double
  var end: Double
  var confidence: Double

  package init(_ event: AlertEvent) {
    (question, stream, sense, quote) = (event.question, event.stream.rawValue, event.sense.rawValue, event.quote)
    (start, end) = (event.range.start.seconds, event.range.end.seconds)
    (time, confidence) = (event.date.formatted(.iso8601), (event.confidence * 1000).rounded() / 1000)
  }

  var environment: [String: String] {
    [
      "AFTERIMAGE_ALERT": question, "AFTERIMAGE_STREAM": stream, "AFTERIMAGE_SENSE": sense, "AFTERIMAGE_QUOTE": quote,
      "AFTERIMAGE_TIME": time, "AFTERIMAGE_START": "\(start)", "AFTERIMAGE_END": "\(end)", "AFTERIMAGE_CONFIDENCE": "\(confidence)",
    ].mapValues { $0.replacing("\0", with: " ") }
  }
}
