import Core
import Foundation
import Testing

@Suite("Time on the stream's clock")
struct TimeTests {
  @Test("seconds convert to the nearest nanosecond and back")
  func conversion() {
    #expect(MediaTime(seconds: 1.5).nanoseconds == 1_500_000_000)
    #expect(MediaTime(seconds: -0.25).nanoseconds == -250_000_000)
    #expect(MediaTime(seconds: 1e-9 * 0.6).nanoseconds == 1)
    #expect(MediaTime(seconds: .nan) == .zero)
    #expect(MediaTime(seconds: .infinity).nanoseconds == .max)
    #expect(MediaTime(seconds: -1e300).nanoseconds == .min)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<1000 {
      let nanoseconds = Int64.random(in: -1_000_000_000_000_000...1_000_000_000_000_000, using: &random)
      #expect(abs(MediaTime(seconds: MediaTime(nanoseconds: nanoseconds).seconds).nanoseconds - nanoseconds) <= 1)
    }
  }

  @Test(
    "a time prints as a person reads it",
    arguments: [
      (0.0, "0:00.000"), (61.5, "1:01.500"), (3599.9996, "1:00:00.000"), (3661.042, "1:01:01.042"), (-2.294, "-0:02.294"),
      (100 * 3600.0, "100:00:00.000"),
    ])
  func printing(seconds: Double, expected: String) {
    #expect(MediaTime(seconds: seconds).description == expected)
  }

  @Test("the ends of the clock print without overflow")
  func extremes() {
    #expect(!MediaTime(nanoseconds: .max).description.isEmpty)
    #expect(MediaTime(nanoseconds: .min).description.hasPrefix("-"))
  }

  @Test("ranges are half open, never negative, and an instant overlaps what contains it")
  func ranges() {
    let a = TimeRange(seconds: 1...3)
    #expect(a.overlaps(TimeRange(seconds: 2...5)))
    #expect(!a.overlaps(TimeRange(seconds: 3...5)))
    #expect(a.overlaps(TimeRange(seconds: 1...1)) && TimeRange(seconds: 1...1).overlaps(a))
    #expect(!a.overlaps(TimeRange(seconds: 3...3)))
    #expect(TimeRange(start: MediaTime(seconds: 5), end: MediaTime(seconds: 2)).duration == .zero)
    #expect(a.union(TimeRange(seconds: 4...5)) == TimeRange(seconds: 1...5))
    #expect(a.intersection(TimeRange(seconds: 2...9)) == TimeRange(seconds: 2...3))
    #expect(a.intersection(TimeRange(seconds: 4...9)) == nil)
    #expect(a.middle == MediaTime(seconds: 2))
  }

  @Test("times and ranges survive JSON to the last nanosecond")
  func json() throws {
    let range = TimeRange(start: MediaTime(nanoseconds: 1), end: MediaTime(nanoseconds: 9_007_199_254_740_993))
    #expect(try JSONDecoder().decode(TimeRange.self, from: JSONEncoder().encode(range)) == range)
  }
}
