import Core
import Foundation
import Media

/// Reading a long file, beside `ffmpeg -f null -` on the same file: every frame, and only what one sample a second needs.
///
/// Arguments: the file (without one, ten minutes of 720p H.264 are made), then `--runs N`, and `--every-frame` to leave out the sampled
/// reads. Prints one line of JSON.
enum DecodeBenchmark {
  static func run(_ arguments: [String]) async throws {
    let runs = arguments.firstIndex(of: "--runs").flatMap { Int(arguments[$0 + 1]) } ?? 3
    let file = arguments.first { !$0.hasPrefix("--") && $0 != String(runs) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("afterimage-decode-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try file ?? film(in: folder)
    let cases: [(String, Double, [Rendition])] = [
      ("every frame", .infinity, []), ("one a second", 1, []),
      ("one a second with pictures", 1, [.centreCrop(side: 224, from: 256), .fit(width: 1280, height: 720, planes: 1)]),
    ]
    var times: [String: [(wall: Double, processor: Double)]] = [:]
    var frames: [String: Int] = [:]
    for _ in 0..<runs {
      times["ffmpeg", default: []].append(try ffmpeg(["-threads", "1", "-i", path, "-map", "0:v:0", "-f", "null", "-"]))
      for (name, rate, renditions) in cases where name == "every frame" || !arguments.contains("--every-frame") {
        let options = MediaOptions(samplesPerSecond: rate, renditions: renditions, audioTrack: .none)
        let start = (ContinuousClock.now, processorSeconds())
        frames[name] = try await read(path, options)
        times[name, default: []].append((seconds(start.0.duration(to: .now)), processorSeconds() - start.1))
      }
    }
    var report: [String: Any] = ["benchmark": "decode", "runs": runs, "decoder threads": 1, "frames decoded": frames]
    let base = median(times["ffmpeg"]?.map(\.wall) ?? [])
    for (name, values) in times {
      report[name] = [
        "wall seconds, median": median(values.map(\.wall)), "wall seconds, worst": values.map(\.wall).max() ?? 0,
        "processor seconds, median": median(values.map(\.processor)), "wall ratio to ffmpeg": median(values.map(\.wall)) / base,
        "processor ratio to ffmpeg": median(values.map(\.processor)) / median(times["ffmpeg"]?.map(\.processor) ?? []),
      ]
    }
    let line = try JSONSerialization.data(withJSONObject: report, options: [.sortedKeys])
    print(String(decoding: line, as: UTF8.self))
  }

  /// *Returns* the frames decoded.
  private static func read(_ path: String, _ options: MediaOptions) async throws -> Int {
    let reader = try await MediaReader(path: path, options: options)
    while try await !reader.next(atMost: 16).isEmpty {}
    return await reader.statistics.pictures.framesDecoded
  }

  private static func film(in folder: URL) throws -> String {
    let path = folder.appendingPathComponent("film.mp4").path
    _ = try ffmpeg([
      "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30:d=600", "-vf", "noise=alls=12:allf=t", "-c:v", "libx264", "-preset", "veryfast",
      "-crf",
      "30", "-bf", "3", "-g", "250", "-pix_fmt", "yuv420p", path,
    ])
    return path
  }

  private static func ffmpeg(_ arguments: [String]) throws -> (wall: Double, processor: Double) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["ffmpeg", "-nostdin", "-y", "-loglevel", "error"] + arguments
    let start = (ContinuousClock.now, processorSeconds(ofChildren: true))
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw MediaError(.unavailable, "ffmpeg failed") }
    return (seconds(start.0.duration(to: .now)), processorSeconds(ofChildren: true) - start.1)
  }

  private static func processorSeconds(ofChildren: Bool = false) -> Double {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(ofChildren ? -1 : 0), &usage)
    #else
      getrusage(ofChildren ? -1 : 0, &usage)
    #endif
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
