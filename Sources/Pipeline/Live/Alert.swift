import Core
import Foundation
import Reasoning

/// A standing question and what to do when it is answered.
package struct Alert: Sendable, Equatable {
  package var question: StandingQuestion
  /// What to run, by the shell; the evidence is in its environment.
  package var command: String?
  /// Where a line of JSON is appended.
  package var file: String?
  /// 0...1; nil takes that of all alerts.
  package var leastConfidence: Double?

  /// *Throws* `PipelineError` where the text names nothing that can be waited for.
  package init(_ text: String, command: String? = nil, file: String? = nil, leastConfidence: Double? = nil) throws {
    do { question = try StandingQuestion(text) } catch let error as ReasoningError {
      throw PipelineError(.badArgument, code: .misconfigured, error.message, cause: error)
    }
    (self.command, self.file, self.leastConfidence) = (command, file, leastConfidence)
  }
}

extension Alert {
  /// What makes two alerts one: the same words may do different things.
  struct Key: Hashable {
    var question: String
    var command: String?
    var file: String?
    var leastConfidence: Double?
  }

  var key: Key { Key(question: question.text, command: command, file: file, leastConfidence: leastConfidence) }
}

/// The standing questions of a tail.
package struct AlertConfiguration: Sendable, Equatable {
  package var alerts: [Alert] = []
  /// How likely something must be what was waited for before it is told: 0...1.
  package var leastConfidence = 0.5
  /// How long the thing must be gone before it is told again, in seconds.
  package var rearmSeconds = 10.0
  /// How long a command may take, in seconds.
  package var commandSeconds = 30.0

  package init() {}
}

/// An alert that fired, with its evidence.
package struct AlertEvent: Sendable, Equatable {
  package var question: String
  package var stream: StreamID
  package var sense: Modality
  package var range: TimeRange
  /// Wall-clock time of its beginning.
  package var date: Date
  package var quote: String
  /// 0...1.
  package var confidence: Double
  /// From the beginning of the evidence to the moment it was told.
  package var delay: Duration
}

/// Which evidence belongs to one occurrence, so that it is told once: a value.
struct Occurrences: Sendable {
  private var ranges: [TimeRange] = []
  private static let most = 64

  /// - Parameter gap: how long the thing must be gone before it occurs again.
  /// - Returns: whether this is a new occurrence. What follows another, or turns out to have come just before it, is part of it.
  mutating func isNew(_ range: TimeRange, gap: Double) -> Bool {
    let reach = MediaTime(seconds: gap)
    let near = ranges.indices.filter { ranges[$0].start - reach <= range.end && range.start <= ranges[$0].end + reach }
    let whole = near.reduce(range) { $0.union(ranges[$1]) }
    for index in near.reversed() { ranges.remove(at: index) }
    ranges.append(whole)
    if ranges.count > Self.most { ranges.removeFirst() }
    return near.isEmpty
  }
}
