import Core
import Memory

/// Answers about the recordings themselves: how long they are, which there are.
struct Inventory: Sendable {
  let plan: QuestionPlan
  let streams: [StreamRecord]

  func answer() -> Answer {
    guard let first = streams.first else { return .refusal(plan.kind, understood: plan.understood, missing: "the memory is empty") }
    let text =
      streams.count == 1 && plan.whole == .length
      ? Self.length(of: first)
      : (plan.asksHowMany ? "\(streams.count): " : "")
        + streams.map { "\($0.id.rawValue) (\(Self.length(of: $0)))" }.joined(separator: ", ")
    let citations = streams.map { stream in
      Answer.Citation(
        stream: stream.id, range: stream.extent, modality: stream.modalities.min() ?? .vision, level: .full, quote: Self.length(of: stream))
    }
    return Answer(
      text: text, kind: plan.kind, abstained: false, confidence: 1,
      moments: streams.map { .init(stream: $0.id, range: $0.extent, score: 1) }, citations: citations, understood: plan.understood,
      missing: nil)
  }

  /// "11 min 27 s", and that more may come while it is not finished.
  private static func length(of stream: StreamRecord) -> String {
    let seconds = Int(stream.extent.duration.seconds.rounded())
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")].filter { $0.0 > 0 }
    let text = parts.isEmpty ? "0 s" : parts.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    return stream.finished ? text : text + " so far"
  }
}
