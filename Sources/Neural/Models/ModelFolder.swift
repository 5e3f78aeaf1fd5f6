import Core
import Foundation

/// A folder with a model in it, as Hugging Face lays it out: `config.json`, `model.safetensors`, perhaps `tokenizer.json`.
struct ModelFolder: Sendable {
  let url: URL

  /// Decodes one of its JSON files.
  ///
  /// - Throws: `NeuralError.unavailable` when it cannot be read, `.corruptInput` when it is not what the model needs.
  func decode<T: Decodable>(_ type: T.Type, from name: String) throws -> T {
    let file = url.appendingPathComponent(name)
    let contents: Data
    do {
      contents = try Data(contentsOf: file)
    } catch {
      throw NeuralError(.unavailable, "cannot read \(file.path): \((error as NSError).localizedDescription)")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(type, from: contents)
    } catch let error as DecodingError {
      throw NeuralError(.corruptInput, "\(file.path) is not what this model needs: \(Self.reason(error))")
    }
  }

  /// Its weights, checked but not yet read.
  func weights() throws -> SafetensorsFile { try SafetensorsFile(url: url.appendingPathComponent("model.safetensors")) }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "the key \(key.stringValue) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "the key \(context.codingPath.map(\.stringValue).joined(separator: ".")) has a value of the wrong kind"
    default: "it is not JSON"
    }
  }
}
