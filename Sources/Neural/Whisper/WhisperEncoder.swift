import Core
import Foundation

/// Whisper's encoder: two convolutions over the spectrogram, sinusoidal positions, then transformer blocks with the norm in front.
///
/// *Isolation* keeps working memory between calls: use it from one actor. The weights are shared.
/// *Source*: Radford et al. 2022, section 2.2; `AudioEncoder` of openai/whisper; names of `transformers`' WhisperEncoder.
final class WhisperEncoder {
  private let weights: Weights
  private let (spectrum, hidden, normed, projected, inner, scores) =
    (FloatBuffer(), FloatBuffer(), FloatBuffer(), FloatBuffer(), FloatBuffer(), FloatBuffer())

  init(_ weights: Weights) { self.weights = weights }

  /// What the encoder knows, for any number of encoders.
  struct Weights: Sendable {
    /// The frequencies of speech a window holds, in positions of 20 ms.
    let positions: Int
    let width: Int
    fileprivate let bins: Int
    fileprivate let heads: Int
    fileprivate let first: Linear  // kernel 3, stride 1, its inputs ordered [time, bin]
    fileprivate let second: Linear  // kernel 3, stride 2, its inputs ordered [time, channel]
    fileprivate let positionEmbedding: [Float]  // [positions, width]
    fileprivate let blocks: [Block]
    fileprivate let norm: WhisperLayerNorm
  }

  fileprivate struct Block: Sendable {
    let attentionNorm: WhisperLayerNorm
    let queryKeyValue: Linear  // [3 · width, width]
    let output: Linear
    let innerNorm: WhisperLayerNorm
    let up: Linear
    let down: Linear
  }

  /// Encodes `positions` · 20 ms of a spectrogram from row `start` on.
  ///
  /// *Shape* of the result: `[positions, width]`, valid until the next call.
  func encode(_ frames: LogMelSpectrogram.Frames, from start: Int, positions: Int) -> UnsafePointer<Float> {
    let width = weights.width
    let rows = 2 * positions
    let mel = spectrum.reserve(rows * weights.bins)
    frames.copy(from: start, rows: rows, to: mel)
    let wide = inner.reserve(rows * width)
    weights.first.apply(triples(of: mel, rows: rows, width: weights.bins, step: 1), rows: rows, to: wide, activation: .gelu)
    let x = hidden.reserve(positions * width)
    weights.second.apply(triples(of: wide, rows: rows, width: width, step: 2), rows: positions, to: x, activation: .gelu)
    Kernels.add(x, weights.positionEmbedding, count: positions * width)
    let y = normed.reserve(positions * width)
    for block in weights.blocks {
      // What is cancelled is not looked at.
      if Task.isCancelled { break }
      block.attentionNorm.apply(x, to: y, rows: positions)
      let qkv = projected.reserve(positions * 3 * width)
      block.queryKeyValue.apply(y, rows: positions, to: qkv)
      attend(qkv, to: y, positions: positions)
      block.output.apply(y, rows: positions, to: x, accumulate: true)
      block.innerNorm.apply(x, to: y, rows: positions)
      let z = inner.reserve(positions * block.up.outputWidth)
      block.up.apply(y, rows: positions, to: z, activation: .gelu)
      block.down.apply(z, rows: positions, to: x, accumulate: true)
    }
    weights.norm.apply(x, to: y, rows: positions)
    return UnsafePointer(y)
  }

  /// Every `step`th row between its neighbours, zeros beyond the ends: the input of a convolution as that of a matrix product.
  private func triples(of x: UnsafePointer<Float>, rows: Int, width: Int, step: Int) -> UnsafePointer<Float> {
    let target = projected.reserve(rows / step * 3 * width)
    for row in 0..<rows / step {
      let (from, to) = (row * step - 1, target + row * 3 * width)
      let (low, high) = (max(0, from), min(rows, from + 3))
      if from < low { to.update(repeating: 0, count: width) }
      (to + (low - from) * width).update(from: x + low * width, count: (high - low) * width)
      if high < from + 3 { (to + 2 * width).update(repeating: 0, count: width) }
    }
    return UnsafePointer(target)
  }

