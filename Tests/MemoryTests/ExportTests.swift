import Core
import Foundation
import Testing

@testable import Memory

@Suite struct ExportTests {
  @Test("an export says everything the memory says, and reads back")
  func json() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 30, seed: 51).write(to: scratch.memory)
    let snapshot = try MemorySnapshot.open(scratch.memory)
    let data = try MemoryExport.json(snapshot)
    let export = try JSONDecoder().decode(MemoryExport.self, from: data)
    #expect(export == (try MemoryExport(snapshot)))
    let stream = try #require(export.streams.first)
    #expect(stream.startedAt == "2001-09-09T01:46:40Z")
    let counts = [stream.items.count, stream.frames.count, stream.episodes.count]
    let expected = [try snapshot.items().count, 30, try snapshot.episodes().count]
    #expect(counts == expected)
    #expect(stream.items.first { $0.kind == .speech }?.words?.map(\.text) == ["the", "running", "dog", "3"])
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["format"] as? String == "afterimage-memory")
    #expect(try MemoryExport(snapshot, of: "unknown").streams.isEmpty)
  }

  @Test("subtitles carry what was said, in both formats")
  func subtitles() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 12, seed: 52).write(to: scratch.memory)
    let subtitles = try Subtitles(MemorySnapshot.open(scratch.memory), of: "film")
    #expect(
      subtitles.text(.srt)
        == "1\n00:00:03,000 --> 00:00:03,800\nthe running dog 3\n\n2\n00:00:10,000 --> 00:00:10,800\nthe running dog 10\n")
    #expect(subtitles.text(.vtt).hasPrefix("WEBVTT\n\n00:00:03.000 --> 00:00:03.800\nthe running dog 3\n"))
    #expect(throws: MemoryError.self) { _ = try Subtitles(MemorySnapshot.open(scratch.memory), of: "unknown") }
  }

  @Test("a long utterance becomes several cues, and hostile words stay words")
  func longCues() {
    let words = (0..<60).map {
      Utterance.Word(text: " w\($0) --> <b>\n", range: seconds(Double($0) * 0.4, Double($0) * 0.4 + 0.3), confidence: 1)
    }
    let item = ItemRecord(id: 1, stream: "film", modality: .speech, range: seconds(0, 24), text: "", confidence: 1, words: words)
    let cues = Subtitles.cues(of: item)
    #expect(cues.count > 3)
    #expect(cues.allSatisfy { $0.text.count <= 84 && $0.range.duration <= MediaTime(seconds: 7) && !$0.text.contains("\n") })
    #expect(cues.flatMap { $0.text.split(separator: " ").filter { $0.hasPrefix("w") } }.count == 60)
    let bare = ItemRecord(id: 1, stream: "film", modality: .speech, range: seconds(0, 24), text: "no words", confidence: 1)
    #expect(Subtitles.cues(of: bare) == [.init(range: seconds(0, 24), text: "no words")])
  }

  @Test("the inventory counts what is there")
  func inventory() async throws {
    let scratch = try Scratch()
    try await Scene(seconds: 60, seed: 53).write(to: scratch.memory)
    let snapshot = try MemorySnapshot.open(scratch.memory)
    let inventory = try MemoryInventory(snapshot)
    let stream = try #require(inventory.streams.first)
    #expect(stream.seconds == 60)
    let counts = [stream.frames, stream.lines, stream.utterances, stream.words, stream.sounds, stream.gaps]
    #expect(counts == [60, 12, 9, 36, 6, 0])
    #expect(stream.episodes == (try snapshot.episodes().count))
    let vectors: Int64 = 60 * 2 * (32 + 16) + 21 * 2 * 16
    #expect(inventory.bytesByKind["vectors"] == vectors)
    let pictures = Int64(8 * stream.episodes)
    #expect(inventory.bytesByKind["pictures"] == pictures)
    #expect(inventory.bytesByLevel.keys.sorted() == [1])
    #expect(inventory.totalBytes > 0)
    #expect(inventory.bytesPerHour == Double(inventory.totalBytes) * 60)
  }
}
