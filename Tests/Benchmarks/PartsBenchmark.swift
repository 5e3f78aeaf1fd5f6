import Core
import Foundation
import Memory
import Perception
import Reasoning

/// What each part of answering is worth: `question-parts MEMORY QUESTIONS.jsonl FOLDER [--only NAME]` asks every question once with everything
/// and once without each part, and writes the answers, as `eval` does, one file for each. `answers.py parts` compares them.
enum PartsBenchmark {
  private struct Asked: Decodable { var id, video, question: String }
  private struct Answered: Encodable {
    var id: String
    var answer: String?
    var intervals: [[Double]]
    var abstained: Bool
    var confidence: Double
    /// By which sense it is answered; nil for a refusal.
    var sense: Modality?
  }

  static func run(_ arguments: [String]) async throws {
    let (memory, folder) = (URL(fileURLWithPath: arguments[0]), URL(fileURLWithPath: arguments[2], isDirectory: true))
    let lines = try String(contentsOf: URL(fileURLWithPath: arguments[1]), encoding: .utf8).split(separator: "\n")
    let questions = try lines.map { try JSONDecoder().decode(Asked.self, from: Data($0.utf8)) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let library = ModelLibrary()
    let stage = try SentenceStage(library: library)
    let vocabularies = [
      Modality.vision: await stage.namesOfPictures(VisionConfiguration(), library: library),
      .sound: await stage.namesOfSounds(SoundConfiguration(), library: library),
    ].compactMapValues { $0.map { SenseVocabulary(names: $0.names, alsoCalled: $0.alsoCalled, vectors: $0.values, space: $0.space) } }
    let neutral = await stage.vectors(of: Reasoner.neutralTexts, library: library, model: SentenceStage.defaultModel)
    let encoder = KnownTexts(stage)
    let only = Figures.path("--only", arguments)?.lastPathComponent
    for part in [nil] + Part.allCases where part == nil || only == nil || part?.rawValue == only {
      try await Part.$without.withValue(part) {
        let reasoner = Reasoner(
          snapshot: try MemorySnapshot.open(memory), encoders: [stage.space: { try await encoder.embedding(of: $0) }],
          vocabularies: vocabularies, neutral: [stage.space: neutral])
        var answers = Data()
        for question in questions {
          let answer = try await reasoner.answer(Question(text: question.question, stream: StreamID(question.video)))
          let intervals = answer.moments.map { [$0.range.start.seconds, $0.range.end.seconds, $0.score] }
          answers += try JSONEncoder().encode(
            Answered(
              id: question.id, answer: answer.text, intervals: intervals, abstained: answer.abstained, confidence: answer.confidence,
              sense: answer.citations.first?.modality))
          answers += Data("\n".utf8)
        }
        try answers.write(to: folder.appendingPathComponent("\(part?.rawValue ?? "everything").jsonl"))
      }
    }
  }

  /// Vectors of texts that were encoded before: most are the same whatever is left out.
  private actor KnownTexts {
    private let stage: SentenceStage
    private var known: [String: Embedding] = [:]

    init(_ stage: SentenceStage) { self.stage = stage }

    func embedding(of text: String) async throws -> Embedding {
      if let vector = known[text] { return vector }
      let vector = try await stage.embedding(of: text)
      known[text] = vector
      return vector
    }
  }
}
