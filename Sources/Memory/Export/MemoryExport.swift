import Core
import Foundation

/// Everything a memory says, in a form other programs read. Keys and units are described in `docs/memory.md` and stay what they are;
/// times are seconds since the start of the stream. Vectors are left out.
package struct MemoryExport: Codable, Sendable, Equatable {
  package var format = "afterimage-memory"
  package var version = 1
  package var streams: [Stream]
  /// Of the streams that are exported, and of all streams; absent when there are none.
  package var corrections: [Correction]?

  package struct Correction: Codable, Sendable, Equatable {
    package var question: String
    package var answer: String
    package var author: String
    /// ISO 8601; `undoneAt` is absent while the correction holds.
    package var writtenAt: String
    package var undoneAt: String?
    package var stream: StreamID?
    package var start: Double?
    package var end: Double?
  }

  package struct Stream: Codable, Sendable, Equatable {
    package var name: StreamID
    package var path: String
    package var bytes: Int64
    package var fingerprint: String
    /// ISO 8601; absent when the source does not say.
    package var startedAt: String?
    package var start: Double
    package var end: Double
    package var finished: Bool
    package var episodes: [Episode]
    package var items: [Item]
    package var frames: [Frame]
    package var facts: [Fact]
  }

  package struct Fact: Codable, Sendable, Equatable {
    package var head: String
    package var relation: String
    package var value: String
    package var start: Double
    package var end: Double
    /// Absent while the fact holds.
    package var validTo: Double?
    package var confidence: Float
  }

  package struct Episode: Codable, Sendable, Equatable {
    package var start: Double
    package var end: Double
    package var open: Bool
    package var level: Int
    package var tags: [FrameFeatures.Tag]
    /// Relative to the memory's folder.
    package var thumbnail: String?
  }

  package struct Item: Codable, Sendable, Equatable {
    /// `text`, `speech`, `sound`, `look` or `gap`.
    package var kind: Modality
    package var start: Double
    package var end: Double
    package var text: String
    package var confidence: Float
    package var words: [Word]?
    package var language: String?
    package var box: TextLine.Box?
  }

  package struct Word: Codable, Sendable, Equatable {
    package var text: String
    package var start: Double
    package var end: Double
    package var confidence: Float
  }

  package struct Frame: Codable, Sendable, Equatable {
    package var start: Double
    package var end: Double
    package var level: Int
    package var tags: [FrameFeatures.Tag]
  }

  /// - Parameter stream: only this one; all when nil.
  package init(_ snapshot: MemorySnapshot, of stream: StreamID? = nil) throws {
    streams = try snapshot.streams.filter { stream == nil || $0.id == stream }.map { record in
      Stream(
        name: record.id, path: record.source.path, bytes: record.source.bytes, fingerprint: record.source.fingerprint,
        startedAt: record.startedAt.map { $0.formatted(.iso8601) }, start: record.extent.start.seconds, end: record.extent.end.seconds,
        finished: record.finished,
        episodes: try snapshot.episodes(of: record.id).map {
          Episode(
            start: $0.range.start.seconds, end: $0.range.end.seconds, open: $0.isOpen, level: $0.level.rawValue, tags: $0.tags,
            thumbnail: $0.thumbnail)
        },
        items: try snapshot.items(of: record.id).map(Item.init),
        frames: try snapshot.frames(of: record.id).map {
          Frame(start: $0.range.start.seconds, end: $0.range.end.seconds, level: $0.level.rawValue, tags: $0.tags)
        },
        facts: try snapshot.facts(of: record.id).map {
          Fact(
            head: $0.head, relation: $0.relation, value: $0.value, start: $0.range.start.seconds, end: $0.range.end.seconds,
            validTo: $0.validTo?.seconds, confidence: $0.confidence)
        })
    }
    let corrections = try snapshot.corrections().filter { stream == nil || $0.content.stream == nil || $0.content.stream == stream }
    self.corrections = corrections.isEmpty ? nil : corrections.map(Correction.init)
  }

  /// The export as UTF-8 JSON with sorted keys.
  package static func json(_ snapshot: MemorySnapshot, of stream: StreamID? = nil) throws -> Data {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let export = try MemoryExport(snapshot, of: stream)
    return try MemoryError.wrapping("exporting the memory \(snapshot.folder.path)") { try encoder.encode(export) }
  }
}

extension MemoryExport.Correction {
  fileprivate init(_ record: CorrectionRecord) {
    self.init(
      question: record.content.question, answer: record.content.answer, author: record.content.author,
      writtenAt: record.writtenAt.formatted(.iso8601), undoneAt: record.undoneAt?.formatted(.iso8601), stream: record.content.stream,
      start: record.content.range?.start.seconds, end: record.content.range?.end.seconds)
  }
}

extension MemoryExport.Item {
  fileprivate init(_ item: ItemRecord) {
    self.init(
      kind: item.modality, start: item.range.start.seconds, end: item.range.end.seconds, text: item.text, confidence: item.confidence,
      words: item.words.isEmpty
        ? nil
        : item.words.map {
          MemoryExport.Word(text: $0.text, start: $0.range.start.seconds, end: $0.range.end.seconds, confidence: $0.confidence)
        }, language: item.language, box: item.box)
  }
}
