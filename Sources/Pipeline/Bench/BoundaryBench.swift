import Core
import Foundation
import Memory

/// How well every way of cutting a stream into episodes finds the true boundaries of annotated files.
///
/// A boundary is found when a cut lies within two seconds of it, each counted once. Counts are summed over the files.
package struct BoundaryBench: Sendable {
  package static let tolerance = 2.0

  /// The counts of one way of cutting.
  package struct Score: Sendable, Codable, Equatable {
    package var strategy: String
    package var refiner: String
    package var found: Int
    package var truths: Int
    package var hits: Int
    package var precision: Double
    package var recall: Double
    package var f1: Double
    /// F1 of each file, by name.
    package var files: [String: Double]
  }

  private let truth: [String: [Double]]

  /// Reads annotations: a JSON object of file names, each with `shots` that have a `start` in seconds.
  ///
  /// *Throws* `PipelineError` naming the file.
  package init(truth file: String) throws {
    struct Annotation: Decodable {
      var shots: [Shot]
      struct Shot: Decodable { var start: Double }
    }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)) else {
      throw PipelineError(.missingInput, code: .unavailable, "\(file): cannot be read as annotations")
    }
    do {
      truth = try JSONDecoder().decode([String: Annotation].self, from: data).mapValues { $0.shots.map(\.start).filter { $0 > 0 }.sorted() }
    } catch {
      throw PipelineError(
        .badInput, code: .corruptInput, "\(file): not annotations (an object of file names, each with shots that have a start)",
        cause: error)
    }
  }

  /// Whether a file is annotated with boundaries.
  package func knows(_ name: String) -> Bool { truth[name]?.isEmpty == false }

  /// Every strategy with every refiner; what else is set comes from the configuration.
  package func scores(_ recordings: [FeatureRecording], _ configuration: PipelineConfiguration) -> [Score] {
    let streams = recordings.filter { knows($0.name) }.map { recording in
      (recording, vectors: (0..<recording.count).map { recording.seen.pooled[$0] })
    }
    return MemoryConfiguration.Segmentation.Strategy.allCases.flatMap { strategy in
      MemoryConfiguration.Segmentation.Refiner.allCases.map { refiner in
        var choice = configuration.memory.segmentation
        (choice.strategy, choice.refiner) = (strategy, refiner)
        var score = Score(
          strategy: strategy.rawValue, refiner: refiner.rawValue, found: 0, truths: 0, hits: 0, precision: 0, recall: 0, f1: 0, files: [:])
        for (recording, vectors) in streams {
          let cuts = Self.cuts(recording, vectors, choice)
          let truths = truth[recording.name] ?? []
          let hits = Self.hits(cuts, truths)
          score.add(recording.name, found: cuts.count, truths: truths.count, hits: hits)
        }
        return score
      }
    }
  }

  private static func cuts(
    _ recording: FeatureRecording, _ vectors: [[Float]], _ configuration: MemoryConfiguration.Segmentation
  ) -> [Double] {
    var segmenter = Segmenter(configuration, hasVideo: true, from: .zero)
    var starts: [MediaTime] = []
    for (index, vector) in vectors.enumerated() {
      let range = TimeRange(start: MediaTime(seconds: recording.starts[index]), end: MediaTime(seconds: recording.ends[index]))
      starts += segmenter.take(frame: vector, over: range) + segmenter.advance(to: range.end)
    }
    return (starts + segmenter.finish(at: MediaTime(seconds: recording.ends.last ?? 0))).map(\.seconds)
  }

  /// The most pairs of a cut and a truth within the tolerance, each used once. Both ascending.
  static func hits(_ cuts: [Double], _ truths: [Double]) -> Int {
    var (hits, next) = (0, 0)
    for cut in cuts.sorted() {
      while next < truths.count, truths[next] < cut - tolerance { next += 1 }
      guard next < truths.count else { break }
      if truths[next] <= cut + tolerance {
        hits += 1
        next += 1
      }
    }
    return hits
  }
}

extension BoundaryBench.Score {
  fileprivate mutating func add(_ file: String, found: Int, truths: Int, hits: Int) {
    self.found += found
    self.truths += truths
    self.hits += hits
    precision = self.found > 0 ? Double(self.hits) / Double(self.found) : 0
    recall = self.truths > 0 ? Double(self.hits) / Double(self.truths) : 0
    f1 = self.found + self.truths > 0 ? 2 * Double(self.hits) / Double(self.found + self.truths) : 0
    files[file] = found + truths > 0 ? 2 * Double(hits) / Double(found + truths) : 0
  }
}
