import Foundation

/// Where installed weights are: one folder per model, in the layout and with the tensor names of Hugging Face, and a manifest beside them.
///
/// `AFTERIMAGE_MODELS` names the folder; without it `$XDG_CACHE_HOME/afterimage/models`, else `~/.cache/afterimage/models`.
package struct ModelLibrary: Sendable {
  package var root: URL

  package init(root: URL) { self.root = root }

  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    if let named = environment["AFTERIMAGE_MODELS"], !named.isEmpty {
      root = URL(fileURLWithPath: named, isDirectory: true)
    } else if let cache = environment["XDG_CACHE_HOME"], !cache.isEmpty {
      root = URL(fileURLWithPath: cache, isDirectory: true).appendingPathComponent("afterimage/models", isDirectory: true)
    } else {
      let home = environment["HOME"].map { URL(fileURLWithPath: $0, isDirectory: true) } ?? FileManager.default.homeDirectoryForCurrentUser
      root = home.appendingPathComponent(".cache/afterimage/models", isDirectory: true)
    }
  }

  /// The folder of a model: a name inside the library, or a path of the user's own when it contains a slash.
  package func folder(of model: String) -> URL {
    model.contains("/") ? URL(fileURLWithPath: model, isDirectory: true) : root.appendingPathComponent(model, isDirectory: true)
  }

  /// Whether the model's weights are there. Says nothing about whether they are sound.
  package func isInstalled(_ model: String) -> Bool {
    FileManager.default.fileExists(atPath: folder(of: model).appendingPathComponent("model.safetensors").path)
  }

  /// What the set-up wrote about what it installed; nil when nothing was installed.
  package func manifest() throws -> Manifest? {
    let file = root.appendingPathComponent("manifest.json")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: file))
  }

  package struct Manifest: Sendable, Codable {
    package var version: Int
    package var models: [Model]

    package struct Model: Sendable, Codable {
      package var name: String
      package var licence: String
      /// Where it came from, in words.
      package var source: String
      package var packages: [Package]
      package var files: [File]
    }

    /// A pinned package the files were extracted from.
    package struct Package: Sendable, Codable {
      package var name: String
      package var version: String
      package var sha256: String
    }

    package struct File: Sendable, Codable {
      /// Relative to the library's root.
      package var path: String
      package var sha256: String
      package var bytes: Int64
    }
  }
}
