import Core
import Foundation
import GRDB
import Testing

@testable import Memory

@Suite struct FactTests {
  /// Lines on screen, each with the seconds it stood there, committed second by second.
  private func write(_ lines: [(String, ClosedRange<Double>)], to folder: URL, cut: Int? = nil) async throws {
    let length = Int((lines.map(\.1.upperBound).max() ?? 0).rounded(.up))
    var store = try MemoryStore(writing: folder)
    _ = try await store.open(stream: "film", source: Scene.source(hasVideo: false))
    for second in 1...length {
      if second == cut {
        await store.close()
        store = try MemoryStore(writing: folder)
        _ = try await store.open(stream: "film", source: Scene.source(hasVideo: false))
      }
      let observations = lines.filter { Int($0.1.upperBound.rounded(.up)) == second }.map { text, range in
        Observation(
          range: TimeRange(seconds: range),
          content: .text(TextLine(text: text, box: .init(x: 0, y: 0, width: 1, height: 0.1), confidence: 0.9)))
      }
      try await store.commit(
        Batch(stream: "film", observations: observations, upTo: MediaTime(seconds: Double(second)), finished: second == length))
    }
    await store.close()
  }

  private func said(_ facts: [FactRecord]) -> [String] {
    facts.map { "\($0.head)|\($0.relation)|\($0.value)|\($0.range.start.seconds)|\($0.validTo.map { "\($0.seconds)" } ?? "-")" }
  }

  @Test("lines and sentences say what they say, and most say nothing")
  func claims() {
    func line(_ text: String) -> [String] { ClaimReader.claims(in: text, .text).map { "\($0.head)|\($0.relation)|\($0.value)" } }
    func speech(_ text: String) -> [String] { ClaimReader.claims(in: text, .speech).map { "\($0.head)|\($0.relation)|\($0.value)" } }
    #expect(line("PLATFORM 5") == ["platform|number|5"])
    #expect(line("TRAIN TO OSLO · PLATFORM 9") == ["train to oslo|platform|9"])
    #expect(line("APPLES · 3.10 / KG") == ["apples|price|3.10"])
    #expect(line("Soup 4.50 EUR") == ["soup|price|4.50 EUR"])
    #expect(line("MAYOR: Dr. Ines Albrecht") == ["mayor|is|Dr Ines Albrecht"])
    #expect(line("speed = 30 km/h") == ["speed|is|30 km/h"])
    #expect(line("Flight to Rome gate B12") == ["flight to rome|gate|B12"])
    #expect(line("HOME 3-2 AWAY") == ["home away|score|3-2"])
    #expect(line("OPEN 9:30 to 18:00") == ["open|time|9:30 to 18:00"] && line("Museum: closed") == ["museum|is|closed"])
    #expect(line("LIBRARY 9:30 - 18:00") == ["library|time|9:30 to 18:00"])
    #expect(speech("The shop is open from 9:30 to 18:00.") == ["shop|time|9:30 to 18:00"])
    #expect(speech("The meeting is on Thursday.") == ["meeting|day|Thursday"])
    #expect(speech("Please note, the project meeting has been moved from Tuesday to Friday.") == ["project meeting|day|Friday"])
    #expect(speech("The train to Oslo now leaves from platform nine.") == ["train to oslo|platform|9"])
    #expect(speech("Hello there. The password is swordfish! It is late.") == ["password|is|swordfish"])
    for text in [
      "", ":", "=", "12:30", "9:30 to 18:00", "9:30 - 18:00", "from 9:30", "to 18:00", "https://example.org/a", "YARD 2025-06-01 09:10:45",
      "Welcome", ": x", "x :",
      String(repeating: "a:", count: 5000),
    ] {
      #expect(line(text).isEmpty, "\(text.prefix(40)): \(line(text))")
    }
    for text in ["", "It is on Thursday.", "The shop is not on Thursday.", "Is it?", "is is is is", String(repeating: "the ", count: 5000)]
    {
      #expect(speech(text).isEmpty, "\(text.prefix(40)): \(speech(text))")
    }
  }

  @Test("two readings of one value are one, two numbers never are")
  func rereading() {
    #expect(Rereading.isSame("Ines Albrecht", "lnes Albrecht") && Rereading.isSame("SOUP", "soup"))
    #expect(!Rereading.isSame("14:05", "14:06") && !Rereading.isSame("12.50 EUR", "12.60 EUR") && !Rereading.isSame("Tuesday", "Thursday"))
  }

