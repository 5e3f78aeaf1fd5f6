import Core
import Foundation
import Media
import Perception
import Reasoning

/// A file that is shown or played to a memory instead of a question.
package enum ExampleFile: Sendable {
  case picture(String)
  case sound(String)

  private var path: String {
    switch self {
    case .picture(let path), .sound(let path): path
    }
  }

  package var name: String { URL(fileURLWithPath: path).lastPathComponent }

  /// Longer recordings are heard to this point.
  private static let longest = 60.0

  /// What the senses make of it.
  ///
  /// *Throws* `PipelineError` when the file cannot be read, shows or sounds like nothing, or the model is not installed.
  func perceived(with configuration: PipelineConfiguration, library: ModelLibrary) async throws -> Example {
    do {
      switch self {
      case .picture: return try await seen(with: configuration, library: library)
      case .sound: return try await heard(with: configuration, library: library)
      }
    } catch let error as MediaError {
      throw PipelineError(error.code == .unavailable ? .missingInput : .badInput, code: error.code, error.message, cause: error)
    } catch let error as PerceptionError {
      throw PipelineError(.badModel, code: .unavailable, error.message, cause: error)
    }
  }

  private func seen(with configuration: PipelineConfiguration, library: ModelLibrary) async throws -> Example {
    let reader = try await MediaReader(
      path: path, options: MediaOptions(renditions: VisionStage.renditions, audioTrack: .none, limits: configuration.reader.options.limits))
    let stage = try VisionStage(library: library, configuration: configuration.vision.stage)
    while let item = try await reader.next() {
      guard case .frame(let frame) = item else { continue }
      for case .frame(let features) in try await stage.process(frame).map(\.content) {
        await reader.close()
        guard let vector = features.textual else {
          throw PipelineError(.badModel, code: .unavailable, "without the sentence model pictures cannot be compared; scripts/fetch-models")
        }
        return .picture(vector, features.tags)
      }
    }
    throw PipelineError(.badInput, code: .corruptInput, "\(path): has no picture")
  }

  private func heard(with configuration: PipelineConfiguration, library: ModelLibrary) async throws -> Example {
    let reader = try await MediaReader(path: path, options: MediaOptions(video: false, limits: configuration.reader.options.limits))
    let stage = try SoundStage(library: library, configuration: configuration.sound.stage)
    var names: [String: Double] = [:]
    func take(_ observations: [Observation]) {
      for case .sound(let sound) in observations.map(\.content) where sound.isClear {
        names[sound.name] = max(names[sound.name] ?? 0, Double(sound.score))
      }
    }
    while let item = try await reader.next() {
      guard case .audio(let chunk) = item else { continue }
      take(try await stage.process(chunk))
      if chunk.range.end.seconds > Self.longest { break }
    }
    await reader.close()
    take(await stage.finish())
    guard !names.isEmpty else { throw PipelineError(.badInput, code: .corruptInput, "\(path): no sound in it has a name") }
    return .sounds(names)
  }
}
