import Testing

@testable import Media

@Suite("The clock of a live source")
struct LiveClockTests {
  private static let second: Int64 = 1_000_000_000
  private static let frame: Int64 = 40_000_000

  /// Feeds packets of one track, a frame apart unless the stamps say otherwise, and returns where they are put.
  private func places(_ stamps: [Int64], arrivals: [Int64], from floor: Int64 = 0) -> [Int64] {
    var clock = LiveClock(from: floor)
    return zip(stamps, arrivals).map { $0 + clock.shift(of: $0, duration: Self.frame, in: 0, now: $1) }
  }

  @Test("the first packet belongs where it arrives, and not before what came before the connection")
  func beginning() {
    #expect(places([95_000 * Self.second], arrivals: [3 * Self.second]) == [3 * Self.second])
    #expect(places([0], arrivals: [3 * Self.second], from: 7 * Self.second) == [7 * Self.second])
  }

  @Test("of a burst that had come before it was looked at the last belongs where it arrives")
  func lead() {
    var clock = LiveClock(from: Self.second)
    clock.lead = 2 * Self.second
    let stamps = stride(from: 500 * Self.second, through: 502 * Self.second, by: Int(Self.frame))
    let places = stamps.map { $0 + clock.shift(of: $0, duration: Self.frame, in: 0, now: 5 * Self.second) }
    #expect(places.first == 3 * Self.second && places.last == 5 * Self.second)
    var later = LiveClock(from: 4 * Self.second)
    later.lead = 2 * Self.second
    #expect(later.shift(of: 0, duration: Self.frame, in: 0, now: 5 * Self.second) == 4 * Self.second, "not before what came before")
  }

  @Test("what goes on evenly keeps its distances, however late or in what bursts it arrives")
  func bursts() {
    let stamps = (0..<100).map { Int64($0) * Self.frame }
    #expect(places(stamps, arrivals: stamps.map { _ in 0 }) == stamps)
    #expect(places(stamps, arrivals: stamps.map { $0 / (5 * Self.second) * 5 * Self.second }) == stamps)
  }

  @Test(
    "a wrap, a step of hours in either direction and a start over go on without a hole",
    arguments: [-95_443_700_000_000, -3_610 * 1_000_000_000, 3_600 * 1_000_000_000, -9_960_000_000])
  func jumps(step: Int64) {
    let stamps = (0..<50).map { Int64($0) * Self.frame + ($0 >= 25 ? step : 0) }
    let expected = (0..<50).map { Int64($0) * Self.frame }
    #expect(places(stamps, arrivals: expected) == expected)
  }

  @Test("a publisher that comes back after five seconds leaves a hole of five seconds, whatever it counts from")
  func pause() {
    let places = places([0, Self.frame, 0, Self.frame], arrivals: [0, Self.frame, 5 * Self.second, 5 * Self.second + Self.frame])
    #expect(places[2] - places[1] > 4 * Self.second && places[2] - places[1] <= 5 * Self.second + Self.frame)
    #expect(places[3] - places[2] == Self.frame)
    // The same pause, stamped as it was.
    #expect(self.places([0, 5 * Self.second], arrivals: [0, 5 * Self.second]) == [0, 5 * Self.second])
  }

  @Test("a packet that was held back through a pause does not hide it")
  func heldBack() {
    let times: [Int64] = [0, 5_100_000_000, 5_140_000_000, 5_180_000_000]
    let places = places([7 * Self.second, 7 * Self.second + Self.frame, 0, Self.frame], arrivals: times)
    #expect(places[1] - places[0] == Self.frame)
    #expect((4_900_000_000...5_200_000_000).contains(places[2] - places[1]))
    #expect(places[3] - places[2] == Self.frame)
  }

  @Test("sound and picture that cross a jump some packets apart stay together")
  func together() {
    var clock = LiveClock(from: 0)
    var (picture, sound): ([Int64], [Int64]) = ([], [])
    for index in 0..<100 {
      let time = Int64(index) * Self.frame
      let now = time
      let jumped = { (at: Int) -> Int64 in time + (index >= at ? -3_600 * Self.second : 7 * Self.second) }
      picture.append(jumped(50) + clock.shift(of: jumped(50), duration: Self.frame, in: 0, now: now) - time)
      sound.append(jumped(59) + clock.shift(of: jumped(59), duration: Self.frame, in: 1, now: now) - time)
    }
    #expect(Set(picture).count == 1 && Set(sound) == Set(picture))
    #expect(clock.epoch == 1)
  }

  @Test("a packet without timestamps belongs where it arrives at first, and then behind what came")
  func withoutStamps() {
    var clock = LiveClock(from: 5 * Self.second)
    #expect(clock.place(at: 9 * Self.second) == 9 * Self.second)
    #expect(clock.place(at: 0) == 5 * Self.second)
    let start = 100 + clock.shift(of: 100, duration: Self.frame, in: 0, now: 9 * Self.second)
    #expect(clock.place(at: 60 * Self.second) == start + Self.frame)
  }

  @Test("it never goes back, whatever it is told")
  func monotonic() {
    var seed: UInt64 = 7
    var clock = LiveClock(from: 5 * Self.second)
    var last: Int64 = 0
    var now: Int64 = 0
    for _ in 0..<20_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      now += Int64(seed >> 50)
      let wild = Int64(bitPattern: seed) >> Int64(seed % 40 + 4)
      let stamp = seed % 3 == 0 ? wild % LiveClock.reach : now
      let shift = clock.shift(of: seed % 11 == 0 ? nil : stamp, duration: Self.frame, in: 0, now: now)
      if seed % 11 != 0 {
        // A step back of less than a second is a reordered packet.
        #expect(stamp + shift >= last - 2 * Self.second)
        last = max(last, stamp + shift)
      }
      #expect(clock.end >= 5 * Self.second)
    }
  }
}