  @Test("a new value closes the old one, a value that returns is a fact of its own, and values side by side close nothing")
  func supersede() async throws {
    let scratch = try Scratch()
    try await write(
      [
        ("SOUP 4.50 EUR", 1...6), ("Soup 4.50 EUR", 8...10), ("SOUP 5.20 EUR", 12...15), ("SOUP 4.50 EUR", 17...20), ("PLATFORM 1", 3...9),
        ("PLATFORM 2", 3...9),
      ], to: scratch.memory)
    let snapshot = try MemorySnapshot.open(scratch.memory)
    let facts = try snapshot.facts()
    #expect(
      said(facts) == [
        "platform|number|1|3.0|-", "platform|number|2|3.0|-", "soup|price|4.50 EUR|1.0|12.0", "soup|price|5.20 EUR|12.0|17.0",
        "soup|price|4.50 EUR|17.0|-",
      ])
    #expect(facts[2].supersededBy == facts[3].id && facts[2].sources.count == 2 && facts[2].range == seconds(1, 10))
    let items = try snapshot.items()
    #expect(
      facts.allSatisfy { fact in
        fact.sources.allSatisfy { source in items.contains { $0.id == source && $0.range.start >= fact.range.start } }
      })
    #expect(try MemoryVerification(snapshot).problems == [])
  }

  @Test("facts go with their sources")
  func forgotten() async throws {
    let scratch = try Scratch()
    try await write(
      [("SOUP 4.50 EUR", 1...3), ("SOUP 4.50 EUR", 5...7), ("SOUP 5.20 EUR", 9...11), ("SOUP 6.00 EUR", 13...15)], to: scratch.memory)
    let database = try DatabaseQueue(path: scratch.memory.appendingPathComponent("memory.sqlite").path)
    try await database.write { try $0.execute(sql: "DELETE FROM item WHERE start = 1000000000 OR start = 9000000000") }
    try database.close()
    let snapshot = try MemorySnapshot.open(scratch.memory)
    #expect(said(try snapshot.facts()) == ["soup|price|4.50 EUR|5.0|13.0", "soup|price|6.00 EUR|13.0|-"])
    #expect(try MemoryVerification(snapshot).problems == [])
  }

  @Test("ten repetitions of a scene, misread now and then, have hardly more facts than one; an interrupted run has the same")
  func repetitions() async throws {
    let scratch = try Scratch()
    let scene = ["MAYOR: Ines Albrecht", "SOUP 4.50 EUR", "TRAIN TO BERGEN PLATFORM 9", "HARBOUR TOUR 14:05", "PASSWORD: swordfish"]
    var random = Seeded(state: 5)
    var lines: [(String, ClosedRange<Double>)] = []
    for round in 0..<10 {
      for (index, text) in scene.enumerated() {
        // A letter in every third line is misread.
        var letters = Array(text)
        let place = Int.random(in: 0..<letters.count, using: &random)
        if round > 0, Int.random(in: 0..<3, using: &random) == 0, letters[place].isLetter { letters[place] = "l" }
        let start = Double(round * 12 + index * 2)
        lines.append((String(letters), start...(start + 1.5)))
      }
    }
    try await write(Array(lines.prefix(5)), to: scratch.memory)
    let once = try MemorySnapshot.open(scratch.memory).facts().count
    let (whole, cut) = (scratch.url.appendingPathComponent("whole"), scratch.url.appendingPathComponent("cut"))
    try await write(lines, to: whole)
    try await write(lines, to: cut, cut: 47)
    let snapshot = try MemorySnapshot.open(whole)
    let all = try snapshot.facts()
    print("facts after one pass \(once), after ten \(all.count)")
    #expect(once == 5 && Double(all.count) <= 1.2 * Double(once), "\(said(all))")
    #expect(try snapshot.fingerprint(of: "film") == MemorySnapshot.open(cut).fingerprint(of: "film"))
  }

  @Test("what was remembered before there were facts gets the same ones, and keeping them costs far less than a millisecond a batch")
  func derived() async throws {
    let scratch = try Scratch()
    try await write((0..<120).map { ("SOUP \($0 / 4).50 EUR", Double($0)...(Double($0) + 0.9)) }, to: scratch.memory)
    let database = try DatabaseQueue(path: scratch.memory.appendingPathComponent("memory.sqlite").path)
    let before = try MemorySnapshot.open(scratch.memory)
    let duration = try await database.write { connection in
      try connection.execute(sql: "DELETE FROM fact")
      return try ContinuousClock().measure { try FactWriter.derive(connection) }
    }
    try database.close()
    let after = try MemorySnapshot.open(scratch.memory)
    #expect(
      try after.facts().map(\.value) == before.facts().map(\.value) && after.fingerprint(of: "film") == before.fingerprint(of: "film"))
    print("facts of 120 lines: \(duration)")
    #expect(duration < .milliseconds(1200))
  }
}
