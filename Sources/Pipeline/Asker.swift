import Core
import Foundation
import Memory
import Perception
import Reasoning

/// Answers questions about a memory, each from a fresh snapshot, while others may be writing it.
///
/// The one place besides `Watcher` where seeing meets remembering: the question's vector comes from the model that made the memory's.
package actor Asker {
  package nonisolated let folder: URL
  private let configuration: PipelineConfiguration
  private let library: ModelLibrary
  private let encoders: [EmbeddingSpace: Reasoner.Encoder]
  private let vocabularies: [Modality: SenseVocabulary]
  private let neutral: [EmbeddingSpace: [[Float]]]
  /// What was read for the last question, as long as nothing is written.
  private var prepared: (watch: CommitWatch, number: Int, evidence: Reasoner.Prepared)?
  /// What the user should know before the first answer, one line each.
  package nonisolated let notices: [String]

  /// *Throws* `PipelineError` when there is no memory in `folder`, or the sentence model is broken.
  package init(memory folder: URL, configuration: PipelineConfiguration = PipelineConfiguration(), library: ModelLibrary = ModelLibrary())
    async throws
  {
    (self.folder, self.configuration, self.library) = (folder, configuration, library)
    _ = try MemoryReading.snapshot(of: folder)
    let model = configuration.sentences.model
    guard library.isInstalled(model) else {
      (encoders, vocabularies, neutral) = ([:], [:], [:])
      notices = ["\(model) is not installed, so answers are found by words only; scripts/fetch-models installs it"]
      return
    }
    do {
      let sentences = try SentenceStage(library: library, model: model)
      encoders = [sentences.space: { try await sentences.embedding(of: $0) }]
      vocabularies = await SenseVocabulary.all(sentences, configuration: configuration, library: library)
      neutral = [sentences.space: await sentences.vectors(of: Reasoner.neutralTexts, library: library, model: model)]
      notices = []
    } catch {
      throw PipelineError(.badModel, code: .unavailable, "\(model): \(PipelineError.line(for: error))", cause: error)
    }
  }

  /// The names of the streams there are now.
  package func streams() throws -> [StreamID] { try MemoryReading.reading { try MemoryReading.snapshot(of: folder).streams.map(\.id) } }

  /// *Throws* `PipelineError` when the stream is not in the memory or the memory cannot be read. No answer is not an error.
  package func ask(
    _ text: String, stream: StreamID? = nil, within: TimeRange? = nil, previous: Reply? = nil
  ) async throws -> Reply {
    let began = ContinuousClock.now
    let (watch, number) = try commits()
    let snapshot = try MemoryReading.snapshot(of: folder)
    let reasoner = reasoner(for: snapshot, number, watch)
    let question = Question(text: text, stream: stream, within: within, previous: previous?.answer.citations.first, askedAt: Date())
    return try await answer(question, with: reasoner, over: snapshot, since: began)
  }

  /// Finds what looks or sounds like a picture or a recording.
  ///
  /// *Throws* `PipelineError` as `ask` does, and when the file cannot be read or its model is not installed.
  package func ask(like file: ExampleFile, stream: StreamID? = nil, within: TimeRange? = nil) async throws -> Reply {
    let began = ContinuousClock.now
    let example = try await file.perceived(with: configuration, library: library)
    let (watch, number) = try commits()
    let snapshot = try MemoryReading.snapshot(of: folder)
    let records = try checked(stream, in: snapshot)
    do {
      let answer = try await reasoner(for: snapshot, number, watch).answer(like: example, named: file.name, stream: stream, within: within)
      let sources = Dictionary(records.map { ($0.id, $0.source) }) { first, _ in first }
      return Reply(answer: answer, latency: ContinuousClock.now - began, sources: sources)
    } catch let error as MemoryError {
      throw MemoryReading.failure(error, opening: .reading)
    }
  }

  /// The streams there are. *Throws* when the one that is asked about is not among them.
  private func checked(_ stream: StreamID?, in snapshot: MemorySnapshot) throws -> [StreamRecord] {
    let records = try MemoryReading.reading { try snapshot.streams }
    if let stream, !records.contains(where: { $0.id == stream }) {
      let known = records.map(\.id.rawValue).joined(separator: ", ")
      throw PipelineError(
        .notThere, code: .misconfigured, "there is no stream '\(stream)' in \(folder.path); it has \(known.isEmpty ? "none" : known)")
    }
    return records
  }

  /// Several questions about one moment of the memory: what it reads of a stream is read once.
  package func batch() throws -> Batch {
    let snapshot = try MemoryReading.snapshot(of: folder)
    return Batch(asker: self, snapshot: snapshot, reasoner: reasoner(for: snapshot))
  }

  package struct Batch: Sendable {
    fileprivate let asker: Asker
    fileprivate let snapshot: MemorySnapshot
    fileprivate let reasoner: Reasoner

    package func ask(_ text: String, stream: StreamID?, within: TimeRange? = nil) async throws -> Reply {
      try await asker.answer(
        Question(text: text, stream: stream, within: within, askedAt: Date()), with: reasoner, over: snapshot, since: ContinuousClock.now)
    }
  }

  /// Asked before a snapshot is taken, so that what is written in between is noticed the next time.
  private func commits() throws -> (watch: CommitWatch, number: Int?) {
    try MemoryReading.reading {
      let watch = try prepared?.watch ?? CommitWatch(of: folder)
      return (watch, try watch.number())
    }
  }

  /// One that goes on from what was read for the last question, when nothing was written since.
  private func reasoner(for snapshot: MemorySnapshot, _ number: Int?, _ watch: CommitWatch) -> Reasoner {
    let reasoner =
      prepared.map { Reasoner(snapshot: snapshot, from: $0.evidence, isUnchanged: number == $0.number) } ?? reasoner(for: snapshot)
    prepared = number.map { (watch, $0, reasoner.prepared) }
    return reasoner
  }

  private func reasoner(for snapshot: MemorySnapshot) -> Reasoner {
    Reasoner(snapshot: snapshot, encoders: encoders, vocabularies: vocabularies, neutral: neutral)
  }

  fileprivate func answer(
    _ question: Question, with reasoner: Reasoner, over snapshot: MemorySnapshot, since began: ContinuousClock.Instant
  ) async throws -> Reply {
    let records = try checked(question.stream, in: snapshot)
    do {
      let answer = try await reasoner.answer(question)
      let sources = Dictionary(records.map { ($0.id, $0.source) }) { first, _ in first }
      return Reply(answer: answer, latency: ContinuousClock.now - began, sources: sources)
    } catch let error as MemoryError {
      throw MemoryReading.failure(error, opening: .reading)
    }
  }
}