  /// *Shape* `qkv`: `[positions, 3 · width]`; `output`: `[positions, width]`.
  private func attend(_ qkv: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>, positions: Int) {
    let (width, heads) = (weights.width, weights.heads)
    let size = width / heads
    let block = min(positions, 192)  // as many rows of scores as stay in the cache between the two products
    let scores = scores.reserve(block * positions)
    let factor = 1 / Float(size).squareRoot()
    for head in 0..<heads {
      let query = qkv + head * size
      var row = 0
      while row < positions {
        let rows = min(block, positions - row)
        Kernels.gemm(
          transposedB: true, m: rows, n: positions, k: size, query + row * 3 * width, lda: 3 * width, query + width, ldb: 3 * width, scores,
          ldc: positions)
        Kernels.softmax(scores, rows: rows, width: positions, factor: factor)
        Kernels.gemm(
          m: rows, n: size, k: positions, scores, lda: positions, query + 2 * width, ldb: 3 * width, output + row * width + head * size,
          ldc: width)
        row += rows
      }
    }
  }
}

extension WhisperEncoder.Weights {
  init(_ weights: SafetensorsFile, configuration: WhisperConfiguration) throws {
    (positions, width, bins, heads) =
      (configuration.sourcePositions, configuration.width, configuration.melBins, configuration.encoderHeads)
    let (width, inner) = (configuration.width, configuration.encoderInnerWidth)
    func convolution(_ name: String, inputs: Int) throws -> Linear {
      let weight = try weights.tensor(name + ".weight", shape: [width, inputs, 3]).values
      var reordered = [Float](repeating: 0, count: weight.count)
      for o in 0..<width {
        for i in 0..<inputs { for t in 0..<3 { reordered[(o * 3 + t) * inputs + i] = weight[(o * inputs + i) * 3 + t] } }
      }
      return Linear(
        weight: Tensor(shape: [width, 3 * inputs], values: reordered), bias: try weights.tensor(name + ".bias", shape: [width]))
    }
    first = try convolution("model.encoder.conv1", inputs: bins)
    second = try convolution("model.encoder.conv2", inputs: width)
    positionEmbedding = try weights.tensor("model.encoder.embed_positions.weight", shape: [positions, width]).values
    blocks = try (0..<configuration.encoderLayers).map { layer in
      let name = "model.encoder.layers.\(layer)"
      func linear(_ part: String, _ rows: Int, _ columns: Int) throws -> Linear {
        Linear(
          weight: try weights.tensor("\(name).\(part).weight", shape: [rows, columns]),
          bias: try weights.tensor("\(name).\(part).bias", shape: [rows]))
      }
      var joined = (weight: [Float](), bias: [Float]())
      for part in ["q", "k", "v"] {
        joined.weight += try weights.tensor("\(name).self_attn.\(part)_proj.weight", shape: [width, width]).values
        joined.bias +=
          part == "k"
          ? [Float](repeating: 0, count: width) : try weights.tensor("\(name).self_attn.\(part)_proj.bias", shape: [width]).values
      }
      return WhisperEncoder.Block(
        attentionNorm: try WhisperLayerNorm(weights, "\(name).self_attn_layer_norm", width: width),
        queryKeyValue: Linear(
          weight: Tensor(shape: [3 * width, width], values: joined.weight), bias: Tensor(shape: [3 * width], values: joined.bias)),
        output: try linear("self_attn.out_proj", width, width),
        innerNorm: try WhisperLayerNorm(weights, "\(name).final_layer_norm", width: width), up: try linear("fc1", inner, width),
        down: try linear("fc2", width, inner))
    }
    norm = try WhisperLayerNorm(weights, "model.encoder.layer_norm", width: width)
  }
}
