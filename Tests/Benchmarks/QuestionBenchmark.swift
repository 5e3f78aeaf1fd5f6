import Core
import Foundation
import Memory
import Perception
import Reasoning

/// Whole questions over a day spliced from a memory: `question-day MEMORY QUESTIONS.jsonl [--hours N] [--memory PATH] [--seed N]`.
///
/// Every question is asked twice: cold, by a reasoner that was just made over a fresh snapshot, as one process for one question does; and warm, by one
/// that has answered before. The vectors of the neutral queries are at hand in both, as they are kept beside the sentence model.
enum QuestionBenchmark {
  private struct Line: Decodable { var question: String }

  static func day(_ arguments: [String]) async throws {
    let folder = try Figures.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let stage = try SentenceStage(library: ModelLibrary())
    let memory = Figures.path("--memory", arguments) ?? folder.appendingPathComponent("day.memory")
    if !FileManager.default.fileExists(atPath: memory.path) {
      let recorded = try MemorySnapshot.open(URL(fileURLWithPath: arguments[0]))
      try await SplicedDay(recorded, space: stage.space).write(
        to: memory, hours: Figures.option("--hours", arguments) ?? 24, seed: UInt64(Figures.option("--seed", arguments) ?? 1))
    }
    let lines = try String(contentsOf: URL(fileURLWithPath: arguments[1]), encoding: .utf8).split(separator: "\n")
    let questions = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).question }
    let library = ModelLibrary()
    let vocabularies = [
      Modality.vision: await stage.namesOfPictures(VisionConfiguration(), library: library),
      .sound: await stage.namesOfSounds(SoundConfiguration(), library: library),
    ].compactMapValues { $0.map { SenseVocabulary(names: $0.names, alsoCalled: $0.alsoCalled, vectors: $0.values, space: $0.space) } }
    let encoder = TimedEncoder(stage)
    let neutral = await stage.vectors(of: Reasoner.neutralTexts, library: library, model: SentenceStage.defaultModel)
    let space = stage.space
    func reasoner() throws -> Reasoner {
      Reasoner(
        snapshot: try MemorySnapshot.open(memory), encoders: [space: { try await encoder.embedding(of: $0) }], vocabularies: vocabularies,
        neutral: [space: neutral])
    }
    let inventory = try MemoryInventory(MemorySnapshot.open(memory))
    try Figures.report([
      "bytes per hour": inventory.bytesPerHour ?? 0,
      "lines": inventory.streams.map(\.lines).reduce(0, +), "utterances": inventory.streams.map(\.utterances).reduce(0, +),
      "words": inventory.streams.map(\.words).reduce(0, +), "sounds": inventory.streams.map(\.sounds).reduce(0, +),
      "frames": inventory.streams.map(\.frames).reduce(0, +),
      "stretches": try MemorySnapshot.open(memory).frames(of: SplicedDay.stream).count,
    ])
    let most = Figures.option("--cold", arguments) ?? 40
    try await ask(
      questions.enumerated().filter { $0.offset.isMultiple(of: max(1, questions.count / most)) }.map(\.element), "cold", encoder, reasoner)
    let warm = try reasoner()
    try await ask(questions, "warm", encoder) { warm }
  }

  private static func ask(
    _ questions: [String], _ name: String, _ encoder: TimedEncoder, _ reasoner: () throws -> Reasoner
  ) async throws {
    var (all, encoding, reading) = ([Double](), [Double](), [Double]())
    for (number, question) in questions.enumerated() {
      _ = await encoder.spent()
      let start = ContinuousClock.now
      let reasoner = try reasoner()
      try await reasoner.prepare(stream: SplicedDay.stream)
      let read = Figures.milliseconds(since: start)
      _ = try await reasoner.answer(Question(text: question, stream: SplicedDay.stream))
      // The first is the one that loads the model's pages and encodes the neutral queries.
      guard number > 0 else { continue }
      all.append(Figures.milliseconds(since: start))
      reading.append(read)
      encoding.append(await encoder.spent())
    }
    var line: [String: Any] = ["": name, "questions": all.count, "resident MB": Figures.residentMegabytes()]
    for (step, times) in [("whole", all), ("prepare", reading), ("encode", encoding)] {
      line["\(step) p50 ms"] = Figures.rank(times, 0.5)
      line["\(step) p95 ms"] = Figures.rank(times, 0.95)
    }
    try Figures.report(line)
  }

  /// A question's vectors, and how long they took. What is asked again (the neutral queries) costs nothing.
  private actor TimedEncoder {
    private let stage: SentenceStage
    private var milliseconds = 0.0

    init(_ stage: SentenceStage) { self.stage = stage }

    func embedding(of text: String) async throws -> Embedding {
      let start = ContinuousClock.now
      let embedding = try await stage.embedding(of: text)
      milliseconds += Figures.milliseconds(since: start)
      return embedding
    }

    func spent() -> Double {
      defer { milliseconds = 0 }
      return milliseconds
    }
  }
}
