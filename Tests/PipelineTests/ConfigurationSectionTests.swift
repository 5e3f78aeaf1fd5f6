import Core
import Testing

@testable import Pipeline

@Suite("Reading a pipeline file key by key")
struct ConfigurationSectionTests {
  private func message(_ yaml: String, _ read: (ConfigurationSection) throws -> Void) -> String? {
    do { try read(ConfigurationSection(yaml: yaml, file: "p.yaml")) } catch { return PipelineError.line(for: error) }
    return nil
  }

  @Test("an unknown key is named with its line and the likeliest key meant")
  func unknownKey() {
    let text = message("speech:\n  beam_size: 5\n  modle: x\n") { try $0.section("speech").allowOnly(["model", "beam_size"]) }
    #expect(text == "p.yaml:3: 'speech.modle' is not a known key; did you mean 'model'?")
  }

  @Test("a wrong type is named with its line")
  func wrongType() {
    #expect(message("\n\nrate: fast") { _ = try $0.number("rate", default: 1, in: 0...10) } == "p.yaml:3: 'rate' must be a number")
    #expect(message("n: 1.5") { _ = try $0.integer("n", default: 1, in: 0...10) } == "p.yaml:1: 'n' must be a whole number")
    #expect(message("n: \"3\"") { _ = try $0.integer("n", default: 1, in: 0...10) } == "p.yaml:1: 'n' must be a whole number")
    #expect(message("on: 3") { _ = try $0.boolean("on", default: true) } == "p.yaml:1: 'on' must be true or false")
    #expect(message("a: 3") { _ = try $0.section("a") } == "p.yaml:1: 'a' must be a group of keys")
    #expect(message("- 1\n- 2") { _ in } == "p.yaml:1: the file must be a group of keys")
  }

  @Test("a value out of range is named with the range")
  func badValue() {
    #expect(
      message("a:\n  n: 99") { _ = try $0.section("a").integer("n", default: 1, in: 0...10) }
        == "p.yaml:2: 'a.n' is 99, but must be from 0 to 10")
    #expect(
      message("kind: red") { _ = try $0.choice("kind", default: "a", of: ["a", "b"]) }
        == "p.yaml:1: 'kind' is 'red', but must be one of a, b")
  }

  @Test("malformed YAML and a key given twice are named with their line")
  func malformed() {
    #expect(message("a: 1\nb: [1, 2\nc: 3\n") { _ in }?.hasPrefix("p.yaml:3: not valid YAML:") == true)
    #expect(message("a: 1\nb: 2\na: 3\n") { _ in }?.contains("'a' is given twice") == true)
  }

  @Test("a missing key or section gives the default; an empty file is an empty group")
  func defaults() throws {
    let section = try ConfigurationSection(yaml: "# nothing\n", file: "p.yaml")
    #expect(try section.section("speech").integer("beam", default: 5, in: 1...9) == 5)
    #expect(try section.boolean("on", default: true))
    try section.allowOnly([])
  }

  @Test("credentials in a URL never reach a message")
  func credentials() {
    let error = PipelineError(.missingInput, code: .unavailable, "cannot open rtsp://me:secret@host/x: no")
    #expect(PipelineError.line(for: error) == "cannot open rtsp://***@host/x: no")
  }
}
