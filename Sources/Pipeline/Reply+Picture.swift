import Core
import Foundation
import Media
import Reasoning

extension Reply {
  /// The remembered picture of the moment that is cited first, as it is kept and as samples.
  ///
  /// - Parameter width: most samples across.
  /// - Returns: nil when there is none, or its file is gone: an answer needs no picture.
  package func picture(in memory: URL, width: Int) async -> (jpeg: Data, picture: Picture)? {
    guard let name = answer.citations.first?.thumbnail, case let file = memory.appendingPathComponent(name),
      let jpeg = try? Data(contentsOf: file),
      let reader = try? await MediaReader(
        path: file.path, options: MediaOptions(renditions: [.fit(width: width, height: width, planes: 3)], audioTrack: .none))
    else { return nil }
    var picture: Picture?
    while picture == nil, let item = try? await reader.next() {
      if case .frame(let frame) = item { picture = frame.pictures.first }
    }
    await reader.close()
    return picture.map { (jpeg, $0) }
  }

  /// The program and arguments that play the best moment; nil when the answer has none or its media is not where it was.
  package var player: [String]? {
    guard let best = answer.moments.first, let path = path(of: best.stream),
      FileManager.default.fileExists(atPath: path)
    else { return nil }
    let (start, length) = (max(0, best.range.start.seconds), max(2, best.range.duration.seconds))
    return ["ffplay", "-loglevel", "error", "-autoexit", "-ss", "\(start)", "-t", "\(length)", "-i", path]
  }
}
