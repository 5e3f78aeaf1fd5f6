import Core
import Foundation
import Memory
import Perception
import Reasoning

/// What the ledger is worth on seeded made-up memories, with the real sentence model: `ledger [--seed N]`.
///
/// Corrections: reliability (the corrected question), generalisation (five other wordings), locality (twenty other questions about the same
/// house, answered as without corrections), beside the correction put in as an ordinary utterance. Updates: "now" and "before" of values that
/// change one to five times, beside the most similar item alone.
enum LedgerBenchmark {
  static func run(_ arguments: [String]) async throws {
    let seed = arguments.first == "--seed" ? arguments.dropFirst().first.flatMap(UInt64.init) ?? 1 : 1
    let stage = try SentenceStage(library: ModelLibrary())
    for count in [1, 10, 100] { try await corrections(count, seed: seed, stage) }
    try await updates(seed: seed, stage)
  }

  private static func corrections(_ count: Int, seed: UInt64, _ stage: SentenceStage) async throws {
    var random = SeededNumbers(seed: seed)
    var said: [String] = []
    var pairs: [(house: String, matter: LedgerCorpus.Matter)] = []
    for house in LedgerCorpus.houses {
      for matter in LedgerCorpus.corrected + LedgerCorpus.others {
        said.append(fill(matter.sentence, house, "\(random.next() % 900 + 100)"))
      }
      pairs += LedgerCorpus.corrected.map { (house, $0) }
    }
    said.shuffle(using: &random)
    let chosen = pairs.shuffled(using: &random).prefix(count).enumerated().map { ($1.house, $1.matter, "\(1000 + $0)") }
    let houses = Set(chosen.map(\.0)).sorted()
    let folder = try await memory(said.map { ($0, false) }, stage)
    let untouched = try await answers(to: houses.flatMap { house in LedgerCorpus.others.map { fill($0.question, house) } }, folder, stage)

    let store = try MemoryStore(writing: folder)
    for (house, matter, value) in chosen {
      let question = fill(matter.question, house)
      var probes: [[Float]] = []
      for wording in CorrectionProbes.wordings(of: question) { probes.append(try await stage.embedding(of: wording).values) }
      try await store.correct(
        Correction(question: question, answer: value, author: "bench", key: try await stage.embedding(of: question), probes: probes))
    }
    await store.close()
    try await report("corrections", count, chosen, untouched, folder, stage)

    let ordinary = try await memory(
      said.map { ($0, false) } + chosen.map { ("Correction: \(fill($0.1.sentence, $0.0, $0.2))", false) }, stage)
    try await report("as an ordinary item", count, chosen, untouched, ordinary, stage)
    for folder in [folder, ordinary] { try FileManager.default.removeItem(at: folder) }
  }

  private static func report(
    _ name: String, _ count: Int, _ chosen: [(String, LedgerCorpus.Matter, String)], _ untouched: [String: String], _ folder: URL,
    _ stage: SentenceStage
  ) async throws {
    let asked = try await answers(to: chosen.map { fill($0.1.question, $0.0) }, folder, stage)
    let reworded = try await answers(to: chosen.flatMap { pair in pair.1.wordings.map { fill($0, pair.0) } }, folder, stage)
    let others = try await answers(to: Array(untouched.keys), folder, stage)
    let right = chosen.filter { asked[fill($0.1.question, $0.0)]?.contains($0.2) == true }.count
    let wordings = chosen.flatMap { pair in pair.1.wordings.map { (fill($0, pair.0), pair.2) } }
    let same = wordings.filter { reworded[$0.0]?.contains($0.1) == true }.count
    let kept = untouched.filter { others[$0.key] == $0.value }.count
    print(
      "\(name), \(count): reliability \(share(right, chosen.count)), generalisation \(share(same, wordings.count)), locality \(share(kept, untouched.count))"
    )
  }

