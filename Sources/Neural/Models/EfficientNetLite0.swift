import CKernels
import Core
import Foundation

/// EfficientNet-Lite0: an image classifier of 4.7 million weights for pictures of 224 × 224.
///
/// Loads any folder laid out like `timm/tf_efficientnet_lite0.in1k` on the Hugging Face Hub. Batch normalisation is folded into the
/// convolutions when they are loaded. Activations are kept channels last, so that a 1 × 1 convolution is a linear layer over pixels.
///
/// *Source*: Tan and Le, "EfficientNet", 2019, table 1, in the Lite variant (ReLU6, no squeeze-and-excitation, stem and head not scaled) of
/// tensorflow/tpu, models/official/efficientnet/lite. Padding is TensorFlow's "SAME".
package struct EfficientNetLite0: Sendable {
  package static let side = 224
  package static let channels = 1280
  /// Number of classes: 1000 for ImageNet-1k.
  package var classes: Int { classifier.outputWidth }

  private let stem: Linear  // [32, 3 · 3 · 3]
  private let blocks: [Block]
  private let head: Linear  // [1280, 320]
  private let classifier: Linear  // [classes, 1280]
  /// What each sample value 0...255 becomes.
  private let normalized: [Float]  // [256]

  private struct Block: Sendable {
    var expand: Linear?
    var taps: [Float]  // [size, size, channels]
    var shift: [Float]  // [channels]
    var project: Linear
    var size: Int
    var stride: Int
    var residual: Bool
    var channels: Int { shift.count }
  }

  /// Repeats, kernel size, stride of the first, expansion, output channels.
  private static let stages = [
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
  ]

  private struct Configuration: Decodable {
    var architecture: String
    /// Of sample values 0...255.
    var mean: Float?
    var std: Float?
    var batchNormEps: Float?
    /// As timm writes it: of sample values 0...1, per plane.
    var pretrainedCfg: Pretrained?

    struct Pretrained: Decodable {
      var mean: [Float]
      var std: [Float]
    }
  }

  /// - Throws: `NeuralError` naming the file, the tensor and what is wrong with it.
  package init(folder url: URL) throws {
    let folder = ModelFolder(url: url)
    let configuration = try folder.decode(Configuration.self, from: "config.json")
    guard configuration.architecture.hasSuffix("efficientnet_lite0") else {
      throw NeuralError(.misconfigured, "\(url.path) holds a model \(configuration.architecture), not tf_efficientnet_lite0")
    }
    let mean = configuration.mean ?? (configuration.pretrainedCfg?.mean.first).map { $0 * 255 } ?? 127
    let deviation = configuration.std ?? (configuration.pretrainedCfg?.std.first).map { $0 * 255 } ?? 128
    guard deviation > 0, mean.isFinite else { throw NeuralError(.corruptInput, "\(url.path)/config.json: std \(deviation), mean \(mean)") }
    normalized = (0..<256).map { (Float($0) - mean) / deviation }

    let weights = FoldedWeights(file: try folder.weights(), epsilon: configuration.batchNormEps ?? 1e-3)
    stem = try weights.linear("conv_stem", "bn1", outputs: 32, kernel: [3, 3, 3])
    var blocks: [Block] = []
    var width = 32
    for (index, (repeats, size, stride, expansion, outputs)) in Self.stages.enumerated() {
      for position in 0..<repeats {
        let name = "blocks.\(index).\(position)."
        let channels = width * expansion
        let expands = expansion > 1
        let (taps, shift) = try weights.depthwise(name + "conv_dw", name + (expands ? "bn2" : "bn1"), channels: channels, size: size)
        blocks.append(
          Block(
            expand: expands ? try weights.linear(name + "conv_pw", name + "bn1", outputs: channels, kernel: [width, 1, 1]) : nil,
            taps: taps, shift: shift,
            project: try weights.linear(
              name + (expands ? "conv_pwl" : "conv_pw"), name + (expands ? "bn3" : "bn2"), outputs: outputs, kernel: [channels, 1, 1]),
            size: size, stride: position == 0 ? stride : 1, residual: position > 0))
        width = outputs
      }
    }
    self.blocks = blocks
    head = try weights.linear("conv_head", "bn2", outputs: Self.channels, kernel: [width, 1, 1])
    let classes = weights.file.shape(of: "classifier.weight")?.first ?? 1000
    classifier = Linear(
      weight: try weights.file.tensor("classifier.weight", shape: [classes, Self.channels]),
      bias: try weights.file.tensor("classifier.bias", shape: [classes]))
  }

  /// Runs the network.
  ///
  /// - Parameter picture: 224 × 224, three planes.
  /// - Throws: `NeuralError.misconfigured` for a picture of another shape.
  package func features(of picture: Picture) throws -> ImageFeatures {
    guard picture.width == Self.side, picture.height == Self.side, picture.planes == 3 else {
      throw NeuralError(
        .misconfigured,
        "EfficientNet-Lite0 sees pictures of \(Self.side)x\(Self.side)x3, not \(picture.width)x\(picture.height)x\(picture.planes)")
    }
    // The largest of each: the expansion of block 1.0, padded; the depthwise output of block 1.1; the output of block 0.0.
    let padded = UnsafeMutablePointer<Float>.allocate(capacity: 113 * 113 * 96)
    let filtered = UnsafeMutablePointer<Float>.allocate(capacity: 56 * 56 * 144)
    let x = UnsafeMutablePointer<Float>.allocate(capacity: 112 * 112 * 16)
    defer {
      padded.deallocate()
      filtered.deallocate()
      x.deallocate()
    }

    var side = Self.side / 2
    for block in blocks {
      let frame = SamePadding(side: side, size: block.size, stride: block.stride)
      let middle = padded + (frame.before * frame.paddedSide + frame.before) * block.channels
      frame.clearBorder(of: padded, channels: block.channels)
      if let expand = block.expand {
        expand.apply(x, rows: side * side, to: middle, group: side, groupStride: frame.paddedSide * block.channels, activation: .relu6)
      } else {
        applyStem(to: picture, middle, rowStride: frame.paddedSide * block.channels)
      }
      kernels_depthwise(
        block.size, block.stride, padded, frame.paddedSide * block.channels, block.taps, block.shift, block.channels, 6,
        filtered, frame.outputSide, frame.outputSide)
      side = frame.outputSide
      block.project.apply(filtered, rows: side * side, to: x, accumulate: block.residual)
    }

    let positions = side * side
    var grid = [Float](repeating: 0, count: positions * Self.channels)
    head.apply(x, rows: positions, to: &grid, activation: .relu6)
    var pooled = [Float](repeating: 0, count: Self.channels)
    for position in 0..<positions {
      grid.withUnsafeBufferPointer { Kernels.add(&pooled, $0.baseAddress! + position * Self.channels, count: Self.channels) }
    }
    Kernels.scale(&pooled, by: 1 / Float(positions), count: Self.channels)
    var logits = [Float](repeating: 0, count: classes)
    classifier.apply(pooled, rows: 1, to: &logits)
    return ImageFeatures(
      grid: FeatureGrid(rows: side, columns: side, channels: Self.channels, values: grid), pooled: pooled, logits: logits)
  }

  /// The class scores of each cell of a grid by itself, before softmax: where in the picture a class was seen. Their mean over the cells is the
  /// class's score of the whole picture.
  ///
  /// *Shape* `[rows · columns, classes]`. *Source* class activation maps: Zhou et al. 2016, "Learning deep features for discriminative
  /// localization". *Complexity* 2 ms.
  package func cellLogits(of grid: FeatureGrid) -> [Float] {
    var logits = [Float](repeating: 0, count: grid.rows * grid.columns * classes)
    classifier.apply(grid.values, rows: grid.rows * grid.columns, to: &logits)
    return logits
  }

  /// The first convolution, 3 × 3 with stride 2, one output row at a time: the 27 samples under the kernel become a row of a matrix.
  private func applyStem(to picture: Picture, _ output: UnsafeMutablePointer<Float>, rowStride: Int) {
    let side = Self.side
    let columns = side / 2
    // "SAME" padding of an even side pads one row and one column, at the end.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: columns * 27) { patches in
      picture.samples.withUnsafeBufferPointer { samples in
        for row in 0..<columns {
          for plane in 0..<3 {
            for ky in 0..<3 {
              let tap = (plane * 3 + ky) * 3
              let inside = 2 * row + ky < side
              let line = (plane * side + 2 * row + ky) * side
              for column in 0..<columns {
                let patch = column * 27 + tap
                for kx in 0..<3 {
                  patches[patch + kx] = inside && 2 * column + kx < side ? normalized[Int(samples[line + 2 * column + kx])] : 0
                }
              }
            }
          }
          stem.apply(patches.baseAddress!, rows: columns, to: output + row * rowStride, activation: .relu6)
        }
      }
    }
  }
}
