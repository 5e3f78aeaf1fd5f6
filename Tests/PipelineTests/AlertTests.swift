import Core
import Foundation
import Reasoning
import Synchronization
import Testing

@testable import Pipeline

@Suite("Standing questions")
struct AlertTests {
  private static func range(_ start: Double, _ end: Double) -> TimeRange {
    TimeRange(start: MediaTime(seconds: start), end: MediaTime(seconds: end))
  }

  @Test("evidence that goes on is one occurrence, in whatever order it comes; after a pause there is another")
  func occurrences() {
    var occurrences = Occurrences()
    func isNew(_ range: TimeRange) -> Bool { occurrences.isNew(range, gap: 10) }
    #expect(isNew(Self.range(20, 22)))
    #expect(!isNew(Self.range(21, 30)))
    #expect(!isNew(Self.range(39, 40)))
    #expect(!isNew(Self.range(12, 13)), "it came later but was before")
    #expect(isNew(Self.range(51, 52)))
    #expect(!isNew(Self.range(45, 46)))
  }

  @Test(
    "an alert must name one thing to wait for",
    arguments: ["", "the", "before the cat", "what happened before the dog barked?", "and then?"])
  func nonsense(text: String) {
    #expect(throws: PipelineError.self) { try Alert(text) }
  }

  @Test("alerts of a pipeline file are read, and what is wrong with them is said with file, line and key")
  func yaml() throws {
    let yaml = """
      alerts:
        rearm_seconds: 5
        questions:
          - ask: a dog barks
            least_confidence: 0.8
            command: "true"
          - ask: somebody says goodbye
            file: a.jsonl
      """
    let alerts = try PipelineConfiguration(yaml: yaml, file: "p.yaml").alerts
    #expect(alerts.rearmSeconds == 5)
    #expect(alerts.alerts.map(\.question.text) == ["a dog barks", "somebody says goodbye"])
    #expect(alerts.alerts[0].leastConfidence == 0.8 && alerts.alerts[1].file == "a.jsonl")
    let wrong = [
      "alerts:\n  questions:\n    - asks: a dog": "p.yaml:3: 'alerts.questions[1].asks'",
      "alerts:\n  questions:\n    - ask: a dog\n    - ask: the": "p.yaml:4: 'alerts.questions[2].ask'",
      "alerts:\n  questions: a dog": "p.yaml:2: 'alerts.questions'",
      "alerts:\n  rearm: 3": "p.yaml:2: 'alerts.rearm'",
    ]
    for (text, message) in wrong {
      let error = #expect(throws: PipelineError.self) { try PipelineConfiguration(yaml: text, file: "p.yaml") }
      #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }
  }

  private static func sign(_ text: String, _ start: Double) -> Observation {
    let box = TextLine.Box(x: 0.1, y: 0.1, width: 0.5, height: 0.1)
    let line = TextLine(text: text, box: box, confidence: 0.95, embedding: vector(of: text))
    return Observation(range: range(start, start + 2), content: .text(line))
  }

  /// A space in which texts are alike as far as they share words.
  private static func vector(of text: String) -> Embedding {
    var values = [Float](repeating: 0, count: 256)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) {
      values[word.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % 256] += 1
    }
    let length = max(1e-6, values.reduce(0) { $0 + $1 * $1 }.squareRoot())
    return Embedding(space: EmbeddingSpace("words"), values: values.map { $0 / length })
  }

  private static let reader = StandingReader(encoders: [EmbeddingSpace("words"): { vector(of: $0) }])

  private static func committed(_ observations: [Observation], _ upTo: Double) -> LiveCommitter.Committed {
    LiveCommitter.Committed(observations: observations, episodes: [], upTo: MediaTime(seconds: upTo))
  }

