import Core
import Foundation
import Memory
import Perception
import Reasoning

/// Holds what is newly remembered of every stream against the standing questions.
actor AlertWatch {
  private let reader: StandingReader
  private let actions: AlertActions
  private let report: @Sendable (TailEvent) -> Void
  private var configuration: AlertConfiguration
  private var streams: [StreamID: Recent] = [:]
  private var occurrences: [Place: Occurrences] = [:]

  private struct Place: Hashable {
    var alert: Alert.Key
    var stream: StreamID
  }

  /// What was observed of one stream lately, and since it was last looked at.
  fileprivate struct Recent {
    var observations: [Observation] = []
    var fresh: [Modality: [TimeRange]] = [:]
    var last: ContinuousClock.Instant?
  }

  /// Least time between two looks at one stream.
  private let every: Duration
  /// How much of a stream is held against chance.
  private static let reach = MediaTime(seconds: 600)

  init(
    _ configuration: AlertConfiguration, reader: StandingReader, every: Duration = .seconds(1),
    report: @escaping @Sendable (TailEvent) -> Void
  ) {
    (self.configuration, self.reader, self.every, self.report) = (configuration, reader, every, report)
    actions = AlertActions { report(.notice(nil, $0)) }
  }

  /// From now on these. What has been told already stays told.
  func replace(_ configuration: AlertConfiguration) { self.configuration = configuration }

  /// Takes in what was committed of a stream.
  func take(_ committed: LiveCommitter.Committed, of stream: StreamID, time: LiveTime) async throws {
    guard !configuration.alerts.isEmpty else {
      streams[stream] = nil
      return
    }
    var recent = streams[stream] ?? Recent()
    recent.add(committed.observations, until: committed.upTo, reach: Self.reach)
    let isDue = committed.isLast || recent.last.map { ContinuousClock.now - $0 >= every } ?? true
    let fresh = recent.fresh
    if isDue, !fresh.isEmpty { (recent.fresh, recent.last) = ([:], .now) }
    streams[stream] = recent
    guard isDue, !fresh.isEmpty else { return }
    let configuration = configuration
    let found = try await reader.matches(configuration.alerts.map(\.question), in: recent.observations, of: stream, fresh: fresh)
    for (alert, matches) in zip(configuration.alerts, found) {
      for match in matches where match.confidence >= alert.leastConfidence ?? configuration.leastConfidence {
        let place = Place(alert: alert.key, stream: stream)
        guard occurrences[place, default: Occurrences()].isNew(match.range, gap: configuration.rearmSeconds) else { continue }
        let event = AlertEvent(
          question: alert.question.text, stream: stream, sense: match.modality, range: match.range, date: time.date(of: match.range.start),
          quote: match.quote, confidence: match.confidence, delay: .seconds(max(0, (time.now - match.range.start).seconds)))
        report(.alert(event))
        await actions.carryOut(alert, event, deadline: .seconds(configuration.commandSeconds))
      }
    }
  }

  /// Lets the commands that run come to their end or to their deadline.
  func close() async { await actions.close() }

  /// Ends the commands that run, now or as soon as the rest is closed.
  func hurry() async { await actions.hurry() }
}

extension AlertWatch.Recent {
  fileprivate mutating func add(_ new: [Observation], until end: MediaTime, reach: MediaTime) {
    for observation in new {
      if observation.modality != .gap { fresh[observation.modality, default: []].append(observation.range) }
      // What goes on is told again with a later end.
      observations.removeAll { $0.continues(observation) }
      observations.append(observation.withoutPictures)
    }
    observations.removeAll { $0.range.end < end - reach }
  }
}

extension Observation {
  fileprivate func continues(_ other: Observation) -> Bool {
    guard range.start == other.range.start else { return false }
    switch (content, other.content) {
    case (.text(let a), .text(let b)): return a.text == b.text
    case (.sound(let a), .sound(let b)): return a.name == b.name
    case (.gap, .gap): return true
    default: return false
    }
  }

  /// Without what only a memory needs.
  fileprivate var withoutPictures: Observation {
    guard case .frame(var features) = content else { return self }
    (features.grid, features.thumbnail) = (nil, [])
    return Observation(range: range, content: .frame(features))
  }
}
