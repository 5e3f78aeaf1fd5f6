import Core
import FlyingFox
import FlyingSocks
import Foundation
import Pipeline

/// Serves a tail's metrics at `/metrics` to this machine alone.
actor MetricsServer {
  private let server: HTTPServer
  private var page = MetricsPage()
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
      let text = await self?.page.text ?? ""
      return HTTPResponse(statusCode: .ok, headers: [.contentType: MetricsPage.contentType], body: Data(text.utf8))
    }
    let task = Task { try await server.run() }
    serving = task
    do {
      // Whichever is first: it listens, or it has failed.
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.waitUntilListening() }
        group.addTask { try await task.value }
        defer { group.cancelAll() }
        try await group.next()
      }
    } catch {
      task.cancel()
      throw Self.refused(port, error)
    }
  }

  func take(_ event: TailEvent) { page.take(event) }

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
