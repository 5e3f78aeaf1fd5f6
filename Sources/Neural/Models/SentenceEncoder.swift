import Core
import Foundation

/// A BERT that turns a sentence into one vector, such as all-MiniLM-L6-v2: sentences that mean alike have a large cosine.
///
/// Loads any folder of the sentence-transformers layout: `config.json` (a BERT with exact GELU), `model.safetensors`, a WordPiece
/// `tokenizer.json`, and if present `sentence_bert_config.json` (the longest text) and `1_Pooling/config.json` (mean or first token).
///
/// *Source*: Devlin et al., "BERT", 2018, section 3; Reimers and Gurevych, "Sentence-BERT", 2019, section 3, for the pooling.
package struct SentenceEncoder: Sendable {
  /// Named after the folder.
  package let space: EmbeddingSpace
  package let tokenizer: WordPieceTokenizer
  /// Numbers of a vector.
  package var dimensions: Int { width }
  /// Tokens of the longest text, with the two that frame it; the rest is cut.
  package let tokenLimit: Int

  private let width: Int
  private let heads: Int
  private let words: [Float]  // [vocabulary, width]
  private let positions: [Float]  // [tokenLimit, width], with the type of the first text added
  private let norm: Norm
  private let layers: [Layer]
  private let firstTokenOnly: Bool

  private struct Norm: Sendable {
    var scale: [Float]  // [width]
    var shift: [Float]  // [width]
    var epsilon: Float

    func apply(_ x: UnsafeMutablePointer<Float>, rows: Int) {
      Kernels.layerNorm(x, x, rows: rows, width: scale.count, scale: scale, shift: shift, epsilon: epsilon)
    }
  }

  private struct Layer: Sendable {
    var projection: Linear  // [3 · width, width]: queries, already divided by √(width of a head), keys, values
    var attended: Linear  // [width, width]
    var attentionNorm: Norm
    var widen: Linear  // [intermediate, width]
    var narrow: Linear  // [width, intermediate]
    var outputNorm: Norm
  }

  private struct Configuration: Decodable {
    var hiddenSize: Int
    var numHiddenLayers: Int
    var numAttentionHeads: Int
    var intermediateSize: Int
    var vocabSize: Int
    var maxPositionEmbeddings: Int
    var typeVocabSize: Int
    var layerNormEps: Float
    var hiddenAct: String
    var modelType: String
  }

  private struct Lengths: Decodable { var maxSeqLength: Int }
  private struct Pooling: Decodable { var poolingModeClsToken: Bool? }

  /// - Throws: `NeuralError` naming the file, the key or tensor and what is wrong with it.
  package init(folder url: URL) throws {
    let folder = ModelFolder(url: url)
    let configuration = try folder.decode(Configuration.self, from: "config.json")
    let (width, heads) = (configuration.hiddenSize, configuration.numAttentionHeads)
    guard configuration.modelType == "bert", configuration.hiddenAct == "gelu" else {
      throw NeuralError(
        .misconfigured, "\(url.path) holds a \(configuration.modelType) with \(configuration.hiddenAct); a bert with gelu is needed")
    }
    guard 1...65_536 ~= width, 1...width ~= heads, width % heads == 0, 0...1_000 ~= configuration.numHiddenLayers,
      configuration.maxPositionEmbeddings > 2, configuration.typeVocabSize > 0
    else { throw NeuralError(.corruptInput, "\(url.path)/config.json has impossible sizes") }
    space = EmbeddingSpace(url.lastPathComponent)
    tokenizer = try WordPieceTokenizer(url: url.appendingPathComponent("tokenizer.json"))
    guard tokenizer.vocabularySize <= configuration.vocabSize else {
      throw NeuralError(
        .corruptInput, "\(url.path): the tokenizer has \(tokenizer.vocabularySize) tokens, the model \(configuration.vocabSize)")
    }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path) }
    var limit = configuration.maxPositionEmbeddings
    if exists("sentence_bert_config.json") {
      limit = min(limit, max(3, try folder.decode(Lengths.self, from: "sentence_bert_config.json").maxSeqLength))
    }
    tokenLimit = limit
    let pooling = exists("1_Pooling/config.json") ? try folder.decode(Pooling.self, from: "1_Pooling/config.json") : nil
    firstTokenOnly = pooling?.poolingModeClsToken ?? false
    self.width = width
    self.heads = heads

    let file = try folder.weights()
    let root = file.contains("bert.embeddings.word_embeddings.weight") ? "bert." : ""
    func vector(_ name: String, _ count: Int) throws -> [Float] { try file.tensor(root + name, shape: [count]).values }
    func norm(_ name: String) throws -> Norm {
      Norm(scale: try vector(name + ".weight", width), shift: try vector(name + ".bias", width), epsilon: configuration.layerNormEps)
    }
    func linear(_ name: String, _ outputs: Int, _ inputs: Int) throws -> Linear {
      Linear(
        weight: try file.tensor(root + name + ".weight", shape: [outputs, inputs]),
        bias: try file.tensor(root + name + ".bias", shape: [outputs]))
    }
    words = try file.tensor(root + "embeddings.word_embeddings.weight", shape: [configuration.vocabSize, width]).values
    var positions = try file.tensor(
      root + "embeddings.position_embeddings.weight", shape: [configuration.maxPositionEmbeddings, width]
    ).values
    positions.removeLast((configuration.maxPositionEmbeddings - limit) * width)
    let types = try file.tensor(root + "embeddings.token_type_embeddings.weight", shape: [configuration.typeVocabSize, width]).values
    for index in positions.indices { positions[index] += types[index % width] }
    self.positions = positions
    self.norm = try norm("embeddings.LayerNorm")
    layers = try (0..<configuration.numHiddenLayers).map { index in
      let name = "encoder.layer.\(index)."
      return Layer(
        projection: try Self.projection(file, root + name + "attention.self.", width: width, heads: heads),
        attended: try linear(name + "attention.output.dense", width, width), attentionNorm: try norm(name + "attention.output.LayerNorm"),
        widen: try linear(name + "intermediate.dense", configuration.intermediateSize, width),
        narrow: try linear(name + "output.dense", width, configuration.intermediateSize), outputNorm: try norm(name + "output.LayerNorm"))
    }
  }

  private static func projection(_ file: SafetensorsFile, _ name: String, width: Int, heads: Int) throws -> Linear {
    var weight: [Float] = []
    var bias: [Float] = []
    for part in ["query", "key", "value"] {
      let factor = part == "query" ? 1 / Float(width / heads).squareRoot() : 1
      weight += try file.tensor(name + part + ".weight", shape: [width, width]).values.map { $0 * factor }
      bias += try file.tensor(name + part + ".bias", shape: [width]).values.map { $0 * factor }
    }
    return Linear(weight: Tensor(shape: [3 * width, width], values: weight), bias: Tensor(shape: [3 * width], values: bias))
  }

  /// The vector of a text. *Shape* `[dimensions]`, of length 1.
  package func encode(_ text: String) -> [Float] { encode([text])[0] }

  /// The vectors of several texts, in their order. Cheaper than one by one: the texts share every matrix product, without padding.
  package func encode(_ texts: [String]) -> [[Float]] {
    var vectors: [[Float]] = []
    var batch: [[Int]] = []
    for text in texts {
      let tokens = tokenizer.encode(text, limit: tokenLimit)
      if batch.reduce(tokens.count, { $0 + $1.count }) > 1024 {
        vectors += encode(tokens: batch)
        batch = []
      }
      batch.append(tokens)
    }
    return batch.isEmpty ? vectors : vectors + encode(tokens: batch)
  }

  /// The forward pass over texts laid end to end.
  private func encode(tokens texts: [[Int]]) -> [[Float]] {
    let rows = texts.reduce(0) { $0 + $1.count }
    let longest = texts.map(\.count).max() ?? 0
    var x: [Float] = []  // [rows, width]
    x.reserveCapacity(rows * width)
    for text in texts {
      for (position, token) in text.enumerated() {
        for i in 0..<width { x.append(words[token * width + i] + positions[position * width + i]) }
      }
    }
    var projected = [Float](repeating: 0, count: rows * 3 * width)
    var context = [Float](repeating: 0, count: rows * width)
    var scores = [Float](repeating: 0, count: longest * longest)
    var wide = [Float](repeating: 0, count: rows * (layers.first?.widen.outputWidth ?? 0))
    norm.apply(&x, rows: rows)
    for layer in layers {
      layer.projection.apply(x, rows: rows, to: &projected)
      var first = 0
      for text in texts {
        attend(projected, from: first, count: text.count, scores: &scores, to: &context)
        first += text.count
      }
      layer.attended.apply(context, rows: rows, to: &x, accumulate: true)
      layer.attentionNorm.apply(&x, rows: rows)
      layer.widen.apply(x, rows: rows, to: &wide, activation: .gelu)
      layer.narrow.apply(wide, rows: rows, to: &x, accumulate: true)
      layer.outputNorm.apply(&x, rows: rows)
    }
    var first = 0
    return texts.map { text in
      defer { first += text.count }
      var vector = Array(x[first * width..<(first + 1) * width])
      if !firstTokenOnly {
        for row in first + 1..<first + text.count { for i in 0..<width { vector[i] += x[row * width + i] } }
      }
      Kernels.normalize(&vector, count: width)
      return vector
    }
  }

  /// Attention of one text over itself, head by head.
  private func attend(
    _ projected: UnsafePointer<Float>, from first: Int, count: Int, scores: UnsafeMutablePointer<Float>,
    to context: UnsafeMutablePointer<Float>
  ) {
    let depth = width / heads
    for head in 0..<heads {
      let query = projected + first * 3 * width + head * depth
      Kernels.gemm(
        transposedB: true, m: count, n: count, k: depth, query, lda: 3 * width, query + width, ldb: 3 * width, scores, ldc: count)
      Kernels.softmax(scores, rows: count, width: count)
      Kernels.gemm(
        m: count, n: depth, k: count, scores, lda: count, query + 2 * width, ldb: 3 * width, context + first * width + head * depth,
        ldc: width)
    }
  }
}
