import Core
import Foundation

/// What the vision stage made of the sampled frames of one file, and of a second view of each: the material of the benchmarks, kept so
/// that a file is looked at once.
package struct FeatureRecording: Sendable, Equatable, Codable {
  package var name: String
  /// The vision model that looked.
  package var model: String
  /// *Units* seconds; *Shape* one per frame.
  package var starts: [Double]
  package var ends: [Double]
  package var tags: [[FrameFeatures.Tag]]
  package var seen: View
  /// The whole picture squeezed into the square, where `seen` is its centre: the same moment as somebody else would show it.
  package var cue: View

  package var count: Int { starts.count }

  /// The vectors of one view of every frame.
  package struct View: Sendable, Equatable, Codable {
    package var pooled = VectorRows()
    package var textual = VectorRows()
  }

  /// *Throws* when the parts do not fit together: the file is not a recording, or damaged.
  package init(contentsOf file: URL) throws {
    self = try PropertyListDecoder().decode(FeatureRecording.self, from: Data(contentsOf: file))
    let rows = [seen.pooled, seen.textual, cue.pooled, cue.textual]
    guard ends.count == count, tags.count == count, rows.allSatisfy({ $0.dimensions == 0 || $0.count == count }), seen.pooled.count == count
    else { throw PipelineError(.badInput, code: .corruptInput, "\(file.path): not a recording of features") }
  }

  init(name: String, model: String) {
    (self.name, self.model) = (name, model)
    (starts, ends, tags, seen, cue) = ([], [], [], View(), View())
  }

  package func write(to file: URL) throws {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try encoder.encode(self).write(to: file, options: .atomic)
  }
}

/// Vectors in half precision, as a memory stores them.
///
/// *Shape* `[count, dimensions]`.
package struct VectorRows: Sendable, Equatable, Codable {
  package private(set) var dimensions = 0
  private var halves = Data()

  package var count: Int { dimensions > 0 ? halves.count / (2 * dimensions) : 0 }

  /// - Precondition: every row has the dimensions of the first.
  mutating func append(_ row: [Float]) {
    if dimensions == 0 { dimensions = row.count }
    precondition(row.count == dimensions, "a row of \(row.count) among rows of \(dimensions)")
    row.map { Float16(min(max($0, -65504), 65504)) }.withUnsafeBytes { halves.append(contentsOf: $0) }
  }

  package subscript(_ row: Int) -> [Float] {
    halves.withUnsafeBytes { bytes in
      (0..<dimensions).map { Float(bytes.loadUnaligned(fromByteOffset: 2 * (row * dimensions + $0), as: Float16.self)) }
    }
  }
}
