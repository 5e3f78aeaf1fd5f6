import Core
import Foundation
import Pipeline

/// What a tail tells about itself to a monitoring system, as a value.
///
/// *Source* Prometheus' text exposition format 0.0.4, and its conventions for names and units.
struct MetricsPage: Sendable {
  private var statuses: [StreamID: TailStatus] = [:]
  private var outages: [StreamID: (count: Int, seconds: Double)] = [:]

  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  mutating func take(_ event: TailEvent) {
    switch event {
    case .status(let status): statuses[status.stream] = status
    case .lost(let stream, _, _): outages[stream, default: (0, 0)].count += 1
    case .returned(let stream, let after, _): outages[stream, default: (0, 0)].seconds += after.seconds
    default: break
    }
  }

  var text: String {
    let all = statuses.values.sorted { $0.stream < $1.stream }
    var page = Page()
    page.add(
      "afterimage_build_info", .gauge, "Always 1; the label says which version runs.", [([("version", AfterimageVersion.current)], 1)])
    page.add(
      "afterimage_shedding_level", .gauge,
      "What is left out under overload: 0 nothing, 1 text, 2 most pictures, 3 the wide search for speech.",
      [([], Double(all.map(\.shedding.rawValue).max() ?? 0))])
    func each(_ name: String, _ kind: Kind, _ help: String, _ value: (TailStatus) -> Double) {
      page.add("afterimage_\(name)", kind, help, all.map { ([("stream", $0.stream.rawValue)], value($0)) })
    }
    each("stream_live", .gauge, "1 while pictures or sound arrive, 0 otherwise.") { $0.phase == .live ? 1 : 0 }
    each("stream_position_seconds", .gauge, "How far the stream has come on its own clock.") { $0.time.seconds }
    each("lag_seconds", .gauge, "How far the newest picture or sound that is remembered is behind the wall clock.") { $0.lag.seconds }
    each("frames_total", .counter, "Pictures looked at.") { Double($0.counts.frames) }
    each("frames_dropped_total", .counter, "Pictures that gave way to newer ones.") { Double($0.droppedFrames) }
    each("sound_chunks_dropped_total", .counter, "Pieces of sound that were lost.") { Double($0.droppedSound) }
    each("words_total", .counter, "Words written down.") { Double($0.counts.words) }
    each("episodes_total", .counter, "Episodes begun.") { Double($0.counts.episodes) }
    each("received_bytes_total", .counter, "Bytes received from the source.") { Double($0.received) }
    each("reconnects_total", .counter, "Connections made after the first.") { Double($0.reconnects) }
    each("corrupt_packets_total", .counter, "Packets that arrived damaged.") { Double($0.corruptPackets) }
    each("undecodable_packets_total", .counter, "Packets that could not be decoded.") { Double($0.undecodable) }
    each("clock_jumps_total", .counter, "Jumps of the source's timestamps.") { Double($0.jumps) }
    each("outages_total", .counter, "Times the signal went away.") { Double(outages[$0.stream]?.count ?? 0) }
    each("outage_seconds_total", .counter, "Time without a signal, of outages that are over.") { outages[$0.stream]?.seconds ?? 0 }
    func byStage(_ name: String, _ kind: Kind, _ help: String, _ values: (TailStatus) -> [String: Double]) {
      let samples = all.flatMap { status in
        values(status).sorted { $0.key < $1.key }.map { ([("stream", status.stream.rawValue), ("stage", $0.key)], $0.value) }
      }
      page.add("afterimage_\(name)", kind, help, samples)
    }
    byStage("queue_depth", .gauge, "Items that wait for a stage.") { $0.depths.mapValues(Double.init) }
    byStage("stage_seconds_total", .counter, "Time spent inside a stage.") { $0.stageSeconds }
    return page.text
  }

  private enum Kind: String { case gauge, counter }

  private struct Page {
    var text = ""

    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: [(String, String)], value: Double)]) {
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
      for sample in samples {
        let labels = sample.labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(sample.value))\n"
      }
    }

    private static func escaped(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private static func number(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
  }
}
