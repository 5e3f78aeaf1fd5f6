import Foundation

/// Processor time of one operation on this thread, over many runs.
struct KernelTimes: Encodable {
  var benchmark: String
  var threads = 1
  var runs: Int
  var medianMilliseconds: Double
  var bestMilliseconds: Double
  var worstMilliseconds: Double

  /// Runs `body` a tenth as often to warm up, then `runs` times.
  init(_ benchmark: String, runs: Int, _ body: () throws -> Void) rethrows {
    for _ in 0..<max(1, runs / 10) { try body() }
    let times = try (0..<max(1, runs)).map { _ in
      let start = Self.threadSeconds()
      try body()
      return 1000 * (Self.threadSeconds() - start)
    }.sorted()
    self.benchmark = benchmark
    self.runs = times.count
    medianMilliseconds = times[times.count / 2]
    bestMilliseconds = times[0]
    worstMilliseconds = times[times.count - 1]
  }

  static func print(_ times: [KernelTimes]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    FileHandle.standardOutput.write(try encoder.encode(times) + Data("\n".utf8))
  }

  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
