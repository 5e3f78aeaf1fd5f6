import Testing

@testable import Perception

struct LetterVoteTests {
  @Test("every letter that most readings agree on stays, whatever each of them misread") func voting() {
    let readings: [(text: String, weight: Float)] = [
      ("GATE B17 OPEN", 0.7), ("GAIE B17 OPEN", 0.8), ("GATE B17 0PEN", 0.6), ("GATE B17 OPFN", 0.7),
    ]
    for base in readings { #expect(LetterVote.text(of: readings, around: base.text) == "GATE B17 OPEN") }
    let lengths: [(text: String, weight: Float)] = [("HARBOUR", 0.6), ("HARBOR", 0.7), ("HARBOUR.", 0.5), ("HARBOUR", 0.6)]
    #expect(LetterVote.text(of: lengths, around: "HARBOR") == "HARBOUR" && LetterVote.text(of: lengths, around: "HARBOUR.") == "HARBOUR")
  }

  @Test("without a majority the base stays, and what reads altogether differently has no say") func ties() {
    #expect(LetterVote.text(of: [("ROOM 5", 1), ("ROOM 6", 1)], around: "ROOM 6") == "ROOM 6")
    #expect(LetterVote.text(of: [("ROOM 5", 1), ("zqx||w", 9)], around: "ROOM 5") == "ROOM 5")
    #expect(LetterVote.text(of: [("", 1), ("A", 1)], around: "A") == "A")
  }
}
