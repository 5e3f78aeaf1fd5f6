import Core
import Foundation
import Memory
import Testing

@testable import Reasoning

struct LookQuestionTests {
  @Test(
    "questions about the picture are read as such",
    arguments: [
      ("when do the lights go out", LookQuestion.lightOut), ("When does the light go back on?", .lightOn), ("when is it dark", .dark),
      ("when did the camera picture go black", .black), ("When does the picture get bright?", .bright),
      ("which part is in black and white", .blackAndWhite),
      ("when does the camera pan to the left", .camera(["pans left"])), ("does it zoom in?", .camera(["zooms in"])),
      ("when does the camera move", .camera(["pans left", "pans right", "tilts up", "tilts down", "zooms in", "zooms out"])),
      ("What colour is the car?", .colour(of: "car")), ("what colours are in the picture", .colour(of: "")),
    ])
  func read(text: String, question: LookQuestion) { #expect(Planner.plan(text).look == question) }

  @Test(
    "questions that only share a word with them are not",
    arguments: [
      "When does a woman toss a pancake in a frying pan?", "the orange and black butterfly on a flower", "When do we see a traffic light?",
      "show me the black dog", "When is a fire engine driving past the camera?", "who is the dark horse of the race", "the night train",
      "When does the lecturer explain why leaves are green?", "Was the picture black before or after the dog?", "find the colourful caps",
    ])
  func notRead(text: String) { #expect(Planner.plan(text).look == nil) }

  private static func look(_ kind: Look.Kind, _ words: String, _ range: ClosedRange<Double>) -> Observation {
    .init(range: TimeRange(seconds: range), content: .look(.init(kind, words)))
  }

  private func answer(_ text: String) async throws -> Answer {
    let looks = [
      Self.look(.light, "dark", 40...45), Self.look(.light, "goes out", 40...41), Self.look(.camera, "pans left", 5...9),
      Self.look(.camera, "pans left", 50...54), Self.look(.colours, "green, grey", 0...12),
      Self.look(.colours, "blue; orange stands out", 12...24), Self.look(.colours, "grey; red stands out", 24...36),
      Self.look(.colour, "lobster, red and black", 12...24),
    ]
    let snapshot = try await SmallMemory.snapshot(["outing": SmallMemory.outing + looks])
    return try await Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders).answer(Question(text: text))
  }

  @Test("light, camera and colours are answered with their stretch of time") func answers() async throws {
    let out = try await answer("When do the lights go out?")
    #expect(out.moments.first?.range == TimeRange(seconds: 40...45) && out.citations.first?.modality == .look)
    #expect(try await answer("when is it dark").moments.first?.range == TimeRange(seconds: 40...45))
    let pan = try await answer("When does the camera pan left for the last time?")
    #expect(pan.moments.first?.range == TimeRange(seconds: 50...54) && pan.text == "the camera pans left")
    #expect(try await answer("How often does the camera pan?").text == "2")
    #expect(try await answer("What colour is the lobster?").text == "red and black")
    #expect(try await answer("Was the blackout before or after the accordion?").text == "after")
  }

  @Test("what the picture never did is refused, and looks answer nothing else") func refusals() async throws {
    #expect(try await answer("When does the camera zoom in?").abstained)
    #expect(try await answer("When is the picture black and white?").abstained)
    #expect(try await answer("When does the lobster appear?").citations.allSatisfy { $0.modality != .look })
  }
}
