import CKernels
import Core
import Foundation

/// YAMNet: which of the 521 kinds of sound of AudioSet a second of sound holds, several at once if need be.
///
/// MobileNet v1 over a log-mel spectrogram: a convolution, thirteen pairs of a depthwise and a 1 × 1 convolution, the mean over time and
/// frequency, one linear layer. Activations are kept channels last. Batch normalisation is folded into the weights of the file.
///
/// *Source*: tensorflow/models, research/audioset/yamnet; Howard et al. 2017, "MobileNets", table 1. Padding is TensorFlow's "SAME".
package struct YAMNet: Sendable {
  package static let sampleRateHertz = 16_000
  /// Samples heard at once.
  package static let window = LogMelPatch.length
  /// Samples from one window to the next, as the model's own front end has it.
  package static let hop = 7680
  /// Names of the kinds of sound, as AudioSet gives them. *Shape* `[classes]`.
  package let labels: [String]

  private let spectrogram = LogMelPatch()
  private let stem: Linear  // [32, 3 · 3]
  private let blocks: [Block]
  private let classifier: Linear  // [classes, 1024]

  private struct Block: Sendable {
    var taps: [Float]  // [3, 3, channels]
    var shift: [Float]  // [channels]
    var mix: Linear  // [outputs, channels]
    var stride: Int
    var channels: Int { shift.count }
  }

  /// Outputs and stride of each pair of convolutions.
  private static let layers = [
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
  ]
  private static let stemOutputs = 32
  /// Outputs of the last convolution.
  private static let width = 1024

  private struct Configuration: Decodable {
    var architecture: String
  }

  private struct Label: Decodable {
    var name: String
  }

  /// - Throws: `NeuralError` naming the file, the tensor and what is wrong with it.
  package init(folder url: URL) throws {
    let folder = ModelFolder(url: url)
    let architecture = try folder.decode(Configuration.self, from: "config.json").architecture
    guard architecture == "yamnet" else {
      throw NeuralError(.misconfigured, "\(url.path) holds a model \(architecture), not yamnet")
    }
    labels = try Self.labels(in: url)
    let file = try folder.weights()
    func linear(_ name: String, shape: [Int]) throws -> Linear {
      let weight = try file.tensor(name + ".weight", shape: shape)
      return Linear(
        weight: Tensor(shape: [shape[0], shape.dropFirst().reduce(1, *)], values: weight.values),
        bias: try file.tensor(name + ".bias", shape: [shape[0]]))
    }
    stem = try linear("layer1.conv", shape: [Self.stemOutputs, 1, 3, 3])
    var blocks: [Block] = []
    var channels = Self.stemOutputs
    for (index, (outputs, stride)) in Self.layers.enumerated() {
      let name = "layer\(index + 2)."
      let weight = try file.tensor(name + "depthwise.weight", shape: [channels, 1, 3, 3]).values
      var taps = weight
      for channel in 0..<channels { for tap in 0..<9 { taps[tap * channels + channel] = weight[channel * 9 + tap] } }
      blocks.append(
        Block(
          taps: taps, shift: try file.tensor(name + "depthwise.bias", shape: [channels]).values,
          mix: try linear(name + "pointwise", shape: [outputs, channels, 1, 1]), stride: stride))
      channels = outputs
    }
    self.blocks = blocks
    classifier = try linear("classifier", shape: [labels.count, Self.width])
  }

  /// The names a model in a folder can give, without loading it.
  ///
  /// - Throws: `NeuralError` naming the file and what is wrong with it.
  package static func labels(in folder: URL) throws -> [String] {
    try ModelFolder(url: folder).decode([Label].self, from: "labels.json").map(\.name)
  }

  /// How likely a window holds each kind of sound, independently of the others.
  ///
  /// - Parameter window: 15,600 samples at 16 kHz, −1...1.
  /// - Returns: *Shape* `[classes]`. *Range* 0...1.
  package func probabilities(of window: ArraySlice<Float>) -> [Float] {
    var scores = logits(of: window)
    Kernels.sigmoid(&scores, count: scores.count)
    return scores
  }

  func patch(of window: ArraySlice<Float>) -> [Float] {
    precondition(window.count == Self.window, "a window of \(window.count) samples")
    return window.withUnsafeBufferPointer { spectrogram($0.baseAddress!) }
  }

  func logits(of window: ArraySlice<Float>) -> [Float] { logits(ofPatch: patch(of: window)) }

  /// *Shape* `patch`: `[96, 64]`.
  func logits(ofPatch patch: [Float]) -> [Float] {
    // The largest of each: the 48 × 32 positions after the second convolution, 64 channels, padded for the third.
    let padded = UnsafeMutablePointer<Float>.allocate(capacity: 50 * 34 * 64)
    let filtered = UnsafeMutablePointer<Float>.allocate(capacity: 48 * 32 * 64)
    defer {
      padded.deallocate()
      filtered.deallocate()
    }
    var (rows, columns) = (LogMelPatch.rows / 2, LogMelPatch.bands / 2)
    stem.apply(Self.neighbourhoods(in: patch), rows: rows * columns, to: filtered, activation: .relu)
    var heard = [Float](repeating: 0, count: 0)
    for block in blocks {
      let (tall, wide) = (SamePadding(side: rows, size: 3, stride: block.stride), SamePadding(side: columns, size: 3, stride: block.stride))
      let (line, paddedLine) = (columns * block.channels, wide.paddedSide * block.channels)
      padded.update(repeating: 0, count: tall.paddedSide * paddedLine)
      for row in 0..<rows {
        (padded + (tall.before + row) * paddedLine + wide.before * block.channels).update(from: filtered + row * line, count: line)
      }
      (rows, columns) = (tall.outputSide, wide.outputSide)
      heard = [Float](repeating: 0, count: rows * columns * block.channels)
      kernels_depthwise(
        3, block.stride, padded, paddedLine, block.taps, block.shift, block.channels, .infinity, &heard, rows, columns)
      block.mix.apply(heard, rows: rows * columns, to: filtered, activation: .relu)
    }
    var mean = [Float](repeating: 0, count: Self.width)
    for position in 0..<rows * columns { Kernels.add(&mean, filtered + position * Self.width, count: Self.width) }
    Kernels.scale(&mean, by: 1 / Float(rows * columns), count: Self.width)
    var logits = [Float](repeating: 0, count: labels.count)
    classifier.apply(mean, rows: 1, to: &logits)
    return logits
  }

  /// The nine values under the first kernel at every second position; "SAME" for even sides pads after the end only.
  private static func neighbourhoods(in patch: [Float]) -> [Float] {
    let (rows, bands) = (LogMelPatch.rows, LogMelPatch.bands)
    var values = [Float](repeating: 0, count: rows / 2 * (bands / 2) * 9)
    var at = 0
    for row in stride(from: 0, to: rows, by: 2) {
      for band in stride(from: 0, to: bands, by: 2) {
        for y in row..<row + 3 {
          for x in band..<band + 3 {
            if y < rows, x < bands { values[at] = patch[y * bands + x] }
            at += 1
          }
        }
      }
    }
    return values
  }
}
