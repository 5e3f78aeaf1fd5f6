import Core
import Foundation
import Memory
import Perception
import Reasoning

/// Corrects what a memory answers: writes corrections down beside it, lists them, takes them back.
package struct MemoryCorrection: Sendable {
  private let folder: URL

  /// *Throws* `PipelineError` when there is no memory in `folder`.
  package init(of folder: URL) throws {
    self.folder = folder
    // One of an older version can be corrected, since opening it for writing brings it up to date.
    if FileManager.default.fileExists(atPath: folder.appendingPathComponent("memory.sqlite").path) { return }
    _ = try MemoryReading.snapshot(of: folder)
  }

  /// A correction as it is listed.
  package struct Entry: Sendable, Equatable, Codable {
    package var number: Int64
    package var question: String
    package var answer: String
    package var author: String
    /// ISO 8601; `undoneAt` is absent while the correction holds.
    package var writtenAt: String
    package var undoneAt: String?
    /// Absent for a correction of all streams.
    package var stream: String?
    /// *Units* seconds; absent for a correction of the whole stream.
    package var start, end: Double?
  }

  /// Oldest first, undone ones included.
  package func entries() throws -> [Entry] {
    try MemoryReading.reading { try MemoryReading.snapshot(of: folder).corrections().map(Entry.init) }
  }

  /// What a correction is about, as the user says it.
  package struct Scope: Sendable {
    package var stream: String?
    /// *Units* seconds on the stream's clock.
    package var from, to: Double?

    package init(stream: String? = nil, from: Double? = nil, to: Double? = nil) {
      self.stream = stream
      self.from = from
      self.to = to
    }
  }

  /// Writes a correction down.
  ///
  /// - Returns: the entry, and what the user should know about it, one line each.
  /// *Throws* `PipelineError` when the memory is being written by another process, the stream is not in it, or the sentence model is broken.
  package func correct(
    question: String, answer: String, author: String, scope: Scope, configuration: PipelineConfiguration = PipelineConfiguration(),
    library: ModelLibrary = ModelLibrary()
  ) async throws -> (entry: Entry, notices: [String]) {
    var correction = Correction(question: Self.line(question), answer: Self.line(answer), author: Self.line(author))
    guard QuestionGate.asksSomething(correction.question) else {
      throw PipelineError(.badArgument, code: .misconfigured, "'\(correction.question)' is not a question that can be corrected")
    }
    let store = try open()
    do {
      let streams = try MemoryReading.snapshot(of: folder).streams
      (correction.stream, correction.range) = try place(scope, among: streams)
      let model = configuration.sentences.model
      var notices: [String] = []
      if library.isInstalled(model) {
        (correction.key, correction.probes) = try await vectors(of: correction.question, model, library)
      } else {
        notices.append("\(model) is not installed, so the correction answers by its words only; scripts/fetch-models installs it")
      }
      let record = try await store.correct(correction)
      await store.close()
      return (Entry(record), notices)
    } catch {
      await store.close()
      throw Self.failure(error)
    }
  }

  /// Takes a correction back. It stays listed.
  package func undo(_ number: Int64) async throws {
    let store = try open()
    do {
      guard try MemoryReading.snapshot(of: folder).corrections().contains(where: { $0.id == number }) else {
        throw PipelineError(.notThere, code: .misconfigured, "there is no correction \(number) in \(folder.path); --list shows them")
      }
      try await store.undo(correction: number)
      await store.close()
    } catch {
      await store.close()
      throw Self.failure(error)
    }
  }

  private func open() throws -> MemoryStore {
    do { return try MemoryStore(writing: folder) } catch let error as MemoryError {
      throw MemoryReading.failure(error, opening: .writing)
    }
  }

  private static func failure(_ error: any Error) -> any Error {
    guard let error = error as? MemoryError else { return error }
    return error.code == .misconfigured
      ? PipelineError(.badArgument, code: error.code, error.message, cause: error) : MemoryReading.failure(error, opening: .writing)
  }

  private func vectors(of question: String, _ model: String, _ library: ModelLibrary) async throws -> (Embedding, [[Float]]) {
    let sentences: SentenceStage
    do { sentences = try SentenceStage(library: library, model: model) } catch {
      throw PipelineError(.badModel, code: .unavailable, "\(model): \(PipelineError.line(for: error))", cause: error)
    }
    var probes: [[Float]] = []
    for wording in CorrectionProbes.wordings(of: question) { probes.append(try await sentences.embedding(of: wording).values) }
    return (try await sentences.embedding(of: question), probes)
  }

  /// The stream and the stretch a scope means.
  private func place(_ scope: Scope, among streams: [StreamRecord]) throws -> (StreamID?, TimeRange?) {
    let names = streams.map(\.id.rawValue).joined(separator: ", ")
    var stream: StreamRecord?
    if let name = scope.stream {
      stream = streams.first { $0.id.rawValue == name }
      if stream == nil {
        throw PipelineError(
          .notThere, code: .misconfigured, "there is no stream '\(name)' in \(folder.path); it has \(streams.isEmpty ? "none" : names)")
      }
    }
    guard scope.from != nil || scope.to != nil else { return (stream?.id, nil) }
    guard let about = stream ?? (streams.count == 1 ? streams[0] : nil) else {
      throw PipelineError(.badArgument, code: .misconfigured, "--from and --to need --stream: \(names)")
    }
    let (from, to) = (scope.from ?? about.extent.start.seconds, scope.to ?? about.extent.end.seconds)
    guard from < to, from >= about.extent.start.seconds, to <= about.extent.end.seconds.rounded(.up) else {
      throw PipelineError(
        .badArgument, code: .misconfigured,
        "--from \(from) --to \(to) is no stretch of \(about.id), which has \(about.extent.start) to \(about.extent.end)")
    }
    return (about.id, TimeRange(start: MediaTime(seconds: from), end: min(about.extent.end, MediaTime(seconds: to))))
  }

  /// Text of a person in one line.
  private static func line(_ text: String) -> String {
    text.split { $0.isWhitespace || $0.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control } }.joined(separator: " ")
  }
}

extension MemoryCorrection.Entry {
  init(_ record: CorrectionRecord) {
    self.init(
      number: record.id, question: record.content.question, answer: record.content.answer, author: record.content.author,
      writtenAt: record.writtenAt.formatted(.iso8601), undoneAt: record.undoneAt?.formatted(.iso8601),
      stream: record.content.stream?.rawValue, start: record.content.range?.start.seconds, end: record.content.range?.end.seconds)
  }
}
