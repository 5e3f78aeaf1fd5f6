import Core
import Pipeline

/// How a watch's progress looks in one line of a given width, as a value.
struct ProgressLine {
  var progress: WatchProgress
  var isUnicode = true

  /// The line for a terminal: what matters most stays as the terminal gets narrower, and the bar takes what is left.
  func drawn(columns: Int) -> String {
    let name = DisplayWidth.clipped(progress.stream.rawValue, to: max(8, min(24, columns / 4)))
    var parts = [times]
    let optional = [speed, remaining.map { "ETA \($0)" }, counts].compactMap { $0 }
    for part in optional where width(of: [name] + parts + [part]) <= columns - 14 { parts.append(part) }
    let room = columns - 1 - width(of: [name] + parts) - 8
    if let share, room >= 6 { parts.insert(bar(share: share, columns: min(30, room)) + percent(share), at: 0) }
    return DisplayWidth.clipped(([name] + parts).joined(separator: "  "), to: columns - 1)
  }

  /// The line for a log.
  var plain: String {
    let done = share.map { "\(percent($0).drop { $0 == " " }), " } ?? ""
    let eta = remaining.map { ", about \($0) left" } ?? ""
    return "\(progress.stream): \(done)\(times), \(speed)\(eta), \(counts)"
  }

  private var share: Double? {
    guard let duration = progress.duration, duration > .zero else { return nil }
    return min(1, max(0, progress.time.seconds / duration.seconds))
  }

  private var times: String {
    let done = Clock.text(progress.time.seconds)
    guard let duration = progress.duration, duration >= progress.time else { return done }
    return "\(done)/\(Clock.text(duration.seconds))"
  }

  private var speed: String { "\(progress.speed < 10 ? Clock.decimal(progress.speed) : String(Int(progress.speed.rounded())))x" }

  private var remaining: String? { progress.remaining.map { Clock.text($0.seconds) } }

  private var counts: String {
    let counts = progress.counts
    return "\(counts.episodes) episodes, \(counts.lines) lines, \(counts.words) words"
  }

  private func percent(_ share: Double) -> String {
    let number = String(Int(share * 100))
    return String(repeating: " ", count: max(0, 4 - number.count)) + number + "%"
  }

  private func bar(share: Double, columns: Int) -> String {
    let filled = Int((share * Double(columns)).rounded(.down))
    let (full, empty): (Character, Character) = isUnicode ? ("━", "┄") : ("#", ".")
    return String(repeating: full, count: filled) + String(repeating: empty, count: columns - filled)
  }

  private func width(of parts: [String]) -> Int { parts.reduce(0) { $0 + DisplayWidth.of($1) } + 2 * (parts.count - 1) }
}

/// Times and sizes as people write them.
enum Clock {
  /// `m:ss`, from one hour on `h:mm:ss`.
  static func text(_ seconds: Double) -> String {
    let whole = seconds.isFinite ? Int(min(max(0, seconds), 1e9)) : 0
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  /// One digit after the point.
  static func decimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  static func bytes(_ count: Int64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(count), 0)
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(count) bytes" : "\(decimal(value)) \(units[unit])"
  }

  /// A time as a person writes it: `90`, `1:30`, `1:02:03.5`; nil when it is not one.
  static func time(_ text: String) -> MediaTime? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count), parts.allSatisfy({ $0.first?.isNumber == true }) else { return nil }
    let numbers = parts.compactMap { Double($0) }
    guard numbers.count == parts.count, numbers.allSatisfy(\.isFinite), numbers.dropFirst().allSatisfy({ $0 < 60 }) else { return nil }
    return MediaTime(seconds: numbers.reduce(0) { $0 * 60 + $1 })
  }
}
