import Core
import Foundation
import Media
import Memory
import Reasoning

/// What is shown of an answer: the sentence, what it rests on, and how to look for yourself.
package struct Reply: Sendable {
  package var answer: Answer
  package var latency: Duration
  /// Where each stream that is cited came from.
  package var sources: [StreamID: SourceDescription]
  /// What a language model made of the answer, where one was asked.
  package var rephrasing: Rephrasing?

  package var isAbstention: Bool { answer.abstained }

  /// The answer, and under it the citations and a command that plays the first one; one line each.
  package func lines(explained: Bool) -> [String] {
    var lines: [String] = []
    if answer.abstained {
      lines.append(answer.text ?? "Not in this memory.")
      if let missing = answer.missing { lines.append("  \(missing)") }
    } else {
      lines.append(rephrasing?.text ?? answer.text ?? "Here is the moment.")
    }
    if let correction = answer.correction { lines += Self.lines(of: correction) }
    lines += (answer.seeAlso ?? []).map {
      "  see also correction \($0.number) by \($0.author): \(Self.quoted($0.question)) is answered with \(Self.quoted($0.answer))"
    }
    for (number, citation) in (answer.correction?.evidence ?? answer.citations).enumerated() {
      lines.append(
        "  [\(number + 1)] \(citation.stream)  \(Self.text(citation.range))  \(Self.verb(citation.modality)) \(Self.quoted(citation.quote))"
      )
    }
    if let command = playCommand { lines.append("  play: \(command)") }
    if let wallClock { lines.append("  at: \(wallClock)") }
    if let rephrasing, let failure = rephrasing.failure { lines.append("  \(rephrasing.model): \(failure); this is the plain answer") }
    if explained {
      if let rephrasing, rephrasing.text != nil {
        lines.append(
          "  \(rephrasing.model): \(rephrasing.dropped) of \(rephrasing.written) sentences dropped; plain answer: \(answer.text ?? "")")
      }
      lines += answer.understood.map { "  understood: \($0)" }
      lines += answer.moments.prefix(5).map { "  moment: \($0.stream) \(Self.text($0.range)), score \(Self.rounded($0.score))" }
      lines.append("  confidence: \(Self.rounded(answer.confidence)), answered in \(Int((latency.seconds * 1000).rounded())) ms")
    }
    return lines
  }

  /// Who corrected the answer and when, what was said before, and what the memory itself says.
  private static func lines(of correction: Answer.AppliedCorrection) -> [String] {
    let newest = correction.statement
    var lines = ["  corrected by \(newest.author), \(newest.writtenAt): correction \(newest.number), \(quoted(newest.question))"]
    lines += correction.earlier.map {
      "  before it by \($0.author), \($0.writtenAt): correction \($0.number), \(quoted($0.answer))"
    }
    lines.append("  overridden: \(correction.overridden.map(quoted) ?? "the memory itself holds no answer")")
    return lines
  }

  /// The same with the sentences of a language model, as far as they agree with the evidence.
  package func rephrased(by model: LanguageModel, question: String) async -> Reply {
    var reply = self
    reply.rephrasing = await Rephrasing.of(answer, to: question, by: model)
    return reply
  }

  /// The media file of a stream; nil for a live stream that is no file: what it sent cannot be played again.
  func path(of stream: StreamID) -> String? {
    guard let source = sources[stream] else { return nil }
    guard source.isLive else { return source.path }
    let kind = (try? FileManager.default.attributesOfItem(atPath: source.path))?[.type] as? FileAttributeType
    return kind == .typeRegular ? source.path : nil
  }

  /// When the best moment of a live stream was, on the clock and in the time zone of this machine.
  package var wallClock: String? {
    guard let best = answer.moments.first, let source = sources[best.stream], source.isLive, let began = source.startedAt else {
      return nil
    }
    let date = began.addingTimeInterval(best.range.start.seconds)
    let day = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: date)
    let numbers = [day.year, day.month, day.day].map { $0 ?? 0 }.map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(numbers.joined(separator: "-")) \(TimeOfDay.text(date))"
  }

  /// Plays the best moment.
  package var playCommand: String? {
    guard let best = answer.moments.first, let path = path(of: best.stream) else { return nil }
    let start = max(0, best.range.start.seconds)
    let length = max(2, best.range.duration.seconds)
    return "ffplay -ss \(Self.rounded(start)) -t \(Self.rounded(length)) \(Self.shellQuoted(path))"
  }

  /// Cuts the best moment out of its media file as it is.
  ///
  /// - Returns: the stretch that was written; nil when the answer has no moment.
  /// *Throws* `PipelineError` when the media file is not where it was, or the clip cannot be written.
  package func cutClip(to target: String) async throws -> TimeRange? {
    guard let best = answer.moments.first else { return nil }
    guard let path = path(of: best.stream) else {
      throw PipelineError(
        .missingInput, code: .unavailable, "\(target): nothing to cut from: \(best.stream.rawValue) is no file, or not where it was")
    }
    let range = TimeRange(start: best.range.start, end: max(best.range.end, best.range.start + MediaTime(seconds: 1)))
    do { return try await ClipCutter().cut(range, of: path, to: target) } catch {
      let situation: PipelineError.Situation =
        switch error.code {
        case .corruptInput, .limitExceeded: .badInput
        case .misconfigured: .badArgument
        default: error.message.hasPrefix(target) ? .writing : .missingInput
        }
      throw PipelineError(situation, code: error.code, error.message, cause: error)
    }
  }

  /// The answer for a program: the keys of `Answer`, and how long it took.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    struct Whole: Encodable {
      var answer: Answer
      var latencyMilliseconds: Double
      var play: String?
      var wallClock: String?
      var rephrasing: Rephrasing?
      func encode(to encoder: any Encoder) throws {
        try answer.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(latencyMilliseconds, forKey: .latencyMilliseconds)
        try container.encodeIfPresent(play, forKey: .play)
        try container.encodeIfPresent(wallClock, forKey: .wallClock)
        try container.encodeIfPresent(rephrasing, forKey: .languageModel)
      }
      enum Key: String, CodingKey { case latencyMilliseconds, play, wallClock, languageModel }
    }
    let milliseconds = (latency.seconds * 10_000).rounded() / 10
    let whole = Whole(answer: answer, latencyMilliseconds: milliseconds, play: playCommand, wallClock: wallClock, rephrasing: rephrasing)
    return String(decoding: try encoder.encode(whole), as: UTF8.self)
  }

  package static func verb(_ modality: Modality) -> String {
    switch modality {
    case .vision: "seen"
    case .text: "on screen"
    case .speech: "said"
    case .sound: "heard"
    case .look: "looks"
    case .gap: "missing"
    }
  }

  /// `h:mm:ss–h:mm:ss`
  private static func text(_ range: TimeRange) -> String {
    "\(clock(range.start.seconds.rounded(.down)))–\(clock(range.end.seconds.rounded(.up)))"
  }

  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds), 1e9))
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }

  private static func quoted(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "“\(line.count > 160 ? line.prefix(159) + "…" : line)”"
  }

  private static func rounded(_ value: Double) -> String {
    let hundredths = (value * 100).rounded() / 100
    return hundredths == hundredths.rounded() ? String(Int(hundredths)) : String(hundredths)
  }

  private static func shellQuoted(_ path: String) -> String {
    let plain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+:,@".contains($0) }
    return plain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}
