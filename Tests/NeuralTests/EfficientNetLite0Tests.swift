import CKernels
import Core
import Foundation
import Testing

@testable import Neural

@Suite struct EfficientNetLite0Tests {
  static let installed = ModelLibrary().isInstalled("efficientnet-lite0")

  @Test(
    "a depthwise convolution equals the naive one: odd sizes, both strides, channels that are no multiple of eight",
    arguments: [(3, 1), (3, 2), (5, 1), (5, 2), (7, 3)], [(5, 8), (7, 16), (13, 19), (4, 3)])
  func depthwise(kernel: (size: Int, stride: Int), picture: (side: Int, channels: Int)) {
    let (size, stride) = kernel
    let (side, channels) = picture
    var numbers = SeededNumbers(seed: 3)
    let x = numbers.floats(side * side * channels).map { 4 * $0 }
    let taps = numbers.floats(size * size * channels)
    let shift = numbers.floats(channels)
    let frame = SamePadding(side: side, size: size, stride: stride)
    var padded = [Float](repeating: .nan, count: frame.paddedSide * frame.paddedSide * channels)
    padded.withUnsafeMutableBufferPointer { frame.clearBorder(of: $0.baseAddress!, channels: channels) }
    for row in 0..<side {
      for i in 0..<side * channels {
        padded[((row + frame.before) * frame.paddedSide + frame.before) * channels + i] = x[row * side * channels + i]
      }
    }
    var expected: [Float] = []
    for row in 0..<frame.outputSide {
      for column in 0..<frame.outputSide {
        for channel in 0..<channels {
          var sum = Double(shift[channel])
          for ky in 0..<size {
            for kx in 0..<size {
              let (y, z) = (row * stride + ky - frame.before, column * stride + kx - frame.before)
              guard y >= 0, y < side, z >= 0, z < side else { continue }
              sum += Double(x[(y * side + z) * channels + channel]) * Double(taps[(ky * size + kx) * channels + channel])
            }
          }
          expected.append(Float(min(max(sum, 0), 6)))
        }
      }
    }
    var y = [Float](repeating: .nan, count: expected.count)
    kernels_depthwise(
      size, stride, padded, frame.paddedSide * channels, taps, shift, channels, 6, &y, frame.outputSide, frame.outputSide)
    #expect(worst(y, expected).difference < 1e-5)
  }

  @Test("SAME padding puts the odd zero at the end, as TensorFlow does")
  func samePadding() {
    let cases = [(224, 3, 2, 0, 1), (56, 5, 2, 1, 2), (14, 5, 2, 1, 2), (112, 3, 1, 1, 1), (7, 5, 2, 2, 2), (7, 3, 2, 1, 1)]
    for (side, size, stride, before, after) in cases {
      let frame = SamePadding(side: side, size: size, stride: stride)
      #expect(frame.before == before && frame.after == after, "\(side), \(size), \(stride)")
    }
  }

  @Test(
    "class probabilities, pooled vectors and the grid equal PyTorch's on ten generated pictures",
    .enabled(if: installed, "weights not installed: efficientnet-lite0"))
  func parity() throws {
    try compare(with: Golden.tensors("efficientnet")) { Golden.picture(seed: UInt64($0)) }
  }

  /// Run by hand with the file that Goldens/make_efficientnet.py makes from a folder of photographs.
  @Test(
    "class probabilities equal PyTorch's on real photographs",
    .enabled(if: ProcessInfo.processInfo.environment["AFTERIMAGE_PARITY_PHOTOS"] != nil, "no photographs given: AFTERIMAGE_PARITY_PHOTOS"))
  func photographs() throws {
    let path = try #require(ProcessInfo.processInfo.environment["AFTERIMAGE_PARITY_PHOTOS"])
    let golden = try SafetensorsFile(url: URL(fileURLWithPath: path))
    let samples = try golden.tensor("pictures").values.map { UInt8($0) }
    try compare(with: golden) {
      Picture(width: 224, height: 224, planes: 3, samples: Array(samples[$0 * 150_528..<($0 + 1) * 150_528]))
    }
  }

  private func compare(with golden: SafetensorsFile, picture: (Int) -> Picture) throws {
    let model = try EfficientNetLite0(folder: ModelLibrary().folder(of: "efficientnet-lite0"))
    let expected = try golden.tensor("probabilities")
    let pooled = try golden.tensor("pooled").values
    let grid = try golden.tensor("grid").values
    var worstProbability: (difference: Float, picture: Int, index: Int) = (0, 0, 0)
    var worstPooled: Float = 0
    for index in 0..<expected.shape[0] {
      let features = try model.features(of: picture(index))
      if index == 0 {
        let thinned = (0..<49).flatMap { position in stride(from: 0, to: 1280, by: 13).map { features.grid.values[position * 1280 + $0] } }
        #expect(worst(thinned, grid).difference < 1e-3)
      }
      if (index + 1) * 1280 <= pooled.count {
        worstPooled = max(worstPooled, worst(features.pooled, Array(pooled[index * 1280..<(index + 1) * 1280])).difference)
      }
      let truth = Array(expected.values[index * 1000..<(index + 1) * 1000])
      let found = worst(features.probabilities, truth)
      if found.difference > worstProbability.difference { worstProbability = (found.difference, index, found.index) }
      #expect(features.logits.indices.max { features.logits[$0] < features.logits[$1] } == truth.indices.max { truth[$0] < truth[$1] })
    }
    print("EfficientNet-Lite0, \(expected.shape[0]) pictures: worst probability off by \(worstProbability), worst pooled by \(worstPooled)")
    #expect(worstProbability.difference < 1e-3)
    #expect(worstPooled < 1e-3)
  }

  @Test("a picture of the wrong shape is refused", .enabled(if: installed, "weights not installed: efficientnet-lite0"))
  func wrongShape() throws {
    let model = try EfficientNetLite0(folder: ModelLibrary().folder(of: "efficientnet-lite0"))
    #expect(throws: NeuralError.self) {
      try model.features(of: Picture(width: 2, height: 2, planes: 1, samples: [0, 0, 0, 0]))
    }
  }

  @Test("a folder without weights, of another model or with a tensor missing is one clear error")
  func brokenFolders() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func failure() -> NeuralError? { #expect(throws: NeuralError.self) { try EfficientNetLite0(folder: folder) } }
    #expect(failure()?.message.contains("config.json") == true)
    try Data("{\"architecture\":\"resnet50\"}".utf8).write(to: folder.appendingPathComponent("config.json"))
    #expect(failure()?.code == .misconfigured)
    try Data("{\"architecture\":\"tf_efficientnet_lite0\"}".utf8).write(to: folder.appendingPathComponent("config.json"))
    #expect(failure()?.code == .unavailable)
    let empty = Data([2, 0, 0, 0, 0, 0, 0, 0]) + Data("{}".utf8)
    try empty.write(to: folder.appendingPathComponent("model.safetensors"))
    #expect(failure()?.message.contains("conv_stem.weight is missing") == true)
  }
}
