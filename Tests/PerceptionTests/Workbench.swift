import Core
import Foundation
import Media
import Testing

/// A temporary folder in which a test makes its media with the command line tools; removed with it.
final class Workbench {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("afterimage-perception-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func run(_ tool: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(tool) \(arguments.joined(separator: " ")) failed")
  }

  /// A video of `seconds` at 10 frames per second, 640 × 360: a ground (the beginning of an FFmpeg source) with signs drawn on it.
  func video(_ name: String, ground: String = "color=c=gray:", seconds: Int, signs: [Sign]) throws -> String {
    let drawn = signs.map(\.filter).joined(separator: ",")
    try run(
      "ffmpeg",
      [
        "-y", "-loglevel", "error", "-f", "lavfi", "-i", "\(ground)s=640x360:r=10:d=\(seconds)", "-vf", drawn.isEmpty ? "null" : drawn,
        "-c:v", "libx264", "-crf", "26", "-pix_fmt", "yuv420p", name,
      ])
    return path(name)
  }

  /// A line of text on a plate, shown from `start` until before `end`, seconds.
  struct Sign {
    var text: String
    var start: Double
    var end: Double
    var x = "(w-tw)/2"
    var y = "150"
    var size = 40

    var filter: String {
      "drawtext=text='\(text)':x=\(x):y=\(y):fontsize=\(size):fontcolor=white:box=1:boxcolor=navy:boxborderw=12"
        + ":enable='gte(t,\(start))*lt(t,\(end))'"
    }
  }

  /// Speech by espeak-ng: each phrase after that many seconds of silence; then `tail` seconds of silence. 16 kHz mono.
  func speech(_ name: String, phrases: [(silence: Double, text: String)], tail: Double = 2) throws -> String {
    var (inputs, filter): ([String], String) = ([], "")
    for (index, phrase) in phrases.enumerated() {
      try run("espeak-ng", ["-v", "en-us", "-s", "150", "-w", "phrase\(index).wav", phrase.text])
      inputs += ["-i", "phrase\(index).wav"]
      filter += "[\(index)]aresample=16000,adelay=\(Int(phrase.silence * 1000)),apad=pad_dur=0[a\(index)];"
    }
    filter += phrases.indices.map { "[a\($0)]" }.joined() + "concat=n=\(phrases.count):v=0:a=1,apad=pad_dur=\(tail)"
    try run("ffmpeg", ["-y", "-loglevel", "error"] + inputs + ["-filter_complex", filter, "-ac", "1", "-ar", "16000", name])
    return path(name)
  }

  /// Sound of an FFmpeg source.
  func sound(_ name: String, source: String) throws -> String {
    try run("ffmpeg", ["-y", "-loglevel", "error", "-f", "lavfi", "-i", source, "-ac", "1", "-ar", "16000", name])
    return path(name)
  }
}

/// Every item of a file, with the pictures a stage asks for.
func items(of path: String, renditions: [Rendition] = []) async throws -> [MediaItem] {
  let reader = try await MediaReader(path: path, options: MediaOptions(renditions: renditions, video: !renditions.isEmpty))
  var items: [MediaItem] = []
  while let item = try await reader.next() { items.append(item) }
  await reader.close()
  return items
}

func frames(of path: String, renditions: [Rendition]) async throws -> [VideoFrame] {
  try await items(of: path, renditions: renditions).compactMap { if case .frame(let frame) = $0 { frame } else { nil } }
}

func chunks(of path: String) async throws -> [AudioChunk] {
  try await items(of: path).compactMap { if case .audio(let chunk) = $0 { chunk } else { nil } }
}

extension Observation {
  var line: TextLine? { if case .text(let line) = content { line } else { nil } }
  var utterance: Utterance? { if case .speech(let utterance) = content { utterance } else { nil } }
  var sound: SoundEvent? { if case .sound(let event) = content { event } else { nil } }
  var frame: FrameFeatures? { if case .frame(let features) = content { features } else { nil } }
}

extension AudioChunk {
  /// What remains of the chunk from a time on; nil when nothing does.
  func from(_ time: MediaTime) -> AudioChunk? {
    guard range.end > time else { return nil }
    let skipped = max(0, Int((time - start).nanoseconds / 62_500))
    return AudioChunk(start: MediaTime(nanoseconds: start.nanoseconds + Int64(skipped) * 62_500), samples: Array(samples[skipped...]))
  }
}
