import Foundation

/// The figures of the probes of answers, with 95 % intervals over the talks.
package struct AnswerReport: Sendable, Codable {
  package var talks: Int
  /// *Units* minutes.
  package var lengths: [Int]
  var replies: [Reply]
  var lists: [ListTrial]

  /// What came of one question.
  struct Reply: Sendable, Codable {
    var talk: Int
    var probe: TalkScript.Probe
    /// `as told`, or `other numbers`.
    var version: String
    var minutes: Int?
    var place: Double?
    /// 0...1; 0 where nothing was answered.
    var right: Double
    var abstained: Bool
    /// What the most similar thing alone says, and how similar it is.
    var nearestRight: Double
    var nearestCosine: Float
  }

  /// What came of one list.
  struct ListTrial: Sendable, Codable {
    var talk: Int
    /// *Units* minutes.
    var delay: Int
    /// How much is kept of the pictures around it, 0 to 4.
    var level: Int
    var isRead: Bool
    /// Whether the memory still holds it word for word.
    var kept: Bool
    /// Whether the answer names exactly these things, and in this order.
    var identity: Bool
    var order: Bool
  }

  /// A row of the table: what was asked for, and how often the answer was right.
  package struct Row: Sendable, Codable {
    package var name: String
    package var answers: MemoryReport.Estimate
    /// The most similar thing alone.
    package var nearest: MemoryReport.Estimate
    /// The same talks with other numbers in them.
    package var otherNumbers: MemoryReport.Estimate?
    /// How much more the answers have than the most similar thing, talk by talk.
    package var gain: MemoryReport.Estimate
  }

  private func estimate(_ replies: [Reply], _ figure: ([Reply]) -> Double) -> MemoryReport.Estimate {
    Bootstrap.estimate(Dictionary(grouping: replies, by: \.talk).sorted { $0.key < $1.key }.map { figure($0.value) })
  }

  private static func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }

  /// Extraction, many events, time and update by share of right answers, abstention by its F1.
  package var abilities: [Row] {
    let told = replies.filter { $0.minutes == nil && $0.version == "as told" }
    let altered = replies.filter { $0.minutes == nil && $0.version == "other numbers" }
    let threshold = Self.bestThreshold(told)
    func f1(_ replies: [Reply]) -> Double { Self.f1(replies) { $0.abstained } }
    func nearestF1(_ replies: [Reply]) -> Double { Self.f1(replies) { $0.nearestCosine < threshold } }
    let rows = TalkScript.Probe.abilities.filter { $0 != .abstention }.map { probe in
      let (own, other) = (told.filter { $0.probe == probe }, altered.filter { $0.probe == probe })
      return Row(
        name: probe.rawValue, answers: estimate(own) { Self.mean($0.map(\.right)) },
        nearest: estimate(own) { Self.mean($0.map(\.nearestRight)) },
        otherNumbers: estimate(other) { Self.mean($0.map(\.right)) },
        gain: estimate(own) { Self.mean($0.map { $0.right - $0.nearestRight }) })
    }
    return rows + [
      Row(
        name: "abstention, F1", answers: estimate(told, f1), nearest: estimate(told, nearestF1), otherNumbers: estimate(altered, f1),
        gain: estimate(told) { f1($0) - nearestF1($0) })
    ]
  }

  /// Of the questions nothing is known of, and all others.
  private static func f1(_ replies: [Reply], refuses: (Reply) -> Bool) -> Double {
    let refused = replies.filter(refuses)
    let right = refused.count { $0.probe == .abstention }
    let unknown = replies.count { $0.probe == .abstention }
    return refused.count + unknown == 0 ? 0 : 2 * Double(right) / Double(refused.count + unknown)
  }

  /// The cosine below which refusing would have been best, known afterwards: more than a memory could know.
  private static func bestThreshold(_ replies: [Reply]) -> Float {
    let candidates = Set(replies.map(\.nearestCosine)).sorted()
    return candidates.max { a, b in f1(replies) { $0.nearestCosine < a } < f1(replies) { $0.nearestCosine < b } } ?? 0
  }

  /// Rows by what is asked for, columns by length. Several moments count by the share that is among the first five.
  package var spans: [(name: String, byLength: [MemoryReport.Estimate], nearest: [MemoryReport.Estimate])] {
    TalkScript.Probe.spans.map { probe in
      func row(_ figure: @escaping (Reply) -> Double) -> [MemoryReport.Estimate] {
        lengths.map { minutes in
          estimate(replies.filter { $0.probe == probe && $0.minutes == minutes }) { Self.mean($0.map(figure)) }
        }
      }
      return (probe.rawValue, row(\.right), row(\.nearestRight))
    }
  }

  /// Right answers by the fifth of the stream in which they lie, and right orders by how far the two are apart, in quarters of the stream.
  package var byPlace: [MemoryReport.Estimate] { places(.extraction, parts: 5) }
  package var byDistance: [MemoryReport.Estimate] { places(.time, parts: 4) }

  private func places(_ probe: TalkScript.Probe, parts: Int) -> [MemoryReport.Estimate] {
    (0..<parts).map { part in
      estimate(
        replies.filter { reply in
          reply.minutes == nil && reply.version == "as told" && reply.probe == probe
            && reply.place.map { min(parts - 1, Int($0 * Double(parts))) == part } ?? false
        }
      ) { Self.mean($0.map(\.right)) }
    }
  }

  /// One row for each delay: shares of the lists.
  package struct ListRow: Sendable, Codable {
    /// *Units* minutes.
    package var delay: Int
    package var level: Int
    package var kept, readIdentity, readOrder, saidIdentity, saidOrder: Double
  }

  package var listRows: [ListRow] {
    Dictionary(grouping: lists, by: \.delay).sorted { $0.key < $1.key }.map { delay, trials in
      func share(_ isRead: Bool, _ figure: (ListTrial) -> Bool) -> Double {
        Self.mean(trials.filter { $0.isRead == isRead }.map { figure($0) ? 1 : 0 })
      }
      return ListRow(
        delay: delay, level: trials.map(\.level).min() ?? 0, kept: Self.mean(trials.map { $0.kept ? 1 : 0 }),
        readIdentity: share(true) { $0.identity }, readOrder: share(true) { $0.order }, saidIdentity: share(false) { $0.identity },
        saidOrder: share(false) { $0.order })
    }
  }
}
