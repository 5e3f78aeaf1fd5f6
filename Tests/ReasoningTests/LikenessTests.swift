import Core
import Foundation
import Memory
import Testing

@testable import Reasoning

@Suite("what was shown or played is found")
struct LikenessTests {
  private func find(_ example: Example, within: TimeRange? = nil) async throws -> Answer {
    let snapshot = try await SmallMemory.snapshot(["outing": SmallMemory.outing + [SmallMemory.heard("Church bell", 50...53)]])
    defer { try? FileManager.default.removeItem(at: snapshot.folder) }
    return try await Reasoner(snapshot: snapshot, encoders: SmallMemory.encoders).answer(
      like: example, named: "example.jpg", within: within)
  }

  private func picture(_ name: String) -> Example { .picture(SmallMemory.vector(name), [.init(label: name, probability: 0.7)]) }

  @Test("a picture is found where the same thing was seen")
  func seen() async throws {
    let answer = try await find(picture("lobster"))
    #expect(answer.moments.first?.range.overlaps(TimeRange(seconds: 14...22)) == true && answer.citations.first?.modality == .vision)
    #expect(answer.text == "lobster")
  }

  @Test("a picture of something that was never seen is refused, and the refusal names it")
  func unseen() async throws {
    let answer = try await find(picture("helicopter"))
    #expect(answer.abstained && answer.missing?.contains("looks like example.jpg") == true)
  }

  @Test("a sound is found every time it was heard")
  func heard() async throws {
    let answer = try await find(.sounds(["Church bell": 0.9, "Bell": 0.3]))
    #expect(answer.moments.count == 2 && answer.citations.allSatisfy { $0.modality == .sound })
    #expect(try await find(.sounds(["Siren": 0.9])).abstained)
    #expect(try await find(.sounds([:])).abstained)
  }

  @Test("where it may be found can be limited")
  func limited() async throws {
    let answer = try await find(.sounds(["Church bell": 0.9]), within: TimeRange(seconds: 45...60))
    #expect(answer.moments.count == 1 && answer.moments[0].range.start.seconds > 45)
  }
}
