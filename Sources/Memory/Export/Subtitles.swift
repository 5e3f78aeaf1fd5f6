import Core
import Foundation

/// What was said in a stream, as a subtitle file.
package struct Subtitles: Sendable, Equatable {
  package struct Cue: Sendable, Equatable {
    package var range: TimeRange
    package var text: String
  }

  package enum Format: String, Sendable, CaseIterable {
    /// SubRip.
    case srt
    /// WebVTT.
    case vtt
  }

  package private(set) var cues: [Cue]

  /// *Throws* `misconfigured` when the memory has no such stream.
  package init(_ snapshot: MemorySnapshot, of stream: StreamID) throws {
    guard try snapshot.streams.contains(where: { $0.id == stream }) else {
      throw MemoryError(.misconfigured, "the memory \(snapshot.folder.path) has no stream \(stream)")
    }
    cues = try snapshot.items(of: stream, modality: .speech).flatMap(Self.cues)
  }

  /// Most characters of a cue (two lines of 42) and its longest time, as broadcasters have them; a pause of this length ends one.
  private static let (characters, longest, pause) = (84, MediaTime(seconds: 7), MediaTime(seconds: 1))

  /// A long utterance becomes several cues, split between words.
  static func cues(of item: ItemRecord) -> [Cue] {
    var cues: [Cue] = []
    for word in item.words {
      let text = word.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      guard !text.isEmpty else { continue }
      if let last = cues.last, last.text.count + text.count < characters, word.range.end - last.range.start <= longest,
        word.range.start - last.range.end < pause
      {
        cues[cues.count - 1] = Cue(range: last.range.union(word.range), text: "\(last.text) \(text)")
      } else {
        cues.append(Cue(range: word.range, text: text))
      }
    }
    let whole = item.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return cues.isEmpty && !whole.isEmpty ? [Cue(range: item.range, text: whole)] : cues
  }

  package func text(_ format: Format) -> String {
    let blocks = cues.enumerated().map { index, cue in
      let separator = format == .srt ? "," : "."
      let times = "\(Self.clock(cue.range.start, separator)) --> \(Self.clock(cue.range.end, separator))"
      return format == .srt ? "\(index + 1)\n\(times)\n\(cue.text)\n" : "\(times)\n\(Self.escaped(cue.text))\n"
    }
    return ((format == .vtt ? ["WEBVTT\n"] : []) + blocks).joined(separator: "\n")
  }

  /// `hh:mm:ss,mmm`; a time before the start of the stream counts as its start.
  private static func clock(_ time: MediaTime, _ separator: String) -> String {
    let milliseconds = max(0, time.nanoseconds) / 1_000_000
    func padded(_ value: Int64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let (hours, minutes, seconds) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60)
    return "\(padded(hours, 2)):\(padded(minutes, 2)):\(padded(seconds, 2))\(separator)\(padded(milliseconds % 1000, 3))"
  }

  private static func escaped(_ text: String) -> String {
    text.map { character -> String in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(character)
      }
    }.joined()
  }
}
