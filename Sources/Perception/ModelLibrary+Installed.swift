import Core
import Foundation

extension ModelLibrary {
  /// The folder of a model that must be there.
  ///
  /// *Throws* `unavailable`, naming the model, the place it was looked for, and what installs it.
  func installedFolder(of model: String, for purpose: String) throws(PerceptionError) -> URL {
    let folder = folder(of: model)
    guard isInstalled(model) else {
      throw PerceptionError(
        .unavailable, "\(purpose) needs the model '\(model)', which is not in \(folder.path): scripts/fetch-models installs it")
    }
    return folder
  }
}
