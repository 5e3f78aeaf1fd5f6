import Core
import Foundation
import Media

/// Which weights are installed, and whether they are still what was installed.
package struct ModelInventory: Sendable {
  private let library: ModelLibrary
  private let manifest: ModelLibrary.Manifest?

  /// What the default pipeline wants, and what for.
  private static let wanted: [(name: String, purpose: String)] = [
    ("efficientnet-lite0", "vision"), ("all-MiniLM-L6-v2", "sentences"), ("silero-vad", "voice activity"), ("yamnet", "sounds"),
    ("whisper-base", "speech"), ("whisper-tiny.en", "speech, small"),
  ]

  /// *Throws* `PipelineError` when the manifest cannot be read.
  package init(library: ModelLibrary = ModelLibrary()) throws {
    self.library = library
    do { manifest = try library.manifest() } catch {
      let file = library.root.appendingPathComponent("manifest.json").path
      throw PipelineError(
        .badModel, code: .corruptInput, "\(file): is not a model manifest; scripts/fetch-models writes it anew", cause: error)
    }
  }

  package var root: String { library.root.path }

  package struct Entry: Sendable, Codable {
    package var name: String
    package var purpose: String
    package var installed: Bool
    package var licence: String?
    package var source: String?
    /// Of the weights.
    package var sha256: String?
    package var bytes: Int64
  }

  package func entries() -> [Entry] {
    let listed = manifest?.models ?? []
    let names = Self.wanted.map(\.name) + listed.map(\.name).filter { name in !Self.wanted.contains { $0.name == name } }
    return names.map { name in
      let model = listed.first { $0.name == name }
      return Entry(
        name: name, purpose: Self.wanted.first { $0.name == name }?.purpose ?? "", installed: library.isInstalled(name),
        licence: model?.licence, source: model?.source, sha256: model?.files.first { $0.path.hasSuffix("model.safetensors") }?.sha256,
        bytes: model?.files.reduce(0) { $0 + $1.bytes } ?? 0)
    }
  }

  /// Reads every file of every model again and compares its digest with the manifest's.
  ///
  /// - Returns: one line per file that is missing or different; empty when all is well.
  package func problems(report: (String) -> Void = { _ in }) throws -> [String] {
    guard let manifest else {
      throw PipelineError(.notThere, code: .unavailable, "no models are installed in \(root); scripts/fetch-models installs them")
    }
    var problems: [String] = []
    for model in manifest.models {
      var sound = true
      for file in model.files {
        let path = library.root.appendingPathComponent(file.path).path
        do {
          if try sha256(ofFileAt: path) != file.sha256 {
            problems.append("\(path): differs from what was installed")
            sound = false
          }
        } catch {
          problems.append("\(path): \(PipelineError.line(for: error))")
          sound = false
        }
      }
      report("\(model.name): \(sound ? "as installed" : "damaged")")
    }
    return problems
  }
}
