import Core
import Foundation
import Reasoning

/// Answers an annotated question set: watches what is not yet in the memory, asks every question, writes one line per answer.
///
/// *Input* JSON lines with `id`, `video` (a file name below the media folder, and the stream's name) and `question`; `within`,
/// `[start, end]` in seconds, limits where the answer may lie.
/// *Output* JSON lines with `id`, `answer`, `intervals` (`[[start, end, score]]`, seconds), `abstained`, `confidence`,
/// `latency_ms`.
package struct Evaluation: Sendable {
  package struct Entry: Sendable, Equatable, Decodable {
    package var id: String
    package var video: String
    package var question: String
    /// Start and end in seconds of the only stretch that may answer; absent for all of the stream.
    package var within: [Double]?
  }

  package struct Result: Sendable, Codable, Equatable {
    package var id: String
    package var answer: String?
    package var intervals: [[Double]]
    package var abstained: Bool
    /// The estimated probability that the answer, or the refusal, is right.
    package var confidence: Double
    package var latencyMilliseconds: Double

    enum CodingKeys: String, CodingKey {
      case id, answer, intervals, abstained, confidence
      case latencyMilliseconds = "latency_ms"
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(id, forKey: .id)
      try container.encode(answer, forKey: .answer)
      try container.encode(intervals, forKey: .intervals)
      try container.encode(abstained, forKey: .abstained)
      try container.encode(confidence, forKey: .confidence)
      try container.encode(latencyMilliseconds, forKey: .latencyMilliseconds)
    }
  }

  package let entries: [Entry]

  /// Reads a question file.
  ///
  /// *Throws* `PipelineError` naming the file and the line.
  package init(file: String) throws {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw PipelineError(.missingInput, code: .unavailable, "\(file): cannot be read as a question file")
    }
    var entries: [Entry] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.allSatisfy(\.isWhitespace)
    {
      do { entries.append(try JSONDecoder().decode(Entry.self, from: Data(line.utf8))) } catch {
        throw PipelineError(
          .badInput, code: .corruptInput, "\(file):\(number + 1): not a question (needs the keys id, video and question)", cause: error)
      }
    }
    guard !entries.isEmpty else { throw PipelineError(.badInput, code: .corruptInput, "\(file): holds no questions") }
    self.entries = entries
  }

  /// The media files the questions are about, in order of their names.
  ///
  /// *Throws* when a name leads out of the folder.
  package func files(below folder: String) throws -> [String] {
    try Set(entries.map(\.video)).sorted().map { name in
      guard !name.isEmpty, !name.contains("/"), name != ".." else {
        throw PipelineError(.badInput, code: .corruptInput, "'\(name)' is not the name of a file in \(folder)")
      }
      return URL(fileURLWithPath: folder, isDirectory: true).appendingPathComponent(name).path
    }
  }

  /// Asks every question of the stream of its `video`.
  ///
  /// - Parameter report: called after every question with the number answered.
  package func answers(from asker: Asker, report: @Sendable (Int) -> Void = { _ in }) async throws -> [Result] {
    let batch = try await asker.batch()
    var results: [Result] = []
    for entry in entries {
      let within = entry.within.flatMap { $0.count == 2 && $0[0] <= $0[1] ? TimeRange(seconds: $0[0]...$0[1]) : nil }
      let reply = try await batch.ask(entry.question, stream: StreamID(entry.video), within: within)
      let moments = reply.answer.moments.map { [$0.range.start.seconds, $0.range.end.seconds, $0.score] }
      results.append(
        Result(
          id: entry.id, answer: reply.answer.text, intervals: moments, abstained: reply.answer.abstained,
          confidence: reply.answer.confidence,
          latencyMilliseconds: reply.latency.seconds * 1000))
      report(results.count)
    }
    return results
  }

  package static func write(_ results: [Result], to file: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let lines = try results.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
    do { try Data(lines.utf8).write(to: URL(fileURLWithPath: file), options: .atomic) } catch {
      throw PipelineError(.writing, code: .unavailable, "\(file): cannot be written", cause: error)
    }
  }
}
