import Core
import Foundation
import Media
import Memory
import Perception

extension Pipeline {
  /// The one place where stages meet channels.
  ///
  /// ```
  ///            ┌─ channel ─► vision ─┐
  /// reader ─► pump ─ channel ─► text ─┼─ channel ─► aligner ─► sentences ─► store
  ///            ├─ channel ─► speech ─┤
  ///            └─ channel ─► sound ──┘
  /// ```
  /// Every channel blocks when it is full, so that nothing is lost and a slow stage slows the reader only once its channel is full.
  struct Wiring: Sendable {
    var video: [Stage<VideoFrame>] = []
    var sound: [Stage<AudioChunk>] = []
    var gapMeter = StageMeter("reader")
    var deliveries = BoundedChannel<StageDelivery>(limits: ChannelLimits(count: 64))

    /// Which of a frame's pictures a stage gets, by stage name.
    var pictures: [String: Range<Int>] = [:]

    var stageNames: [String] { video.map(\.name) + sound.map(\.name) + [Self.sourceName] }
    static let sourceName = "source"
    /// Items fetched from the reader in one call: what it may be ahead of full channels.
    private static let batch = 16

    var lanes: Set<BarrierSchedule.Lane> {
      var lanes: Set<BarrierSchedule.Lane> = []
      if !video.isEmpty { lanes.insert(.video) }
      if !sound.isEmpty { lanes.insert(.sound) }
      return lanes
    }

    static func frames(_ limits: ChannelLimits) -> Stage<VideoFrame>.Input {
      BoundedChannel(limits: limits) { input in
        guard case .item(let frame) = input else { return ChannelCost(mayBeDropped: false) }
        return ChannelCost(bytes: frame.pictures.reduce(0) { $0 + $1.samples.count }, time: frame.time)
      }
    }

    static func chunks(_ limits: ChannelLimits) -> Stage<AudioChunk>.Input {
      BoundedChannel(limits: limits) { input in
        guard case .item(let chunk) = input else { return ChannelCost(mayBeDropped: false) }
        return ChannelCost(bytes: chunk.samples.count * MemoryLayout<Float>.stride, time: chunk.start)
      }
    }

    /// Reads to the end, dealing items and barriers out to the lanes.
    func pump(_ reader: MediaReader, from start: MediaTime) async throws {
      var schedule = BarrierSchedule(lanes: lanes, start: start)
      var gaps: [Observation] = []
      var end = start
      while true {
        let items = try await gapMeter.measure { try await reader.next(atMost: Self.batch) }
        if items.isEmpty { break }
        for item in items {
          switch item {
          case .frame(let frame):
            end = max(end, frame.range.end)
            try await send(schedule.advance(.video, to: frame.time), &gaps)
            for stage in video {
              var share = frame
              if let range = pictures[stage.name] { share.pictures = Array(frame.pictures[range]) }
              try await stage.input.send(.item(share))
            }
          case .audio(let chunk):
            end = max(end, chunk.range.end)
            try await send(schedule.advance(.sound, to: chunk.start), &gaps)
            for stage in sound { try await stage.input.send(.item(chunk)) }
          case .gap(let range, let reason):
            end = max(end, range.end)
            gaps.append(Observation(range: range, content: .gap(reason)))
          }
        }
      }
      let last = Barrier(time: end, isLast: true)
      try await send([(.video, last), (.sound, last), (.source, last)], &gaps)
      for stage in video { stage.input.finish() }
      for stage in sound { stage.input.finish() }
    }

    /// Sends barriers on their way; a gap is handed over at the first barrier at or after its end, as the reader resumes by that rule.
    private func send(_ barriers: [(lane: BarrierSchedule.Lane, barrier: Barrier)], _ gaps: inout [Observation]) async throws {
      for (lane, barrier) in barriers {
        switch lane {
        case .video: for stage in video { try await stage.input.send(.barrier(barrier)) }
        case .sound: for stage in sound { try await stage.input.send(.barrier(barrier)) }
        case .source:
          let due = gaps.filter { barrier.isLast || $0.range.end <= barrier.time }
          gaps.removeAll { barrier.isLast || $0.range.end <= barrier.time }
          try await deliveries.send(StageDelivery(stage: Self.sourceName, barrier: barrier, observations: due, checkpoint: nil))
        }
      }
    }
  }
}
