import Core
import Foundation
import Media
import Neural

/// The names a classifier can give as vectors in the space of sentences: the bridge over which questions find what was seen and heard.
///
/// A label's vector is the mean, brought back to unit length, of the vectors of several texts about it.
struct LabelVectors {
  /// *Shape* `[labels, dimensions]`; rows have unit length.
  let values: [Float]
  let dimensions: Int
  let space: EmbeddingSpace

  /// Labels embedded between two reports of progress: about half a second's work.
  private static let batch = 20

  /// Reads the vectors from beside the model, or makes them (about 6 ms a text, once) and leaves them there. A file that is broken, of
  /// other labels or of another encoder is made anew; a folder that cannot be written is no fault.
  ///
  /// - Parameters:
  ///   - texts: what is said about each label, in the order of the classes.
  ///   - digest: of the file the labels are listed in.
  ///   - progress: told 0...1 while making them.
  init(folder: URL, texts labels: [[String]], digest: String, encoder: SentenceEncoder, progress: (Double) -> Void) throws {
    let file = folder.appendingPathComponent("label-vectors.\(encoder.space.rawValue).safetensors")
    (dimensions, space) = (encoder.dimensions, encoder.space)
    if let kept = Self.kept(in: file, labels: labels, digest: digest, encoder: encoder) {
      values = kept
      return
    }
    var values: [Float] = []
    for start in stride(from: 0, to: labels.count, by: Self.batch) {
      try Task.checkCancellation()
      progress(Double(start) / Double(labels.count))
      values += Self.vectors(of: labels[start..<min(labels.count, start + Self.batch)], encoder: encoder)
    }
    progress(1)
    self.values = values
    try? Self.file(values, rows: labels.count, name: digest).write(to: file, options: .atomic)
  }

  /// The vectors beside a model, if they were made before.
  init?(kept folder: URL, texts: [[String]], digest: String, encoder: SentenceEncoder) {
    let file = folder.appendingPathComponent("label-vectors.\(encoder.space.rawValue).safetensors")
    guard let kept = Self.kept(in: file, labels: texts, digest: digest, encoder: encoder) else { return nil }
    (values, dimensions, space) = (kept, encoder.dimensions, encoder.space)
  }

  private static func vectors(of texts: ArraySlice<[String]>, encoder: SentenceEncoder) -> [Float] {
    var vectors = encoder.encode(texts.flatMap { $0 })[...]
    return texts.flatMap { own in
      defer { vectors = vectors.dropFirst(own.count) }
      var sum = [Float](repeating: 0, count: encoder.dimensions)
      for vector in vectors.prefix(own.count) { for index in sum.indices { sum[index] += vector[index] } }
      return normalised(sum)
    }
  }

  /// The vectors in a file, when it holds those of these labels by this encoder: three rows are made again and compared.
  private static func kept(in file: URL, labels: [[String]], digest: String, encoder: SentenceEncoder) -> [Float]? {
    let dimensions = encoder.dimensions
    guard let weights = try? SafetensorsFile(url: file), let tensor = try? weights.tensor(digest) else { return nil }
    guard tensor.shape == [labels.count, dimensions] else { return nil }
    for row in [0, labels.count / 2, labels.count - 1] {
      let fresh = vectors(of: labels[row...row], encoder: encoder)
      let kept = tensor.values[row * dimensions..<(row + 1) * dimensions]
      guard zip(fresh, kept).allSatisfy({ abs($0 - $1) < 1e-3 }) else { return nil }
    }
    return tensor.values
  }

  /// A safetensors file with one tensor, named after the digest of its labels.
  private static func file(_ values: [Float], rows: Int, name: String) -> Data {
    let (columns, bytes) = (values.count / max(1, rows), values.count * 4)
    var header = #"{"\#(name)":{"dtype":"F32","shape":[\#(rows),\#(columns)],"data_offsets":[0,\#(bytes)]}}"#
    while header.utf8.count % 8 != 0 { header += " " }
    var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    data += Data(header.utf8)
    values.withUnsafeBytes { data += Data($0) }
    return data
  }

  /// The vector of one label.
  func embedding(of label: Int) -> Embedding {
    Embedding(space: space, values: Array(values[label * dimensions..<(label + 1) * dimensions]))
  }

  /// A picture in the space of sentences: the sum of the vectors of its likeliest labels, weighted by their probabilities, at unit length.
  ///
  /// *Source* ConSE: Norouzi et al. 2014, "Zero-shot learning by convex combination of semantic embeddings", equation 3.
  func blend(_ likeliest: some Sequence<(label: Int, probability: Float)>) -> [Float] {
    var sum = [Float](repeating: 0, count: dimensions)
    for (label, probability) in likeliest {
      let row = label * dimensions
      for index in sum.indices { sum[index] += probability * values[row + index] }
    }
    return Self.normalised(sum)
  }

  private static func normalised(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }
}
