import Core
import Foundation
import Testing

@testable import Neural

@Suite(.enabled(if: ModelLibrary().isInstalled("all-MiniLM-L6-v2"), "weights not installed: all-MiniLM-L6-v2"))
struct SentenceEncoderTests {
  struct Reference: Decodable {
    var text: String
    var tokens: [Int]
  }

  private let folder = ModelLibrary().folder(of: "all-MiniLM-L6-v2")
  private let references: [Reference]

  init() throws {
    references = try JSONDecoder().decode([Reference].self, from: Data(contentsOf: Golden.folder.appendingPathComponent("sentences.json")))
  }

  @Test("the WordPiece tokens of fifty sentences, in many scripts, are Hugging Face's")
  func tokens() throws {
    let tokenizer = try WordPieceTokenizer(url: folder.appendingPathComponent("tokenizer.json"))
    for reference in references { #expect(tokenizer.encode(reference.text, limit: 256) == reference.tokens, "\(reference.text)") }
  }

  /// Run by hand with the file that Goldens/make_sentences.py makes.
  @Test(
    "the WordPiece tokens of every Unicode scalar between two words are Hugging Face's, but for seven whose category changed since Unicode 8",
    .enabled(if: ProcessInfo.processInfo.environment["AFTERIMAGE_PARITY_SCALARS"] != nil, "no scalars given: AFTERIMAGE_PARITY_SCALARS"))
  func scalars() throws {
    let path = try #require(ProcessInfo.processInfo.environment["AFTERIMAGE_PARITY_SCALARS"])
    let rows = try JSONDecoder().decode([[Int]].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    let tokenizer = try WordPieceTokenizer(url: folder.appendingPathComponent("tokenizer.json"))
    var different: [Int] = []
    for row in rows {
      guard let scalar = Unicode.Scalar(UInt32(row[0])) else { continue }
      if Array(tokenizer.encode("ab\(scalar)cd").dropFirst().dropLast()) != Array(row.dropFirst()) { different.append(row[0]) }
    }
    print("\(different.count) of \(rows.count) scalars differ: \(different.prefix(400).map { String($0, radix: 16) })")
    let count = different.count
    #expect(count <= 7)
  }

  @Test("the vectors of fifty sentences have a cosine of at least 0.9999 to the reference, one by one and together")
  func vectors() throws {
    let encoder = try SentenceEncoder(folder: folder)
    #expect(encoder.space == EmbeddingSpace("all-MiniLM-L6-v2") && encoder.dimensions == 384 && encoder.tokenLimit == 256)
    let expected = try Golden.tensors("sentences").tensor("vectors", shape: [references.count, 384]).values
    let together = encoder.encode(references.map(\.text))
    var lowest: (cosine: Float, text: String) = (1, "")
    var worstValue: Float = 0
    for (index, reference) in references.enumerated() {
      let truth = Array(expected[index * 384..<(index + 1) * 384])
      let alone = encoder.encode(reference.text)
      for vector in [alone, together[index]] {
        let cosine = Kernels.dot(vector, truth, count: 384)
        if cosine < lowest.cosine { lowest = (cosine, reference.text) }
        worstValue = max(worstValue, worst(vector, truth).difference)
      }
    }
    print("all-MiniLM-L6-v2, \(references.count) sentences: lowest cosine \(lowest), worst value off by \(worstValue)")
    #expect(lowest.cosine > 0.9999)
    #expect(worstValue < 1e-4)
  }

  @Test("what belongs together is nearer than what does not")
  func meaning() throws {
    let vectors = try SentenceEncoder(folder: folder).encode(["a dog is barking", "a puppy makes noise", "the quarterly report is due"])
    let near = Kernels.dot(vectors[0], vectors[1], count: 384)
    let far = Kernels.dot(vectors[0], vectors[2], count: 384)
    #expect(near > far + 0.3)
  }

  @Test("a damaged configuration or tokenizer is one clear error, never a crash")
  func damagedFolders() throws {
    let copy = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: copy) }
    for name in ["model.safetensors", "tokenizer.json"] {
      try FileManager.default.createSymbolicLink(
        at: copy.appendingPathComponent(name), withDestinationURL: folder.appendingPathComponent(name))
    }
    let sound = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("config.json"))) as? [String: Any])
    let damages: [(String, Any)] = [
      ("hidden_size", 0), ("hidden_size", 385), ("hidden_size", -384), ("hidden_size", "many"), ("num_attention_heads", 7),
      ("num_attention_heads", 0), ("num_hidden_layers", 7), ("num_hidden_layers", -1), ("intermediate_size", 12), ("vocab_size", 10),
      ("max_position_embeddings", 0), ("type_vocab_size", 0), ("hidden_act", "relu"), ("model_type", "gpt2"),
    ]
    for (key, value) in damages {
      var damaged = sound
      damaged[key] = value
      try JSONSerialization.data(withJSONObject: damaged).write(to: copy.appendingPathComponent("config.json"))
      #expect(throws: NeuralError.self, "\(key) = \(value)") { try SentenceEncoder(folder: copy) }
    }
    let tokenizer = copy.appendingPathComponent("broken.json")
    let frame = "\"normalizer\":{\"type\":\"BertNormalizer\"},\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"}"
    for text in [
      "", "[]", "{}", "{\"model\":{}}", "{\"model\":{\"vocab\":{\"a\":1}}}", "{\"model\":{\"vocab\":{\"[UNK]\":-1}}}",
      "{\"model\":{\"vocab\":{\"[UNK]\":1e18}}}", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"[UNK]\":0}}}",
      "{\"model\":{\"vocab\":{\"[UNK]\":0}}}",
      "{\"model\":{\"vocab\":{\"[UNK]\":0}},\(frame),\"post_processor\":{\"single\":[{\"SpecialToken\":{\"id\":\"x\"}}],\"special_tokens\":{}}}",
    ] {
      try Data(text.utf8).write(to: tokenizer)
      #expect(throws: NeuralError.self, "\(text)") { try WordPieceTokenizer(url: tokenizer) }
    }
  }
}
