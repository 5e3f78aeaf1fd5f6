import Core
import Foundation
import Testing

@testable import Neural

/// Folders that are not a Whisper model give an error that names what is wrong.
@Suite(.enabled(if: WhisperSpeech.library.isInstalled("whisper-tiny.en"), "weights not installed: whisper-tiny.en"))
struct WhisperFolderTests {
  /// A copy of a model by links, for one file of it to be broken.
  private func folder(_ change: (URL) throws -> Void) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("whisper-folder-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let model = WhisperSpeech.library.folder(of: "whisper-tiny.en")
    for name in ["config.json", "generation_config.json", "tokenizer.json", "model.safetensors"] {
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent(name), withDestinationURL: model.appendingPathComponent(name))
    }
    try change(folder)
    return folder
  }

  private func expectError(_ code: FailureCode, mentioning text: String, _ change: (URL) throws -> Void) throws {
    let folder = try folder(change)
    defer { try? FileManager.default.removeItem(at: folder) }
    let error = #expect(throws: NeuralError.self) { try Whisper(folder: folder) }
    #expect(error?.code == code)
    #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
  }

  private func replace(_ name: String, with contents: Data, in folder: URL) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.removeItem(at: file)
    try contents.write(to: file)
  }

  private func changeConfiguration(_ key: String, to value: Any?, in folder: URL) throws {
    let file = folder.appendingPathComponent("config.json")
    var fields = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    fields[key] = value
    try replace("config.json", with: JSONSerialization.data(withJSONObject: fields), in: folder)
  }

  @Test("a missing file", arguments: ["config.json", "tokenizer.json", "model.safetensors"])
  func missing(name: String) throws {
    try expectError(.unavailable, mentioning: name) { try FileManager.default.removeItem(at: $0.appendingPathComponent(name)) }
  }

  @Test("a file of something else", arguments: ["config.json", "tokenizer.json", "model.safetensors", "generation_config.json"])
  func noise(name: String) throws {
    try expectError(.corruptInput, mentioning: name) { try replace(name, with: Data("no model at all".utf8), in: $0) }
  }

  @Test(
    "a size that cannot be, or is not that of the weights",
    arguments: [
      ("d_model", 0), ("d_model", -384), ("d_model", 385), ("d_model", 512), ("encoder_layers", 5), ("vocab_size", 1 << 40),
      ("decoder_attention_heads", 7), ("max_target_positions", 4), ("vocab_size", 100),
    ])
  func sizes(key: String, value: Int) throws {
    let folder = try folder { try changeConfiguration(key, to: value, in: $0) }
    defer { try? FileManager.default.removeItem(at: folder) }
    let error = #expect(throws: NeuralError.self) { try Whisper(folder: folder) }
    #expect(error?.code == .corruptInput)
  }

  @Test("a size that is missing")
  func missingSize() throws {
    try expectError(.corruptInput, mentioning: "num_mel_bins") { try changeConfiguration("num_mel_bins", to: nil, in: $0) }
  }

  @Test("weights cut short")
  func truncated() throws {
    try expectError(.corruptInput, mentioning: "model.safetensors") { folder in
      let whole = try Data(contentsOf: folder.appendingPathComponent("model.safetensors"), options: .alwaysMapped)
      try replace("model.safetensors", with: whole.prefix(5_000_000), in: folder)
    }
  }

  @Test("weights without one of their tensors")
  func missingTensor() throws {
    try expectError(.corruptInput, mentioning: "model.decoder.layers.2.fc1.weight") { folder in
      var whole = try Data(contentsOf: folder.appendingPathComponent("model.safetensors"))
      let range = try #require(whole.range(of: Data("model.decoder.layers.2.fc1.weight".utf8)))
      whole.replaceSubrange(range, with: Data("model.decoder.layers.2.fcX.weight".utf8))
      try replace("model.safetensors", with: whole, in: folder)
    }
  }

  @Test("heads to align by that the model does not have are passed over")
  func strayHeads() throws {
    let folder = try folder { folder in
      try replace(
        "generation_config.json", with: Data(#"{"alignment_heads": [[99, 0], [0, -1], [0]], "suppress_tokens": [-1, 99999999, 3]}"#.utf8),
        in: folder)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    let configuration = try Whisper(folder: folder).configuration
    #expect(configuration.alignmentHeads.count == 12)
    #expect(configuration.alignmentHeads.allSatisfy { $0.layer >= 2 })
    #expect(configuration.suppressed == [3])
  }
}
