import Core
import FlyingFox
import FlyingSocks
import Foundation
import Pipeline
import Synchronization

/// Serves a tail's metrics at `/metrics` to this machine alone.
actor MetricsServer {
  private let server: HTTPServer
  private let page = Mutex(MetricsPage())
  private var serving: Task<Void, any Error>?

  /// Begins to listen on 127.0.0.1.
  ///
  /// *Throws* `PipelineError` when the port is taken or may not be used.
  init(port: UInt16) async throws {
    let server: HTTPServer
    do { server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled) } catch {
      throw Self.refused(port, error)
    }
    self.server = server
    await server.appendRoute("GET,HEAD /metrics") { [weak self] _ in
      let text = self?.page.withLock { $0.text } ?? ""
      return HTTPResponse(statusCode: .ok, headers: [.contentType: MetricsPage.contentType], body: Data(text.utf8))
    }
    // Whichever is first: it listens, or it has failed. A task's value cannot be waited for with an end, so both tell.
    let (outcomes, sink) = AsyncStream.makeStream(of: (any Error)?.self)
    serving = Task {
      do { try await server.run() } catch {
        sink.yield(error)
        throw error
      }
    }
    let listening = Task {
      try await server.waitUntilListening()
      sink.yield(nil)
    }
    defer { listening.cancel() }
    for await failure in outcomes {
      if let failure { throw Self.refused(port, failure) }
      break
    }
  }

  nonisolated func take(_ event: TailEvent) { page.withLock { $0.take(event) } }

  func stop() {
    serving?.cancel()
    serving = nil
  }

  private static func refused(_ port: UInt16, _ error: any Error) -> PipelineError {
    let reason = if case .failed(_, _, let message) = error as? SocketError { message.lowercased() } else { "\(error)" }
    return PipelineError(
      .badArgument, code: .misconfigured, "--metrics: cannot listen on 127.0.0.1:\(port): \(reason)", cause: error)
  }
}
