import Foundation

/// What several benchmarks need around what they measure: options, a folder of their own, times and sizes.
enum Figures {
  static func option(_ name: String, _ arguments: [String]) -> Int? { text(name, arguments).flatMap { Int($0) } }

  static func path(_ name: String, _ arguments: [String]) -> URL? { text(name, arguments).map { URL(fileURLWithPath: $0) } }

  private static func text(_ name: String, _ arguments: [String]) -> String? {
    arguments.firstIndex(of: name).flatMap { arguments.indices.contains($0 + 1) ? arguments[$0 + 1] : nil }
  }

  static func scratch() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("afterimage-benchmark-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// Prints one JSON line.
  static func report(_ values: [String: Any]) throws {
    print(String(decoding: try JSONSerialization.data(withJSONObject: values, options: [.sortedKeys]), as: UTF8.self))
  }

  static func milliseconds(since start: ContinuousClock.Instant) -> Double {
    let spent = (ContinuousClock.now - start).components
    return Double(spent.seconds) * 1000 + Double(spent.attoseconds) * 1e-15
  }

  /// The value a share of all lie below.
  static func rank(_ values: [Double], _ share: Double) -> Double {
    values.isEmpty ? 0 : values.sorted()[min(values.count - 1, Int(share * Double(values.count)))]
  }

  static func bytes(of folder: URL) throws -> Double {
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey]) else { return 0 }
    return files.reduce(0) { $0 + Double((try? ($1 as? URL)?.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0) }
  }

  static func residentMegabytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { Double($0.split(whereSeparator: \.isWhitespace)[1]) }.map { $0 / 1000 } ?? 0
  }
}
