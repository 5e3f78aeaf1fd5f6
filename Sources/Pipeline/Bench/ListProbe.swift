import Core
import Foundation
import Memory
import Reasoning

/// Lists of three to ten things, read and said, asked for at once and after 5, 30 and 120 minutes, when the pictures around them have long been pooled.
struct ListProbe: Sendable {
  let space: EmbeddingSpace
  let encode: Reasoner.Encoder

  static let delays = [0, 5, 30, 120]
  private static let sizes = 3...10

  private struct List {
    var name: String
    var nouns: [String]
    var told: TalkScript.Told
  }

  func trials(seed: UInt64) async throws -> [AnswerReport.ListTrial] {
    var random = SeededNumbers(seed: seed &+ 300)
    let names = (TalkCorpus.names + TalkCorpus.strangers + ["Petra"]).shuffled(using: &random)
    let lists = Self.sizes.enumerated().flatMap { index, size in
      [true, false].map { isLine in
        let name = names[2 * index + (isLine ? 1 : 0)]
        let nouns = Array(TalkCorpus.nouns.shuffled(using: &random).prefix(size))
        let text =
          isLine
          ? "LIST OF \(name): \(nouns.joined(separator: ", "))".uppercased()
          : "The list of \(name) is \(nouns.dropLast().joined(separator: ", ")) and \(nouns[size - 1])."
        return List(name: name, nouns: nouns, told: TalkScript.Told(text: text, isLine: isLine))
      }
    }.shuffled(using: &random).enumerated().map { index, list in
      var list = list
      list.told.start = 6 * Double(index)
      return list
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lists-\(UUID().uuidString)", isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try MemoryStore(writing: folder)
    _ = try await store.open(stream: AnswerBench.stream, source: SourceDescription(path: "talk", fingerprint: "talk"))
    let end = 6 * lists.count
    var trials: [AnswerReport.ListTrial] = []
    var look: [Float] = []
    for second in 0...(end + 60 * (Self.delays.last ?? 0)) {
      if second >= end, (second - end) % 60 == 0, Self.delays.contains((second - end) / 60) {
        trials += try await ask(lists, delay: (second - end) / 60, seed: seed, folder)
      }
      if second % 20 == 0 { look = (0..<32).map { _ in random.normal() } }
      var batch = Batch(stream: AnswerBench.stream, observations: [], upTo: MediaTime(seconds: Double(second + 1)))
      let frame = FrameFeatures(
        grid: nil, pooled: Embedding(space: EmbeddingSpace("made up"), values: look.map { $0 + 0.2 * random.normal() }), textual: nil,
        tags: [])
      batch.observations.append(Observation(range: TimeRange(seconds: Double(second)...Double(second + 1)), content: .frame(frame)))
      if second % 6 == 5, second / 6 < lists.count {
        batch.observations.append(try await AnswerBench.observation(lists[second / 6].told, encode))
      }
      if second % 16 == 8, second > end {
        let filler = TalkScript.Told(text: TalkCorpus.filler(&random), start: Double(second) - 4)
        batch.observations.append(try await AnswerBench.observation(filler, encode))
      }
      try await store.commit(batch)
    }
    await store.close()
    return trials
  }

  private func ask(_ lists: [List], delay: Int, seed: UInt64, _ folder: URL) async throws -> [AnswerReport.ListTrial] {
    let snapshot = try MemorySnapshot.open(folder)
    let reasoner = Reasoner(snapshot: snapshot, encoders: [space: encode])
    let episodes = try snapshot.episodes()
    var trials: [AnswerReport.ListTrial] = []
    for list in lists {
      let range = TimeRange(seconds: list.told.range)
      let kept = try snapshot.items(within: range).map(\.text).joined(separator: " ")
      let answer = try await reasoner.answer(Question(text: "What is on the list of \(list.name)?"))
      let level = episodes.filter { $0.range.overlaps(range) }.map(\.level.rawValue).min() ?? 0
      trials.append(
        AnswerReport.ListTrial(
          talk: Int(seed), delay: delay, level: level, isRead: list.told.isLine, kept: Self.nouns(in: kept) == list.nouns,
          identity: Set(Self.nouns(in: answer.text ?? "")) == Set(list.nouns), order: Self.nouns(in: answer.text ?? "") == list.nouns))
    }
    return trials
  }

  /// The things that can be on a list, in the order in which a text names them.
  private static func nouns(in text: String) -> [String] {
    text.lowercased().split { !$0.isLetter }.map(String.init).filter { TalkCorpus.nouns.contains($0) }
  }
}
