import Core
import Neural

/// Times a sentence encoder, tokenizer included, on one sentence of 20 tokens and on 32 of them together: `sentence [--runs N] [--model FOLDER]`.
enum SentenceBenchmark {
  /// 18 words and marks; 20 tokens with the two that frame them. The reference script has the same.
  static let sentence = "A person wearing a red jacket walks from left to right past a parked white van today."

  static func run(_ arguments: [String]) throws {
    var runs = 100
    var name = "all-MiniLM-L6-v2"
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--runs": runs = rest.popFirst().flatMap(Int.init) ?? runs
      case "--model": name = rest.popFirst() ?? name
      default: throw NeuralError(.misconfigured, "sentence [--runs N] [--model FOLDER]")
      }
    }
    let encoder = try SentenceEncoder(folder: ModelLibrary().folder(of: name))
    let tokens = encoder.tokenizer.encode(sentence, limit: encoder.tokenLimit).count
    let batch = [String](repeating: sentence, count: 32)
    try KernelTimes.print([
      KernelTimes("\(name), one sentence of \(tokens) tokens", runs: runs) { _ = encoder.encode(sentence) },
      KernelTimes("\(name), 32 sentences of \(tokens) tokens", runs: max(1, runs / 20)) { _ = encoder.encode(batch) },
    ])
  }
}
