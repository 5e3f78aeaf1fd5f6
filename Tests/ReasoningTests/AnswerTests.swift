import Core
import Foundation
import Memory
import Testing

@testable import Reasoning

@Suite("answers rest on what is remembered")
struct AnswerTests {
  private func ask(_ text: String, _ streams: [String: [Observation]] = ["outing": SmallMemory.outing], of stream: String? = nil)
    async throws -> Answer
  {
    let snapshot = try await SmallMemory.snapshot(streams)
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    return try await Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders).answer(
      Question(text: text, stream: stream.map { StreamID($0) }))
  }

  private func overlaps(_ answer: Answer, _ range: ClosedRange<Double>) -> Bool {
    answer.moments.first.map { $0.range.overlaps(TimeRange(seconds: range)) } ?? false
  }

  @Test("something seen is found at its time")
  func seen() async throws {
    let answer = try await ask("When does the lobster appear?")
    #expect(!answer.abstained && overlaps(answer, 14...22))
    #expect(answer.citations.first?.modality == .vision)
    #expect(answer.text?.contains("lobster") == true)
  }

  @Test("something written is read back")
  func written() async throws {
    let answer = try await ask("Which pier is on the sign?")
    #expect(answer.text?.contains("PIER 7") == true)
    #expect(overlaps(answer, 13...19))
  }

  @Test("something said is quoted")
  func said() async throws {
    let answer = try await ask("Until when is the old bridge closed?")
    #expect(answer.text?.contains("Thursday") == true)
    #expect(answer.citations.first?.modality == .speech)
    #expect(overlaps(answer, 14.5...18))
  }

  @Test("a person is named")
  func person() async throws {
    #expect(try await ask("Who is the mayor?").text?.contains("Albrecht") == true)
  }

  @Test("a value that changed is answered as it was asked: now, at first, and without a word the latest")
  func versions() async throws {
    #expect(try await ask("How much is the soup now?").text?.contains("5.20") == true)
    #expect(try await ask("What did the soup cost at first?").text?.contains("4.50") == true)
    #expect(try await ask("How much is the soup?").text?.contains("5.20") == true)
    #expect(try await ask("What was the price of the soup before it was changed to 5.20?").text?.contains("4.50") == true)
  }

  @Test("a value that was written is answered as it was said when it changed")
  func versionsAcrossSenses() async throws {
    let told = SmallMemory.outing + [SmallMemory.said("The price of honey is 12 euros.", 5...8), SmallMemory.line("HONEY 17 EUR", 20...24)]
    #expect(try await ask("What is the price of honey now?", ["a": told]).text?.contains("17") == true)
    #expect(try await ask("What was the price of honey before it was changed to 17?", ["a": told]).text?.contains("12") == true)
  }

  @Test("what was not understood of a question is said")
  func notUnderstood() async throws {
    #expect(try await ask("Why is the old bridge closed?").understood.contains { $0.hasPrefix("not understood: \"why\"") })
    #expect(try await ask("Which is the cheapest soup?").understood.contains { $0.contains("nothing is compared") })
    #expect(try await ask("When is the old bridge of Zanzibar closed?").understood.contains("found nowhere: \"Zanzibar\""))
  }

  @Test("another thing of the right person and the right thing of another are no answer")
  func nearMisses() async throws {
    let told =
      SmallMemory.outing + [
        SmallMemory.said("The locker number of Ada is 512.", 5...8), SmallMemory.said("The badge number of Boris is 733.", 20...24),
        SmallMemory.line("CLARA LOCKER NUMBER: 881", 52...56),
      ]
    #expect(try await ask("What is the locker number of Ada?", ["a": told]).text?.contains("512") == true)
    #expect(try await ask("What is Clara's locker number?", ["a": told]).text?.contains("881") == true)
    for absent in ["What is the parking space of Ada?", "What is the locker number of Boris?", "What is the locker number of Karla?"] {
      #expect(try await ask(absent, ["a": told]).abstained, "\(absent)")
    }
  }

  @Test("occurrences are counted once each, and a number that was said is told")
  func counts() async throws {
    let windmills = try await ask("How many times does the windmill appear?")
    #expect(windmills.text == "2")
    #expect(windmills.citations.count == 2)
    #expect(try await ask("How often are the goats fed?").text?.contains("three") == true)
  }

  @Test("which came first, before and after")
  func order() async throws {
    #expect(try await ask("Which comes first, the accordion or the lobster?").text == "lobster")
    #expect(try await ask("Is the canoe shown before or after the lobster?").text == "after")
  }

  @Test("what is right after and right before something")
  func beside() async throws {
    #expect(try await ask("What is shown right after the lobster?").text?.contains("accordion") == true)
    #expect(try await ask("What do we see just before the canoe?").text?.contains("accordion") == true)
    #expect(try await ask("What is on screen when the goats are mentioned?").text?.contains("canoe") == true)
  }

  @Test("what follows a subject is the next subject, not the next sentence")
  func subjects() async throws {
    var talk: [Observation] = []
    let bees = ["The queen bee lays eggs.", "Worker bees build wax.", "The bees dance for nectar.", "Bees sleep in winter."]
    let tides = ["The moon pulls the sea.", "The sea rises twice a day.", "The sea falls twice a day.", "Ships wait for the sea."]
    for (index, text) in (bees + tides).enumerated() {
      talk.append(SmallMemory.said(text, Double(index * 10)...Double(index * 10 + 8)))
    }
    let answer = try await ask("What topic follows the bees?", ["talk": talk])
    #expect(overlaps(answer, 40...48), "\(answer)")
  }

  @Test("a scene that a sign fills is told by what is written on it")
  func filled() async throws {
    let stream =
      SmallMemory.seen("barn", 0..<10) + SmallMemory.seen("website", 10..<20) + SmallMemory.seen("canoe", 20..<30)
      + [SmallMemory.line("TICKETS 9 EUR", 10.5...19.5), SmallMemory.line("BOATS", 21...24)]
    #expect(try await ask("What is shown right after the barn?", ["a": stream]).text?.contains("TICKETS 9 EUR") == true)
    #expect(try await ask("What is the last thing shown?", ["a": stream]).text == "canoe")
  }

  @Test("the last of several is told from the first")
  func last() async throws {
    #expect(overlaps(try await ask("When does the windmill appear for the last time?"), 48...60))
    #expect(overlaps(try await ask("When does the windmill appear for the first time?"), 0...12))
  }

  @Test("a sound is an ordinary thing to find")
  func sound() async throws {
    let answer = try await ask("When can you hear the church bell?")
    #expect(overlaps(answer, 30...33))
    #expect(answer.citations.first?.modality == .sound)
  }

  @Test("without a stage that hears, a sound is not made up")
  func noSound() async throws {
    let deaf = SmallMemory.outing.filter { $0.modality != .sound }
    #expect(try await ask("When can you hear a rooster?", ["outing": deaf]).abstained)
  }

  @Test(
    "what is not in the memory is refused, with what was looked for",
    arguments: ["How much is the hotel room?", "What does the speaker say about quantum computers?", "Who won the chess tournament?"])
  func refusal(question: String) async throws {
    let answer = try await ask(question)
    #expect(answer.abstained && answer.text == nil && answer.moments.isEmpty)
    #expect(answer.missing?.isEmpty == false)
  }

  @Test("whether something is there is answered with no, and with what was looked for")
  func no() async throws {
    let answer = try await ask("Does the speaker mention quantum computers?")
    #expect(answer.abstained && answer.text?.hasPrefix("No") == true && answer.missing?.contains("quantum computers") == true)
    #expect(answer.confidence > 0.5 && answer.moments.isEmpty)
    #expect(answer.missing?.contains("nothing read, said or named there has \"quantum\", \"computers\"") == true)
  }

  @Test("how long a recording is, what it holds in short, and what was said or written then")
  func whole() async throws {
    #expect(try await ask("How long is the film?").text == "1 min")
    let said = try await ask("What was said?")
    #expect(said.kind == .summary && said.citations.count == 2 && said.citations.allSatisfy { $0.modality == .speech })
    let then = try await ask("What is said at 0:41?")
    #expect(then.text?.contains("goats") == true && then.text?.contains("bridge") == false)
    #expect(try await ask("What is written on the sign?").text?.contains("PIER 7") == true)
    let short = try await ask("What happens in the video?")
    #expect(Set(short.citations.map(\.modality)) == [.vision, .text, .speech, .sound])
    #expect(zip(short.citations, short.citations.dropFirst()).allSatisfy { $0.range.start <= $1.range.start })
    #expect(try await ask("What is said between 0:20 and 0:30?").missing?.contains("nothing was said") == true)
  }

  @Test("a question goes on from the answer before it, and says so when there is none")
  func goingOn() async throws {
    let snapshot = try await SmallMemory.snapshot(["outing": SmallMemory.outing])
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    let reasoner = Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders)
    let lobster = try await reasoner.answer(Question(text: "When does the lobster appear?"))
    let next = try await reasoner.answer(Question(text: "What is shown after that?", previous: lobster.citations.first))
    #expect(next.text?.contains("accordion") == true, "\(next)")
    for text in ["What is shown after that?", "and then?"] {
      #expect(try await reasoner.answer(Question(text: text)).missing?.contains("refers to an answer before it") == true)
    }
    #expect(try await reasoner.answer(Question(text: "When was it?")).missing?.contains("names nothing") == true)
  }

  @Test("a thing is cited by the moments that show it, and not by weaker ones")
  func tight() async throws {
    let answer = try await ask("Which pier is on the sign?")
    #expect(answer.citations.count == 1 && answer.moments.count >= answer.citations.count)
  }

  @Test("a thing that was never seen is refused")
  func unseen() async throws {
    let answer = try await ask("When does a helicopter land?")
    #expect(answer.abstained && answer.moments.isEmpty && answer.confidence > 0.5)
  }

  @Test("an empty memory and a stream that is not there are told apart")
  func empty() async throws {
    #expect(try await ask("When does the lobster appear?", [:]).abstained)
    await #expect(throws: ReasoningError.self) { try await ask("When does the lobster appear?", of: "nowhere") }
  }

  @Test("a time constraint is kept")
  func constrained() async throws {
    let answer = try await ask("Is there a windmill after 0:40?")
    #expect(!answer.moments.isEmpty)
    #expect(answer.moments.allSatisfy { $0.range.end.seconds > 40 })
  }

  @Test("every citation and moment lies inside its stream")
  func citations() async throws {
    let snapshot = try await SmallMemory.snapshot(["a": SmallMemory.outing, "b": SmallMemory.seen("barn", 0..<20)])
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    let reasoner = Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders)
    let extents = Dictionary(uniqueKeysWithValues: try snapshot.streams.map { ($0.id, $0.extent) })
    let things = ["windmill", "lobster", "soup", "bridge", "barn", "goats", "nothing at all"]
    let forms = [
      "When is the X?", "What is right after the X?", "How many times does the X appear?", "List every X", "X",
      "Did the X come before or after the canoe?", "the last X",
    ]
    for thing in things {
      for form in forms {
        let answer = try await reasoner.answer(Question(text: form.replacing("X", with: thing)))
        #expect(answer.abstained == answer.citations.isEmpty)
        for moment in answer.moments {
          let extent = try #require(extents[moment.stream])
          #expect(moment.range.start >= extent.start && moment.range.end <= extent.end, "\(form) \(thing)")
        }
        for citation in answer.citations {
          #expect(citation.range.start >= extents[citation.stream]?.start ?? .zero && !citation.quote.isEmpty)
        }
        #expect(zip(answer.moments, answer.moments.dropFirst()).allSatisfy { $0.score >= $1.score })
        #expect((0...1).contains(answer.confidence))
      }
    }
  }

  @Test("no question breaks it")
  func hostile() async throws {
    let snapshot = try await SmallMemory.snapshot(["outing": SmallMemory.outing])
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    let reasoner = Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders)
    for text in hostileTexts { _ = try await reasoner.answer(Question(text: text)) }
  }

  @Test("without any encoder, words alone still find what was read and said")
  func wordsOnly() async throws {
    let snapshot = try await SmallMemory.snapshot(["outing": SmallMemory.outing])
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    let answer = try await Reasoner(snapshot: snapshot, encoders: [:]).answer(Question(text: "Until when is the old bridge closed?"))
    #expect(answer.text?.contains("Thursday") == true)
  }

  @Test("an answer survives its JSON")
  func json() async throws {
    let answer = try await ask("When does the lobster appear?")
    #expect(try JSONDecoder().decode(Answer.self, from: JSONEncoder().encode(answer)) == answer)
  }

  @Test("a clock in the picture is read as a clock")
  func clock() async throws {
    var stream = SmallMemory.seen("barn", 0..<40) + SmallMemory.seen("tractor", 40..<50) + SmallMemory.seen("barn", 50..<80)
    for second in stride(from: 0.0, to: 80, by: 10) {
      stream.append(
        SmallMemory.line(
          "YARD 2025-06-01 09:1\(Int(second) / 60):\(Int(second) % 60 < 10 ? "0" : "")\(Int(second) % 60)", second...(second + 8)))
    }
    let answer = try await ask("What happened at 09:10:45?", ["yard": stream])
    #expect(overlaps(answer, 40...50))
    #expect(answer.text?.contains("tractor") == true)
  }
}
