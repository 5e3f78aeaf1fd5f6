import Core
import Foundation
import Media

/// One entry of an image classifier's `labels.json`, in the order of the classes.
struct PictureLabel: Decodable {
  var name: String
  var synonyms: [String]
  var gloss: String
  var hypernyms: [String]

  /// What is said about the label: "a photo of a <name>", its WordNet synonyms, its gloss, and its synonyms with three hypernyms. Of all
  /// single texts and mixes tried, this mix was the steadiest on other footage.
  var texts: [String] {
    let kinds = (synonyms + hypernyms.prefix(3)).joined(separator: ", ")
    return ["a photo of a \(name)", synonyms.joined(separator: ", "), gloss, kinds].filter { !$0.isEmpty }
  }

  static func labels(in folder: URL) throws(PerceptionError) -> (labels: [PictureLabel], digest: String) {
    let file = folder.appendingPathComponent("labels.json")
    guard let data = try? Data(contentsOf: file) else {
      throw PerceptionError(.unavailable, "naming what is seen needs \(file.path), which cannot be read: scripts/fetch-models installs it")
    }
    guard let labels = try? JSONDecoder().decode([PictureLabel].self, from: data), !labels.isEmpty else {
      throw PerceptionError(.corruptInput, "\(file.path) is not a list of labels: delete it and run scripts/fetch-models")
    }
    return (labels, sha256(of: [UInt8](data)))
  }
}
