import Core
import Foundation
import Memory

extension Answer {
  /// The correction an answer comes from, and what it overrides.
  package struct AppliedCorrection: Sendable, Equatable, Codable {
    package var statement: Statement
    /// Older corrections of the same question, newest first.
    package var earlier: [Statement]
    /// What the memory itself answers; nil when it holds no answer.
    package var overridden: String?
    /// What that answer rests on.
    package var evidence: [Citation]

    package struct Statement: Sendable, Equatable, Codable {
      package var number: Int64
      package var question: String
      package var answer: String
      package var author: String
      /// ISO 8601.
      package var writtenAt: String

      init(_ record: CorrectionRecord) {
        number = record.id
        question = record.content.question
        answer = record.content.answer
        author = record.content.author
        writtenAt = record.writtenAt.formatted(.iso8601)
      }
    }
  }

  /// The answer as a route has it: the correction's, with this one beside it as what it overrides, or this one untouched but for a line
  /// that says how it was decided. The moments stay where the memory found the matter, unless the correction says where it belongs.
  func corrected(by route: CorrectionRouter.Route) -> Answer {
    var answer = self
    if let reason = route.reason { answer.understood.append(reason) }
    guard let chosen = route.chosen else {
      if !route.beside.isEmpty { answer.seeAlso = route.beside.map { .init($0) } }
      return answer
    }
    answer.correction = AppliedCorrection(
      statement: .init(chosen), earlier: route.earlier.map { .init($0) }, overridden: text, evidence: citations)
    answer.text = chosen.content.answer
    answer.abstained = false
    answer.confidence = 1
    answer.citations = []
    answer.missing = nil
    if let stream = chosen.content.stream, let range = chosen.content.range {
      answer.moments = [Moment(stream: stream, range: range, score: 1)]
    }
    return answer
  }
}
