import Core
import Perception
import Testing

@testable import Pipeline

@Suite("A pipeline that changes while a tail runs")
struct PipelineChangeTests {
  private let begun = PipelineConfiguration()

  @Test("switches and thresholds are taken over, what needs a new start is named and stays")
  func taken() throws {
    let new = try PipelineConfiguration(
      yaml: """
        reader:
          samples_per_second: 2
        vision:
          model: other
          tags: 3
        text:
          enabled: false
        sound:
          onset: 0.3
        """, file: "x.yaml")
    let change = PipelineChange(from: begun, begun: begun, to: new)
    #expect(change.taken == ["vision", "text", "sound"])
    #expect(change.left == ["vision.model", "reader"])
    #expect(change.configuration.vision.stage.tags == 3 && change.configuration.vision.stage.model == begun.vision.stage.model)
    #expect(!change.configuration.text.isEnabled && change.configuration.reader == begun.reader)
    #expect(change.line == "took over vision, text, sound; only a new start changes vision.model, reader")
    let back = PipelineChange(from: change.configuration, begun: begun, to: begun)
    #expect(back.configuration == begun && back.left.isEmpty)
    #expect(PipelineChange(from: begun, begun: begun, to: begun).line == "nothing changed")
  }

  @Test("a stage that was off at the beginning cannot be switched on")
  func off() {
    var radio = PipelineConfiguration()
    radio.vision.isEnabled = false
    let change = PipelineChange(from: radio, begun: radio, to: begun)
    #expect(change.taken.isEmpty && change.left == ["vision.enabled"])
    #expect(change.configuration == radio)
  }
}
