import Core
import Foundation
import Memory

/// Answers questions about one snapshot of a memory. Reads only; an answer never rests on anything that is not in the snapshot.
///
/// What it reads of a stream is kept for the next question, so that many questions about one snapshot cost one read.
package struct Reasoner: Sendable {
  package typealias Encoder = @Sendable (String) async throws -> Embedding

  private let snapshot: MemorySnapshot
  /// What was read and made so far. It holds no snapshot, so keeping it keeps nobody from writing.
  package let prepared: Prepared

  /// What can be kept from one question to the next.
  package struct Prepared: Sendable {
    fileprivate let vocabularies: [Modality: SenseVocabulary]
    fileprivate let encoder: QueryEncoder
    fileprivate let shelf: EvidenceShelf

    fileprivate init(_ encoder: QueryEncoder, _ vocabularies: [Modality: SenseVocabulary]) {
      self.encoder = encoder
      self.vocabularies = vocabularies
      shelf = EvidenceShelf(encoder: encoder, vocabularies: vocabularies)
    }
  }

  /// The texts that are encoded whatever is asked: what they score in a memory is what chance scores there.
  package static let neutralTexts = NeutralQueries.texts

  /// - Parameters:
  ///   - encoders: how a text becomes a vector, for each embedding space in which questions can be asked. Without one for a space, what
  ///     lives in that space is found by its words only.
  ///   - vocabularies: what each sense can name at all. Without it, what it named is compared by similarity alone.
  ///   - neutral: the vectors of `neutralTexts`, where they are at hand; they are made otherwise.
  package init(
    snapshot: MemorySnapshot, encoders: [EmbeddingSpace: Encoder], vocabularies: [Modality: SenseVocabulary] = [:],
    neutral: [EmbeddingSpace: [[Float]]] = [:]
  ) {
    self.snapshot = snapshot
    let known = neutral.mapValues { Dictionary(zip(Self.neutralTexts, $0), uniquingKeysWith: { first, _ in first }) }
    prepared = Prepared(QueryEncoder(encoders, known: known), vocabularies)
  }

  /// Goes on from what another reasoner made.
  ///
  /// - Parameter isUnchanged: whether nothing was written in between, so that what was read stays right.
  package init(snapshot: MemorySnapshot, from prepared: Prepared, isUnchanged: Bool) {
    self.snapshot = snapshot
    self.prepared = isUnchanged ? prepared : Prepared(prepared.encoder, prepared.vocabularies)
  }

  /// Reads what questions about a stream need, so that the first one need not.
  package func prepare(stream: StreamID) async throws {
    for record in try snapshot.streams where record.id == stream { _ = try await prepared.shelf.retriever(for: record, in: snapshot) }
  }

  /// *Throws* `ReasoningError` when the question names a stream that is not in the memory, `MemoryError` when it cannot be read,
  /// and whatever an encoder throws. A question that has no answer is not an error.
  package func answer(_ question: Question) async throws -> Answer {
    guard QuestionGate.asksSomething(question.text) else {
      return .refusal(.none, understood: ["wanted: nothing"], missing: "that is not a question: ask when, where, what, who or how many")
    }
    let streams = try snapshot.streams.filter { question.stream == nil || $0.id == question.stream }
    if let named = question.stream, streams.isEmpty {
      throw ReasoningError(.misconfigured, "no stream named \(named) in this memory")
    }
    let plan = Planner.plan(question.text)
    if plan.namesNothing { return .refusal(plan.kind, understood: plan.understood, missing: "the question names nothing to look for") }
    if plan.refersBack != nil, question.previous == nil {
      return .refusal(
        plan.kind, understood: plan.understood,
        missing: "the question refers to an answer before it, and there is none; name what is meant, or ask at the prompt")
    }
    if plan.whole == .length || plan.whole == .streams { return Inventory(plan: plan, streams: streams).answer() }
    let route = try await CorrectionRouter(snapshot.corrections(), encoder: prepared.encoder).route(question, plan)
    var findings: [(finding: Finding, evidence: StreamEvidence)] = []
    for stream in streams where plan.refersBack == nil || stream.id == question.previous?.stream {
      let retriever = try await prepared.shelf.retriever(for: stream, in: snapshot)
      let finding = try await Answerer(
        plan: plan, retriever: retriever, askedAt: question.askedAt, within: question.within, previous: question.previous
      ).find()
      findings.append((finding, retriever.evidence))
    }
    return Composer(plan: plan).compose(findings).corrected(by: route)
  }

  /// Finds what looks or sounds like an example.
  ///
  /// - Parameter name: what to call it, the name of its file.
  /// *Throws* as `answer(_:)`.
  package func answer(like example: Example, named name: String, stream: StreamID? = nil, within: TimeRange? = nil) async throws -> Answer {
    let streams = try snapshot.streams.filter { stream == nil || $0.id == stream }
    if let stream, streams.isEmpty { throw ReasoningError(.misconfigured, "no stream named \(stream) in this memory") }
    var plan = QuestionPlan(kind: .moment, text: name, topic: .init(phrase: ""))
    plan.understood = ["wanted: the moment", "like: \(name)", "sense: \(Explanation.verb(example.modality)) only"]
    var findings: [(finding: Finding, evidence: StreamEvidence)] = []
    for stream in streams {
      let evidence = try await prepared.shelf.retriever(for: stream, in: snapshot).evidence
      findings.append((Likeness(example: example, evidence: evidence, within: within).find(named: name), evidence))
    }
    return Composer(plan: plan).compose(findings)
  }
}
