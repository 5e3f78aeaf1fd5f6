import Core
import Foundation
import Memory

/// Decides whether a correction answers a question or the memory does.
///
/// A correction answers when the question is as alike to the corrected one as 0.88 of the least alike of that one's own rewordings is, and
/// when its words make it the same question (`QuestionKey`): meaning alone cannot tell the price of coffee from the price of tea. Of
/// several the newest answers.
/// *Source* WISE, section 2.3.1: the side memory answers when its activation exceeds a threshold taken from the edits' own
/// rephrasings; the released code's ratio is 0.88.
struct CorrectionRouter: Sendable {
  let corrections: [CorrectionRecord]
  let encoder: QueryEncoder

  static let ratio = 0.88
  private static let mostBeside = 2

  /// What the router decided, and why.
  struct Route: Sendable {
    /// The correction that answers; nil when the memory does.
    var chosen: CorrectionRecord?
    /// Older corrections of the same question, newest first.
    var earlier: [CorrectionRecord] = []
    /// Corrections of other questions about the same things, newest first; empty when one answers.
    var beside: [CorrectionRecord] = []
    /// One line for whoever wants to know; nil when nothing was ever corrected.
    var reason: String?
  }

  init(_ records: [CorrectionRecord], encoder: QueryEncoder) {
    corrections = records.filter { $0.undoneAt == nil }
    self.encoder = encoder
  }

  func route(_ question: Question, _ plan: QuestionPlan) async throws -> Route {
    let key = QuestionKey(plan)
    var fitting: [(record: CorrectionRecord, reason: String)] = []
    var nearest: (closeness: Double, reason: String)?
    var beside: [CorrectionRecord] = []
    for record in corrections where concerns(record.content, question, plan) {
      let likeness = try await likeness(of: plan.text, to: record.content)
      let other = QuestionKey(Planner.plan(record.content.question))
      if key.names(allOf: other) { beside.append(record) }
      let difference = key.difference(from: other)
      if difference == nil, likeness?.isEnough ?? true {
        fitting.append((record, "correction: number \(record.id) answers (\(likeness?.text ?? "same words"))"))
      } else if likeness?.cosine ?? 0 > nearest?.closeness ?? -1 {
        let words = [likeness?.text, difference].compactMap { $0 }.joined(separator: "; ")
        nearest = (likeness?.cosine ?? 0, "correction: none fits; the nearest is number \(record.id) (\(words))")
      }
    }
    guard let newest = fitting.last else {
      return Route(beside: beside.suffix(Self.mostBeside).reversed(), reason: nearest?.reason)
    }
    return Route(chosen: newest.record, earlier: fitting.dropLast().reversed().map(\.record), reason: newest.reason)
  }

  /// Whether a correction is about what the question is about: the same stream, and a stretch that overlaps the one asked about.
  private func concerns(_ correction: Correction, _ question: Question, _ plan: QuestionPlan) -> Bool {
    if let stream = correction.stream, let asked = question.stream, stream != asked { return false }
    guard let range = correction.range, let time = plan.time, !time.countsFromEnd, !time.countsFromQuestion else { return true }
    return range.start.seconds <= time.to ?? .infinity && range.end.seconds >= time.from ?? 0
  }

  private struct Likeness {
    var cosine: Double
    var least: Double
    var isEnough: Bool { cosine >= least }
    var text: String { "cosine \(Self.rounded(cosine)), at least \(Self.rounded(least)) needed" }
    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
  }

  /// Nil when the two cannot be compared by meaning: no sentence model then or now, or another one.
  private func likeness(of text: String, to correction: Correction) async throws -> Likeness? {
    guard let key = correction.key, let vector = try await encoder.vector(of: text, in: key.space), vector.count == key.values.count
    else { return nil }
    let probes = VectorScan.cosines(rows: Array(correction.probes.joined()), query: key.values)
    return Likeness(
      cosine: Double(VectorScan.cosine(vector, key.values)), least: Self.ratio * Double(probes.min() ?? 1))
  }
}
