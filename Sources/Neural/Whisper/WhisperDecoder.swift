import Core
import Foundation

/// Whisper's decoder: reads what the encoder heard and writes tokens, one row each, for several sequences side by side.
///
/// The keys and values of the tokens so far are kept for each sequence, those of the sound are made once for a window and shared. Weights,
/// and the sound's keys and values, are halves: a step is bound by reading them.
///
/// *Isolation* keeps working memory between calls: use it from one actor. The weights are shared.
/// *Source*: Radford et al. 2022, section 2.2; `TextDecoder` of openai/whisper; names of `transformers`' WhisperDecoder.
final class WhisperDecoder {
  let vocabularySize: Int
  /// Tokens a sequence may hold.
  let capacity: Int
  private let weights: Weights
  private let width: Int
  private let heads: Int

  /// What the decoder knows, for any number of decoders.
  struct Weights: Sendable {
    fileprivate let vocabularySize: Int
    fileprivate let capacity: Int
    fileprivate let width: Int
    fileprivate let heads: Int
    fileprivate let embedding: HalfMatrix  // [vocabularySize, width]
    fileprivate let positionEmbedding: [Float]  // [capacity, width]
    fileprivate let blocks: [WhisperDecoderBlock]
    fileprivate let norm: WhisperLayerNorm
    fileprivate let alignmentHeads: [WhisperConfiguration.AlignmentHead]

    init(_ weights: SafetensorsFile, configuration: WhisperConfiguration) throws {
      (width, heads) = (configuration.width, configuration.decoderHeads)
      (vocabularySize, capacity) = (configuration.vocabularySize, configuration.targetPositions)
      let table = try weights.halves("model.decoder.embed_tokens.weight", shape: [vocabularySize, width])
      embedding = HalfMatrix(rows: vocabularySize, columns: width, bits: table.bits)
      positionEmbedding = try weights.tensor("model.decoder.embed_positions.weight", shape: [capacity, width]).values
      blocks = try (0..<configuration.decoderLayers).map { try WhisperDecoderBlock(weights, layer: $0, configuration: configuration) }
      norm = try WhisperLayerNorm(weights, "model.decoder.layer_norm", width: width)
      alignmentHeads = configuration.alignmentHeads
    }
  }

  private var sound: [WhisperSoundMemory]
  private var soundPositions = 0
  private var keys: [FloatBuffer]  // of each layer: [slot, capacity, width]
  private var values: [FloatBuffer]
  private var slots: [Int] = []  // the slot of each sequence
  private let (hidden, normed, projected, attended, inner, scores, logits) =
    (FloatBuffer(), FloatBuffer(), FloatBuffer(), FloatBuffer(), FloatBuffer(), FloatBuffer(), FloatBuffer())

  /// One token at its place in one of the sequences.
  struct Row {
    var sequence: Int
    var position: Int
    var token: Int
  }

  init(_ weights: Weights) {
    self.weights = weights
    (width, heads) = (weights.width, weights.heads)
    (vocabularySize, capacity) = (weights.vocabularySize, weights.capacity)
    sound = weights.blocks.map { _ in WhisperSoundMemory() }
    keys = weights.blocks.map { _ in FloatBuffer() }
    values = weights.blocks.map { _ in FloatBuffer() }
  }

  /// Takes in a window of sound and forgets the one before. *Shape* `encoded`: `[positions, width]`.
  func listen(to encoded: UnsafePointer<Float>, positions: Int) {
    soundPositions = positions
    let scratch = inner.reserve(positions * width)
    for (layer, block) in weights.blocks.enumerated() {
      sound[layer].fill(from: encoded, positions: positions, block: block, heads: heads, scratch: scratch)
    }
  }

  /// Prepares for `count` sequences; what earlier ones held is forgotten.
  func begin(sequences count: Int) {
    slots = Array(0..<count)
    for buffer in keys + values { _ = buffer.reserve(count * capacity * width) }
  }

  /// Sequence `i` becomes a copy of what sequence `sources[i]` was. *Shape* `sources`: one for each sequence begun.
  ///
  /// - Parameter length: tokens the sequences hold.
  func rearrange(_ sources: [Int], length: Int) {
    var unused = Set(slots).subtracting(sources.map { slots[$0] }).sorted()
    var taken: Set<Int> = []
    slots = sources.map { source in
      let slot = slots[source]
      guard !taken.insert(slot).inserted, let copy = unused.popLast() else { return slot }
      for buffer in keys + values {
        (buffer.pointer + copy * capacity * width).update(from: buffer.pointer + slot * capacity * width, count: length * width)
      }
      return copy
    }
  }