  @Test("a sign that stays is told once with its evidence, what is not there never, and file and command get the evidence as it is")
  func fires() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "alerts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, output) = (folder.appending(path: "a.jsonl").path, folder.appending(path: "out").path)
    let told = Mutex<[AlertEvent]>([])
    var configuration = AlertConfiguration()
    configuration.alerts = [
      try Alert("the sign says ferry departs", command: "printf '%s' \"$AFTERIMAGE_QUOTE\" > '\(output)'", file: file),
      try Alert("the sign says railway closed"),
    ]
    let watch = AlertWatch(configuration, reader: Self.reader, every: .zero) { event in
      if case .alert(let alert) = event { told.withLock { $0.append(alert) } }
    }
    let time = LiveTime(startedAt: Date(timeIntervalSinceNow: -60))
    let text = "FERRY DEPARTS $(touch injected) \"14:05\""
    try await watch.take(Self.committed([Self.sign(text, 10)], 12), of: StreamID("pier"), time: time)
    let alerts = told.withLock { $0 }
    #expect(alerts.count == 1)
    #expect(alerts.first?.question == "the sign says ferry departs")
    #expect(alerts.first?.sense == .text)
    #expect(alerts.first?.range == Self.range(10, 12))
    try await watch.take(Self.committed([Self.sign(text, 15)], 17), of: StreamID("pier"), time: time)
    let count = told.withLock { $0.count }
    #expect(count == 1, "it never went away")
    try await waitFor { FileManager.default.contents(atPath: output)?.isEmpty == false }
    #expect(String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self) == alerts.first?.quote)
    #expect(!FileManager.default.fileExists(atPath: "injected"))
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1 && lines[0].contains("\"question\":\"the sign says ferry departs\""))
    await watch.close()
  }

  @Test("a sign with another number than the one waited for is no occurrence")
  func numbers() async throws {
    let told = Mutex<[String]>([])
    var configuration = AlertConfiguration()
    configuration.alerts = [try Alert("the sign says train to Oslo platform 5"), try Alert("the sign says train to Oslo")]
    let watch = AlertWatch(configuration, reader: Self.reader, every: .zero) { event in
      if case .alert(let alert) = event { told.withLock { $0.append(alert.question) } }
    }
    let (hall, time) = (StreamID("hall"), LiveTime(startedAt: Date(timeIntervalSinceNow: -90)))
    try await watch.take(Self.committed([Self.sign("TRAIN TO OSLO PLATFORM 9", 10)], 12), of: hall, time: time)
    let first = told.withLock { $0 }
    #expect(first == ["the sign says train to Oslo"])
    try await watch.take(Self.committed([Self.sign("TRAIN TO OSLO PLATFORM 5", 40)], 42), of: hall, time: time)
    let second = told.withLock { Set($0) }
    #expect(second.count == 2)
    await watch.close()
  }

  @Test("that the light goes out is waited for like anything else, and told once however long it stays dark")
  func lights() async throws {
    let told = Mutex<[AlertEvent]>([])
    var configuration = AlertConfiguration()
    configuration.alerts = [try Alert("the lights go out"), try Alert("the lights go on")]
    let watch = AlertWatch(configuration, reader: Self.reader, every: .zero) { event in
      if case .alert(let alert) = event { told.withLock { $0.append(alert) } }
    }
    let time = LiveTime(startedAt: Date(timeIntervalSinceNow: -60))
    func look(_ words: String, _ start: Double, _ end: Double) -> Observation {
      Observation(range: Self.range(start, end), content: .look(Look(.light, words)))
    }
    try await watch.take(Self.committed([look("bright", 0, 9)], 9), of: StreamID("hall"), time: time)
    try await watch.take(Self.committed([look("goes out", 10, 11)], 11), of: StreamID("hall"), time: time)
    try await watch.take(Self.committed([look("dark", 10, 14)], 14), of: StreamID("hall"), time: time)
    let alerts = told.withLock { $0 }
    #expect(alerts.map(\.question) == ["the lights go out"] && alerts.first?.sense == .look && alerts.first?.range.start.seconds == 10)
    await watch.close()
  }

  @Test("what comes with the last commit is told, two alerts of the same words both act, and their commands end before the watch is closed")
  func last() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "alerts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let outputs = ["one", "two"].map { folder.appending(path: $0).path }
    var configuration = AlertConfiguration()
    configuration.alerts = try outputs.map { try Alert("the sign says ferry departs", command: "sleep 0.3; echo done > '\($0)'") }
    let watch = AlertWatch(configuration, reader: Self.reader, every: .seconds(60)) { _ in }
    let (pier, time) = (StreamID("pier"), LiveTime(startedAt: Date(timeIntervalSinceNow: -60)))
    try await watch.take(Self.committed([Self.sign("BOATS FOR HIRE", 1)], 3), of: pier, time: time)
    var end = Self.committed([Self.sign("FERRY DEPARTS", 10)], 12)
    end.isLast = true
    try await watch.take(end, of: pier, time: time)
    await watch.close()
    #expect(outputs.allSatisfy { FileManager.default.fileExists(atPath: $0) })
  }

  @Test("a command that does not end is ended, and is not started a second time meanwhile")
  func slowCommand() async throws {
    let notices = Mutex<[String]>([])
    let actions = AlertActions { notice in notices.withLock { $0.append(notice) } }
    let alert = try Alert("a dog barks", command: "sleep 30")
    let event = AlertEvent(
      question: alert.question.text, stream: StreamID("s"), sense: .sound, range: Self.range(0, 1), date: Date(), quote: "Bark",
      confidence: 1,
      delay: .zero)
    let began = ContinuousClock.now
    await actions.carryOut(alert, event, deadline: .milliseconds(300))
    await actions.carryOut(alert, event, deadline: .milliseconds(300))
    #expect(ContinuousClock.now - began < .seconds(2))
    let first = notices.withLock { $0 }
    #expect(first.contains { $0.contains("still running") })
    try await waitFor { notices.withLock { $0.contains { $0.contains("ended with") } } }
    #expect(ContinuousClock.now - began < .seconds(10))
  }

  private func waitFor(_ holds: () -> Bool) async throws {
    for _ in 0..<200 {
      if holds() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("waited for ten seconds in vain")
  }
}