  private static func updates(seed: UInt64, _ stage: SentenceStage) async throws {
    var random = SeededNumbers(seed: seed &+ 99)
    var keys: [(ask: String, values: [String])] = []
    var told: [(at: Int, text: String, isLine: Bool)] = []
    for thing in LedgerCorpus.things {
      for (say, isLine, ask) in LedgerCorpus.changing {
        let changes = Int(random.next() % 5) + 1
        var values: [String] = []
        while values.count <= changes {
          let value = "\(random.next() % 90 + 10)"
          if !values.contains(value) { values.append(value) }
        }
        for value in values.indices {
          told.append(
            (
              value * 1000 + Int(random.next() % 1000),
              fill(say, "", values[value]).replacing("{K}", with: isLine ? thing.uppercased() : thing), isLine
            ))
        }
        keys.append((ask.replacing("{K}", with: thing), values))
      }
    }
    let folder = try await memory(told.sorted { $0.at < $1.at }.map { ($0.text, $0.isLine) }, stage)
    defer { try? FileManager.default.removeItem(at: folder) }
    let snapshot = try MemorySnapshot.open(folder)
    for (name, form, pick) in [("now", "What is {Q} now?", 1), ("before", "What was {Q} before it was changed to {V}?", 2)] {
      var raw = 0
      var cases: [(question: String, value: String)] = []
      for key in keys {
        let question = form.replacing("{Q}", with: key.ask).replacing("{V}", with: key.values[key.values.count - 1])
        let value = key.values[key.values.count - pick]
        let nearest = try snapshot.nearest(to: try await stage.embedding(of: question), limit: 1).first?.item.text ?? ""
        raw += nearest.contains(value) ? 1 : 0
        cases.append((question, value))
      }
      let given = try await answers(to: cases.map(\.question), folder, stage)
      let ours = cases.filter { given[$0.question]?.contains($0.value) == true }.count
      print("updates, \(name): answers \(share(ours, keys.count)), most similar item \(share(raw, keys.count))")
    }
    print("facts: \(try snapshot.facts().count) of \(told.count) statements")
  }

  /// A memory in which the texts were read or said one after another.
  private static func memory(_ texts: [(String, Bool)], _ stage: SentenceStage) async throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ledger-\(UUID().uuidString)", isDirectory: true)
    let store = try MemoryStore(writing: folder)
    let stream = StreamID("talk")
    _ = try await store.open(stream: stream, source: SourceDescription(path: "talk", fingerprint: "talk", hasVideo: false))
    for (index, (text, isLine)) in texts.enumerated() {
      let range = TimeRange(seconds: Double(index) * 8...Double(index) * 8 + 5)
      let vector = try await stage.embedding(of: text)
      let content: Observation.Content =
        isLine
        ? .text(TextLine(text: text, box: .init(x: 0.1, y: 0.1, width: 0.5, height: 0.1), confidence: 0.95, embedding: vector))
        : .speech(Utterance(text: text, words: [], language: "en", confidence: 0.95, embedding: vector))
      try await store.commit(
        Batch(
          stream: stream, observations: [Observation(range: range, content: content)], upTo: range.end, finished: index == texts.count - 1))
    }
    await store.close()
    return folder
  }

  private static func answers(to questions: [String], _ folder: URL, _ stage: SentenceStage) async throws -> [String: String] {
    let reasoner = Reasoner(snapshot: try MemorySnapshot.open(folder), encoders: [stage.space: { try await stage.embedding(of: $0) }])
    var answers: [String: String] = [:]
    for question in questions { answers[question] = try await reasoner.answer(Question(text: question)).text ?? "" }
    return answers
  }

  private static func fill(_ text: String, _ house: String, _ value: String = "") -> String {
    let filled = text.replacing("{E}", with: house).replacing("{V}", with: value)
    return filled.prefix(1).uppercased() + filled.dropFirst()
  }

  private static func share(_ part: Int, _ whole: Int) -> String {
    "\((Double(part) / Double(max(1, whole)) * 1000).rounded() / 1000) (\(part)/\(whole))"
  }
}
