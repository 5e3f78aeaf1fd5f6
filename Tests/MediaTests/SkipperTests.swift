import Core
import Testing

@testable import Media

@Suite("the rules that choose frames and packets, alone")
struct SkipperTests {
  @Test("sampling follows its rule for any times and rates")
  func sampler() {
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let rate = [0.1, 1, 2, 2.5, 3, 7, 29.97, 1000][Int(random.next() % 8)]
      var sampler = FrameSampler(perSecond: rate)
      var (times, picked): ([Int64], [Int64]) = ([], [])
      var time: Int64 = Int64(random.next() % 3_000_000_000)
      for _ in 0..<300 {
        times.append(time)
        if sampler.takes(time) { picked.append(time) }
        time += [0, 1, 33_333_333, 40_000_000, 1_000_000_000, 5_000_000_000][Int(random.next() % 6)] + Int64(random.next() % 1000)
      }
      var wanted: [Int64] = []
      var index = 0.0
      for time in times where time > (wanted.last ?? -1) {
        var due = false
        while Int64((index / rate * 1e9).rounded()) <= time + 1000 { (index, due) = (index + 1, true) }
        if due { wanted.append(time) }
      }
      #expect(picked == wanted, "seed \(seed), rate \(rate)")
    }
  }

  @Test("rates beyond reason neither crash nor hang")
  func extremeRates() {
    for rate in [1e-300, 1e-9, 1e5, 1e300, .infinity] {
      var sampler = FrameSampler(perSecond: rate)
      let taken = [0, 40_000_000, 80_000_000, 90_000_000_000_000_000].filter { sampler.takes($0) }
      #expect(taken.count == (rate < 1 ? 2 : 4), "\(rate)")
    }
  }

  /// A stream of made-up groups of pictures in decoding order.
  private static func stream(_ random: inout SplitMix) -> [PacketSkipper.Packet] {
    var packets: [PacketSkipper.Packet] = []
    var base: Int64 = 0
    let frame: Int64 = [33_366_667, 40_000_000, 100_000_000][Int(random.next() % 3)]
    for _ in 0..<12 {
      let (groups, between) = (Int(random.next() % 14) + 1, Int64(random.next() % 4))
      let isOpen = random.next() % 2 == 0
      for group in 0..<groups {
        // An anchor, then the pictures presented before it: the first anchor's lead a key frame of an open group.
        let leading = group == 0 && (!isOpen || base == 0) ? 0 : between
        let anchor = base + leading * frame
        packets.append(PacketSkipper.Packet(presented: anchor, decoded: nil, isKey: group == 0, bytes: 100))
        for index in 0..<leading {
          packets.append(PacketSkipper.Packet(presented: base + index * frame, decoded: nil, isKey: false, bytes: 50))
        }
        base = anchor + frame
      }
    }
    let order = packets.map(\.presented).sorted()
    let delay = Int64(packets.enumerated().map { index, packet in index - order.firstIndex(of: packet.presented)! }.max() ?? 0) * frame
    for index in packets.indices { packets[index].decoded = min(order[index] - delay, packets[index].presented) }
    return packets
  }

  @Test("skipping picks what decoding everything picks, in any group structure, and feeds less")
  func skipper() {
    var (fedAll, allAll) = (0, 0)
    for seed in 0..<500 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let packets = Self.stream(&random)
      let rate = [0.3, 1, 2, 4][Int(random.next() % 4)]
      var (skipper, sampler, queue) = (PacketSkipper(), FrameSampler(perSecond: rate), [PacketSkipper.Packet]())
      // What a decoder is given, per start at a key frame; pictures that lead the first key frame cannot be decoded.
      var decoded: [Int64] = []
      var started: Int64?
      func feed(_ packet: PacketSkipper.Packet) { if packet.presented >= started ?? .min { decoded.append(packet.presented) } }
      func carryOut(_ decision: PacketSkipper.Decision) {
        queue.removeFirst(decision.dropping)
        if let key = decision.restart { started = key }
        if decision.releases {
          queue.forEach(feed)
          queue = []
        }
      }
      for packet in packets {
        let decision = skipper.decide(packet, sampler: sampler)
        carryOut(decision)
        if decision.feeds { feed(packet) } else { queue.append(packet) }
        // The decoder's output, in order of presentation, as far as it is certain by now.
        for time in decoded.sorted() where time < packet.decoded ?? 0 && time >= sampler.due - 1000 { _ = sampler.takes(time) }
      }
      carryOut(skipper.finish())
      var (all, some) = (FrameSampler(perSecond: rate), FrameSampler(perSecond: rate))
      let wanted = packets.map(\.presented).sorted().filter { all.takes($0) }
      #expect(decoded.sorted().filter { some.takes($0) } == wanted, "seed \(seed), rate \(rate)")
      fedAll += decoded.count
      allAll += packets.count
    }
    #expect(fedAll < allAll * 4 / 5, "\(fedAll) of \(allAll)")
  }

  @Test("sound is laid end to end and cut on whole seconds, whatever the pieces")
  func timeline() {
    for seed in 0..<100 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let from = MediaTime(nanoseconds: Int64(random.next() % 5_000_000_000))
      var (timeline, cut): (SoundTimeline, SoundTimeline) = (SoundTimeline(), SoundTimeline(from: from))
      var (items, later): ([MediaItem], [MediaItem]) = ([], [])
      var value: Float = 0
      for _ in 0..<60 {
        let piece = (0..<Int(random.next() % 9000)).map { _ in
          value += 1
          return value
        }
        piece.withUnsafeBufferPointer { timeline.append($0, into: &items) }
        piece.withUnsafeBufferPointer { cut.append($0, into: &later) }
        if random.next() % 7 == 0 {
          let hole = timeline.end + Int64(random.next() % 3_000_000_000)
          timeline.start(at: hole, into: &items)
          cut.start(at: hole, into: &later)
        }
      }
      timeline.flush(into: &items)
      cut.flush(into: &later)
      let (chunks, rest) = (items.compactMap(\.chunk), later.compactMap(\.chunk))
      #expect(chunks.flatMap(\.samples) == (0..<Int(value)).map { Float($0 + 1) }, "seed \(seed)")
      #expect(zip(chunks, chunks.dropFirst()).allSatisfy { $0.range.end <= $1.start }, "seed \(seed)")
      #expect(chunks.allSatisfy { $0.start.nanoseconds / 1_000_000_000 == ($0.range.end.nanoseconds - 1) / 1_000_000_000 }, "seed \(seed)")
      let dropped = chunks.filter { $0.range.end <= from }.count
      #expect(rest.dropFirst() == chunks.dropFirst(dropped + 1), "seed \(seed)")
      if let first = rest.first { #expect(first.start >= from && first.range.end == chunks[dropped].range.end, "seed \(seed)") }
    }
  }

  @Test("display matrices of every right angle and mirroring are understood")
  func orientations() {
    let one: Int32 = 65536
    func orientation(_ a: Int32, _ b: Int32, _ c: Int32, _ d: Int32) -> Orientation {
      let matrix = [a, b, 0, c, d, 0, 0, 0, 1 << 30]
      return matrix.withUnsafeBufferPointer { Orientation(matrix: $0.baseAddress) }
    }
    #expect(Orientation(matrix: nil) == .upright && orientation(one, 0, 0, one) == .upright)
    #expect(orientation(0, one, -one, 0).degrees == 90 && !orientation(0, one, -one, 0).isMirrored)
    #expect(orientation(-one, 0, 0, -one).degrees == 180 && !orientation(-one, 0, 0, -one).isMirrored)
    #expect(orientation(0, -one, one, 0).degrees == 270 && !orientation(0, -one, one, 0).isMirrored)
    #expect(orientation(-one, 0, 0, one).degrees == 0 && orientation(-one, 0, 0, one).isMirrored)
    #expect(orientation(one, 0, 0, -one).degrees == 180 && orientation(one, 0, 0, -one).isMirrored)
    #expect(orientation(0, one, one, 0).isMirrored && orientation(0, -one, -one, 0).isMirrored)
  }
}

extension MediaItem {
  var chunk: AudioChunk? { if case .audio(let chunk) = self { chunk } else { nil } }
}
