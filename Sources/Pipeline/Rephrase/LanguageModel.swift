import Core
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A language model behind an endpoint as OpenAI's, `POST …/chat/completions` with `stream`: local servers have it too.
///
/// Nothing it sends is trusted: bytes, characters and time are limited, redirections are not followed, and the key is only ever sent to `url`.
package struct LanguageModel: Sendable {
  package let url: URL
  package let model: String
  private let key: String?
  private let deadline: Duration

  /// The environment variable that holds the key of a server that wants one.
  package static let keyVariable = "AFTERIMAGE_LLM_KEY"
  package static let usualDeadline = Duration.seconds(20)
  /// Bytes that are read of one reply.
  static let mostBytes = 512 * 1024
  /// Characters that are kept of one reply.
  static let mostCharacters = 4000

  /// - Parameter address: the base (`http://127.0.0.1:8000/v1`) or the whole endpoint.
  /// *Throws* `PipelineError` when it is no address of a web server.
  package init(
    address: String, model: String, key: String? = ProcessInfo.processInfo.environment[keyVariable], deadline: Duration = usualDeadline
  ) throws {
    guard let base = URL(string: address), ["http", "https"].contains(base.scheme?.lowercased() ?? ""), base.host?.isEmpty == false else {
      throw PipelineError(
        .badArgument, code: .misconfigured, "'\(PipelineError.redactingCredentials(in: address))' is not an http or https address")
    }
    let path = base.path.split(separator: "/")
    url =
      path.suffix(2) == ["chat", "completions"]
      ? base
      : path.isEmpty
        ? base.appendingPathComponent("v1/chat/completions")
        : base.appendingPathComponent("chat/completions")
    self.model = model
    self.key = key.flatMap { $0.isEmpty ? nil : $0 }
    self.deadline = deadline
  }

  /// What the model says to an instruction and a text.
  ///
  /// *Throws* `LanguageModelFault`.
  func reply(to text: String, under instruction: String) async throws -> String {
    try await withThrowingTaskGroup(of: String.self) { group in
      group.addTask { try await read(request(text, instruction)) }
      group.addTask {
        try await Task.sleep(for: deadline)
        throw LanguageModelFault("said nothing whole in \(Int(deadline.seconds.rounded())) s")
      }
      defer { group.cancelAll() }
      guard let said = try await group.next() else { throw LanguageModelFault("said nothing") }
      return said
    }
  }

  private func request(_ text: String, _ instruction: String) throws -> URLRequest {
    struct Message: Encodable { var role, content: String }
    struct Body: Encodable {
      var model: String
      var messages: [Message]
      var temperature = 0.0
      var longest = 300
      var stream = true

      enum CodingKeys: String, CodingKey {
        case model, messages, temperature, stream
        case longest = "max_tokens"
      }
    }
    var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: deadline.seconds)
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.setValue("text/event-stream, application/json", forHTTPHeaderField: "Accept")
    if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    request.httpBody = try JSONEncoder().encode(
      Body(model: model, messages: [Message(role: "system", content: instruction), Message(role: "user", content: text)]))
    return request
  }

  private func read(_ request: URLRequest) async throws -> String {
    let (pieces, continuation) = AsyncThrowingStream.makeStream(of: Data.self, bufferingPolicy: .bufferingOldest(4096))
    let session = URLSession(configuration: .ephemeral, delegate: PieceReader(continuation), delegateQueue: nil)
    defer { session.invalidateAndCancel() }
    session.dataTask(with: request).resume()
    var stream = CompletionStream()
    do {
      for try await piece in pieces where try stream.take(piece) { break }
    } catch let fault as LanguageModelFault {
      throw fault
    } catch {
      throw LanguageModelFault("cannot be reached or broke off: \(redacted(error.localizedDescription))")
    }
    try Task.checkCancellation()
    return try stream.finish()
  }

  private func redacted(_ text: String) -> String {
    let line = PipelineError.redactingCredentials(in: text)
    return key.map { line.replacing($0, with: "***") } ?? line
  }
}

/// Why a language model's reply cannot be used.
struct LanguageModelFault: Error, Equatable {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Hands on what a server sends.
private final class PieceReader: NSObject, URLSessionDataDelegate, Sendable {
  private let continuation: AsyncThrowingStream<Data, any Error>.Continuation

  init(_ continuation: AsyncThrowingStream<Data, any Error>.Continuation) { self.continuation = continuation }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    if status != 200 { continuation.finish(throwing: LanguageModelFault("answered with HTTP status \(status)")) }
    completionHandler(status == 200 ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) { continuation.yield(data) }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    continuation.finish(throwing: error)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
    completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }
}