  /// Runs rows through the decoder. The rows of one sequence must come in order and continue what it holds.
  ///
  /// - Parameters:
  ///   - wanted: the rows, by index and in order, whose scores over the vocabulary are wanted.
  ///   - capture: receives the raw scores of the alignment heads, `[head, row, position]`.
  /// - Returns: `[wanted.count, vocabularySize]`, valid until the next call.
  func run(_ rows: [Row], wanted: [Int], capture: UnsafeMutablePointer<Float>? = nil) -> UnsafeMutablePointer<Float> {
    let count = rows.count
    let x = hidden.reserve(count * width)
    for (i, row) in rows.enumerated() {
      weights.embedding.copyRow(row.token, to: x + i * width)
      weights.positionEmbedding.withUnsafeBufferPointer { Kernels.add(x + i * width, $0.baseAddress! + row.position * width, count: width) }
    }
    let y = normed.reserve(count * width)
    let z = attended.reserve(count * width)
    for (layer, block) in weights.blocks.enumerated() {
      block.attentionNorm.apply(x, to: y, rows: count)
      let qkv = projected.reserve(count * 3 * width)
      block.queryKeyValue.multiply(y, batch: count, to: qkv)
      attendTokens(rows, layer: layer, qkv: qkv, to: z)
      block.output.multiply(z, batch: count, to: y)
      Kernels.add(x, y, count: count * width)

      block.soundNorm.apply(x, to: y, rows: count)
      block.soundQuery.multiply(y, batch: count, to: qkv)
      attendSound(layer: layer, query: qkv, count: count, to: z, capture: capture)
      block.soundOutput.multiply(z, batch: count, to: y)
      Kernels.add(x, y, count: count * width)

      block.innerNorm.apply(x, to: y, rows: count)
      let wide = inner.reserve(count * block.up.rows)
      block.up.multiply(y, batch: count, to: wide)
      Kernels.gelu(wide, count: count * block.up.rows)
      block.down.multiply(wide, batch: count, to: y)
      Kernels.add(x, y, count: count * width)
    }
    for (i, row) in wanted.enumerated() { weights.norm.apply(x + row * width, to: y + i * width, rows: 1) }
    let output = logits.reserve(max(1, wanted.count) * vocabularySize)
    weights.embedding.multiply(y, batch: wanted.count, to: output)
    return output
  }

  /// Attention of each row to the tokens of its own sequence up to itself.
  private func attendTokens(_ rows: [Row], layer: Int, qkv: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>) {
    let size = width / heads
    let factor = 1 / Float(size).squareRoot()
    let weights = scores.reserve(capacity)
    for (i, row) in rows.enumerated() {
      let base = slots[row.sequence] * capacity * width
      let (keys, values) = (keys[layer].pointer + base, values[layer].pointer + base)
      let query = qkv + i * 3 * width
      (keys + row.position * width).update(from: query + width, count: width)
      (values + row.position * width).update(from: query + 2 * width, count: width)
      let length = row.position + 1
      for head in 0..<heads {
        let offset = head * size
        for t in 0..<length { weights[t] = Kernels.dot(query + offset, keys + t * width + offset, count: size) }
        Kernels.softmax(weights, rows: 1, width: length, factor: factor)
        let target = output + i * width + offset
        target.update(repeating: 0, count: size)
        for t in 0..<length { Kernels.accumulate(values + t * width + offset, times: weights[t], onto: target, count: size) }
      }
    }
  }

  /// Attention of each row to the sound. *Shape* `query`, `output`: `[count, width]`.
  private func attendSound(
    layer: Int, query: UnsafePointer<Float>, count: Int, to output: UnsafeMutablePointer<Float>, capture: UnsafeMutablePointer<Float>?
  ) {
    let size = width / heads
    let factor = 1 / Float(size).squareRoot()
    let memory = sound[layer]
    let weights = scores.reserve(count * memory.stride)
    for head in 0..<heads {
      memory.score(query, width: width, head: head, size: size, count: count, to: weights)
      if let capture {
        for (index, aligned) in self.weights.alignmentHeads.enumerated() where aligned.layer == layer && aligned.head == head {
          for row in 0..<count {
            let target = capture + (index * count + row) * soundPositions
            target.update(from: weights + row * memory.stride, count: soundPositions)
            Kernels.scale(target, by: factor, count: soundPositions)
          }
        }
      }
      Kernels.softmax(weights, rows: count, width: soundPositions, stride: memory.stride, factor: factor)
      memory.mix(weights, width: width, head: head, size: size, count: count, to: output)
    }
  }
}
