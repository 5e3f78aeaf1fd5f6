/// A point on a stream's clock, in whole nanoseconds since the first presented frame or sample.
///
/// Integers, so that two runs over one file give the same times to the last bit. The clock never goes backwards within a stream.
package struct MediaTime: Hashable, Comparable, Sendable, Codable {
  /// Nanoseconds since the start of the stream.
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The nearest nanosecond to a number of seconds; not-a-number counts as zero, and what does not fit is clamped.
  package init(seconds: Double) {
    let scaled = (seconds * 1e9).rounded()
    if scaled.isNaN {
      nanoseconds = 0
    } else if scaled >= 9.2e18 {
      nanoseconds = .max
    } else if scaled <= -9.2e18 {
      nanoseconds = .min
    } else {
      nanoseconds = Int64(scaled)
    }
  }

  package static let zero = MediaTime(nanoseconds: 0)

  package var seconds: Double { Double(nanoseconds) / 1e9 }

  package static func < (a: MediaTime, b: MediaTime) -> Bool { a.nanoseconds < b.nanoseconds }
  package static func + (a: MediaTime, b: MediaTime) -> MediaTime { .init(nanoseconds: a.nanoseconds &+ b.nanoseconds) }
  package static func - (a: MediaTime, b: MediaTime) -> MediaTime { .init(nanoseconds: a.nanoseconds &- b.nanoseconds) }

  package init(from decoder: any Decoder) throws { nanoseconds = try decoder.singleValueContainer().decode(Int64.self) }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}

extension MediaTime: CustomStringConvertible {
  /// `h:mm:ss.mmm` from one hour on, `m:ss.mmm` before: what a person reads beside an answer.
  package var description: String {
    let milliseconds = (nanoseconds.magnitude + 500_000) / 1_000_000
    let (hours, minutes, seconds) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60)
    func padded(_ value: UInt64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let head = hours > 0 ? "\(hours):\(padded(minutes, 2))" : "\(minutes)"
    return (nanoseconds < 0 ? "-" : "") + "\(head):\(padded(seconds, 2)).\(padded(milliseconds % 1000, 3))"
  }
}
