import Core
import Foundation

/// The sizes of a Whisper model and the lists that steer its decoding, from `config.json` and `generation_config.json`.
struct WhisperConfiguration: Sendable {
  let width: Int
  let encoderLayers: Int
  let decoderLayers: Int
  let encoderHeads: Int
  let decoderHeads: Int
  let encoderInnerWidth: Int
  let decoderInnerWidth: Int
  /// 80, or 128 from large-v3 on.
  let melBins: Int
  /// Positions of the encoder: 1500, 20 ms each.
  let sourcePositions: Int
  /// Tokens the decoder can hold: 448.
  let targetPositions: Int
  let vocabularySize: Int
  /// Tokens that are never written: signs that no one speaks.
  let suppressed: [Int]
  /// Tokens that may not come first: a lone space, the end.
  let suppressedAtStart: [Int]
  /// Heads of the decoder's cross-attention that follow the sound; by default those of the upper half of the layers.
  let alignmentHeads: [AlignmentHead]

  struct AlignmentHead: Sendable, Equatable {
    let layer: Int
    let head: Int
  }

  var isMultilingual: Bool { vocabularySize >= 51865 }

  /// - Throws: `NeuralError.unavailable` without a `config.json`, `.corruptInput` when a size is missing or impossible.
  init(folder: URL) throws {
    let fields = try Self.object(folder.appendingPathComponent("config.json"))
    let file = folder.appendingPathComponent("config.json").path
    func size(_ key: String, upTo limit: Int) throws -> Int {
      guard let value = fields[key] as? Int else { throw NeuralError(.corruptInput, "\(file): \(key) is missing or not a whole number") }
      guard value > 0, value <= limit else { throw NeuralError(.corruptInput, "\(file): \(key) is \(value), expected 1 to \(limit)") }
      return value
    }
    width = try size("d_model", upTo: 8192)
    encoderLayers = try size("encoder_layers", upTo: 128)
    decoderLayers = try size("decoder_layers", upTo: 128)
    encoderHeads = try size("encoder_attention_heads", upTo: 256)
    decoderHeads = try size("decoder_attention_heads", upTo: 256)
    encoderInnerWidth = try size("encoder_ffn_dim", upTo: 65536)
    decoderInnerWidth = try size("decoder_ffn_dim", upTo: 65536)
    melBins = try size("num_mel_bins", upTo: 512)
    sourcePositions = try size("max_source_positions", upTo: 16384)
    targetPositions = try size("max_target_positions", upTo: 16384)
    vocabularySize = try size("vocab_size", upTo: 1_000_000)
    for heads in [encoderHeads, decoderHeads] where width % heads != 0 {
      throw NeuralError(.corruptInput, "\(file): d_model \(width) is not a multiple of the number of heads, \(heads)")
    }
    guard targetPositions >= 16 else {
      throw NeuralError(.corruptInput, "\(file): max_target_positions is \(targetPositions), expected at least 16")
    }

    let generationFile = folder.appendingPathComponent("generation_config.json")
    let generation = FileManager.default.fileExists(atPath: generationFile.path) ? try Self.object(generationFile) : [:]
    let vocabulary = vocabularySize
    func tokens(_ key: String) -> [Int] {
      let listed = generation[key] as? [Int] ?? fields[key] as? [Int] ?? []
      return listed.filter { $0 >= 0 && $0 < vocabulary }
    }
    suppressed = tokens("suppress_tokens")
    suppressedAtStart = tokens("begin_suppress_tokens")
    let (layers, heads) = (decoderLayers, decoderHeads)
    let listed = (generation["alignment_heads"] as? [[Int]] ?? fields["alignment_heads"] as? [[Int]] ?? [])
      .filter { $0.count == 2 && (0..<layers).contains($0[0]) && (0..<heads).contains($0[1]) }
      .map { AlignmentHead(layer: $0[0], head: $0[1]) }
    alignmentHeads =
      listed.isEmpty
      ? (layers / 2..<layers).flatMap { layer in (0..<heads).map { AlignmentHead(layer: layer, head: $0) } }
      : listed
  }

  private static func object(_ file: URL) throws -> [String: Any] {
    let contents: Data
    do {
      contents = try Data(contentsOf: file)
    } catch {
      throw NeuralError(.unavailable, "cannot read \(file.path): \((error as NSError).localizedDescription)")
    }
    guard let parsed = try? JSONSerialization.jsonObject(with: contents), let fields = parsed as? [String: Any] else {
      throw NeuralError(.corruptInput, "\(file.path) is not a JSON object")
    }
    return fields
  }
}
