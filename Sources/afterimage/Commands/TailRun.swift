import CKernels
import Core
import Foundation
import Pipeline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs a tail, shows what it tells, and ends it on SIGINT and SIGTERM: what was read is remembered first, as far as two seconds allow.
struct TailRun {
  var tailer: Tailer
  var feed: TailFeed
  /// The terminal, where there is one for a status line and a prompt.
  var screen: TailScreen?
  /// The pipeline file that SIGHUP reads again; nil without one.
  var pipeline: String?
  /// The alerts of the command line, which hold whatever the file says.
  var alerts: [Alert] = []
  /// Where metrics are told; nil when nobody asked for them.
  var metrics: MetricsServer?
  /// What is typed while the feed goes on; nil when standard input is a source.
  var questions: TailQuestions?

  private static let patience = Duration.milliseconds(1700)
  /// Between two times that freed memory is given back: a tail runs for days.
  private static let tidying = Duration.seconds(30)
  /// Events that wait for a terminal or a reader that has stopped; then the oldest go.
  private static let mostEvents = 1 << 16

  /// - Returns: the status to end with when a source failed for good.
  func run(_ requests: [Tailer.Request], duration: MediaTime?) async throws -> ExitStatus? {
    kernels_keep_heaps_whole()
    let (events, sink) = AsyncStream.makeStream(of: TailEvent.self, bufferingPolicy: .bufferingNewest(Self.mostEvents))
    let (board, metrics) = (StatusBoard(), metrics)
    let signals = SignalWatch([SIGINT, SIGTERM, SIGHUP] + (screen == nil ? [] : [SIGWINCH, SIGTSTP]))
    let tailer = tailer
    return try await withThrowingTaskGroup(of: ExitStatus?.self) { group in
      group.addTask {
        defer {
          sink.finish()
          signals.release()
        }
        try await tailer.tail(requests) { event in
          metrics?.take(event)
          if board.take(event) { sink.yield(event) }
        }
        return nil
      }
      let keyboard = screen != nil && questions != nil && Standard.inputIsTerminal ? Keyboard() : nil
      group.addTask { await obey(signals, keyboard) }
      group.addTask {
        while (try? await Task.sleep(for: Self.tidying)) != nil { kernels_return_freed_memory() }
        return nil
      }
      if let duration {
        group.addTask {
          try? await Task.sleep(for: .seconds(duration.seconds))
          if !Task.isCancelled { await tailer.stop() }
          return nil
        }
      }
      questions?.answer(to: outlet, keyboard: keyboard) { await tailer.stop() }
      var feed = feed
      var status: ExitStatus?
      for await event in events {
        await feed.show(board.newest(event))
      }
      if board.hasFailed { status = .missingInput }
      await metrics?.stop()
      await screen?.hide()
      Keyboard.giveBack()
      feed.finish()
      let result = try await group.next() ?? nil
      group.cancelAll()
      while let other = try await group.next() { status = status ?? other }
      return result ?? status
    }
  }

  private var outlet: Outlet { screen.map(Outlet.screen) ?? .plain }

  /// Does what signals ask for, until one asks for the end or the tail is over.
  private func obey(_ signals: SignalWatch, _ keyboard: Keyboard?) async -> ExitStatus? {
    var reloading: Task<Void, Never>?
    defer { reloading?.cancel() }
    while let number = await signals.next() {
      switch number {
      case SIGWINCH: await screen?.redraw()
      case SIGTSTP:
        await screen?.hide()
        Keyboard.giveBack()
        kill(getpid(), SIGSTOP)
        guard !Standard.isInBackground else { continue }
        keyboard?.begin(signals: true)
        await screen?.reveal()
      case SIGHUP where !Standard.terminalIsGone:
        // Beside this loop: a stage may be busy, and the next signal may ask for the end.
        reloading = Task { [previous = reloading] in
          await previous?.value
          await reload()
        }
      default: return await end(as: number == SIGINT ? .interrupted : .terminated)
      }
    }
    return nil
  }

  /// Reads the pipeline file again. One that is broken changes nothing.
  private func reload() async {
    guard let pipeline else { return await outlet.say("SIGHUP: no --pipeline was given, so there is nothing to read again") }
    do {
      var configuration = try PipelineConfiguration.load(pipeline)
      configuration.alerts.alerts += alerts
      let change = await tailer.reload(configuration)
      await outlet.say("\(pipeline): \(change.line)")
    } catch {
      await outlet.say("\(PipelineError.line(for: error)); the pipeline stays as it was")
    }
  }

  private func end(as status: ExitStatus) async -> ExitStatus {
    Task.detached {
      try? await Task.sleep(for: Self.patience)
      await screen?.hide()
      Standard.say("stopped; what was still being perceived is not remembered")
      status.leave()
    }
    await tailer.stop(inHurry: true)
    return status
  }
}
