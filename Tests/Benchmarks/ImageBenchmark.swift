import Core
import Neural

/// Times EfficientNet-Lite0 on one picture: `image [--runs N] [--model FOLDER]`.
enum ImageBenchmark {
  static func run(_ arguments: [String]) throws {
    var runs = 100
    var name = "efficientnet-lite0"
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--runs": runs = rest.popFirst().flatMap(Int.init) ?? runs
      case "--model": name = rest.popFirst() ?? name
      default: throw NeuralError(.misconfigured, "image [--runs N] [--model FOLDER]")
      }
    }
    let model = try EfficientNetLite0(folder: ModelLibrary().folder(of: name))
    let side = EfficientNetLite0.side
    let picture = Picture(
      width: side, height: side, planes: 3, samples: (0..<3 * side * side).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
    try KernelTimes.print([KernelTimes("\(name), one picture", runs: runs) { _ = try model.features(of: picture) }])
  }
}
