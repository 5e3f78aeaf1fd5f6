import Core
import Foundation
import Testing

@Suite("Where models live")
struct ModelLibraryTests {
  @Test("AFTERIMAGE_MODELS comes first, then XDG_CACHE_HOME, then the home folder")
  func order() {
    #expect(ModelLibrary(environment: ["AFTERIMAGE_MODELS": "/m", "HOME": "/h"]).root.path == "/m")
    #expect(ModelLibrary(environment: ["XDG_CACHE_HOME": "/c", "HOME": "/h"]).root.path == "/c/afterimage/models")
    #expect(ModelLibrary(environment: ["HOME": "/h", "AFTERIMAGE_MODELS": ""]).root.path == "/h/.cache/afterimage/models")
  }

  @Test("a name is a folder of the library, a path is the user's own")
  func folders() {
    let library = ModelLibrary(root: URL(fileURLWithPath: "/m"))
    #expect(library.folder(of: "whisper-base").path == "/m/whisper-base")
    #expect(library.folder(of: "/elsewhere/clip").path == "/elsewhere/clip")
  }

  @Test("nothing is installed in an empty folder, and it has no manifest")
  func empty() throws {
    let library = ModelLibrary(root: URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(UUID().uuidString))
    #expect(!library.isInstalled("whisper-base"))
    #expect(try library.manifest() == nil)
  }
}
