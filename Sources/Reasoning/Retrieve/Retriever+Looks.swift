import Core
import Foundation
import Memory

/// A fact about the picture, as it was remembered.
struct SeenLook: Sendable {
  var range: TimeRange
  var look: Look

  /// *Returns* nil for an item of another kind.
  init?(_ item: ItemRecord) {
    guard item.modality == .look, let look = Look(text: item.text, confidence: item.confidence) else { return nil }
    (range, self.look) = (item.range, look)
  }

  /// What a live stream told piece by piece, as one: pieces of the same kind and words that touch.
  static func joined(_ pieces: [SeenLook]) -> [SeenLook] {
    var last: [String: Int] = [:]
    return pieces.reduce(into: []) { whole, piece in
      if let index = last[piece.look.text], whole[index].range.end >= piece.range.start {
        whole[index].range = whole[index].range.union(piece.range)
      } else {
        last[piece.look.text] = whole.count
        whole.append(piece)
      }
    }
  }

  /// "the picture is dark", "the camera pans left", "green, grey; red stands out".
  var sentence: String {
    switch look.kind {
    case .light: look.words.hasPrefix("goes") ? "the light \(look.words)" : "the picture is \(look.words)"
    case .camera: "the camera \(look.words)"
    case .colours: look.words
    case .colour: look.words
    }
  }

  /// Of "sports car, red and white" the name and the colours.
  var part: (name: String, colours: String)? {
    guard look.kind == .colour, let mark = look.words.lastIndex(of: ",") else { return nil }
    return (String(look.words[..<mark]), String(look.words[look.words.index(after: mark)...].drop { $0 == " " }))
  }

  /// The colours that stand out as one thing.
  var standsOut: String? {
    guard look.kind == .colours, let part = look.words.split(separator: "; ").last, let end = part.range(of: " stand") else { return nil }
    return String(part[..<end.lowerBound])
  }
}

extension Retriever {
  /// Log-odds of a fact that was measured.
  private static let measured = 2.0
  /// What it costs that only something like it was measured: a dark picture, where the light was asked for.
  private static let similar = 1.2

  /// The stretches of a stream that look as asked for, in order of time; nil for a question about colours.
  func looking(_ question: LookQuestion) -> [Candidate]? {
    func found(_ kind: Look.Kind, _ words: Set<String>, score: Double = Self.measured) -> [Candidate] {
      evidence.looks.filter { $0.look.kind == kind && words.contains($0.look.words) }.map { candidate($0, score: score) }
    }
    switch question {
    case .lightOut:
      let dark = found(.light, ["dark", "black"], score: Self.measured - Self.similar)
      let out = found(.light, ["goes out"]).map { going in
        var whole = going
        // It is dark until the end of the darkness that begins with it.
        for run in dark where abs((run.range.start - going.range.start).seconds) <= 2 { whole.range = whole.range.union(run.range) }
        return whole
      }
      let black = found(.light, ["black"], score: Self.measured - Self.similar)
      return !out.isEmpty ? out : !black.isEmpty ? black : dark
    case .lightOn: return found(.light, ["goes on"])
    case .dark: return found(.light, ["dark", "black"])
    case .black: return found(.light, ["black"])
    case .bright: return found(.light, ["bright"])
    case .blackAndWhite:
      return evidence.looks.filter { $0.look.kind == .colours && $0.look.words.hasPrefix("black and white") }.map {
        candidate($0, score: Self.measured)
      }
    case .camera(let motions): return found(.camera, Set(motions))
    case .colour: return nil
    }
  }

  func candidate(_ seen: SeenLook, score: Double) -> Candidate {
    Candidate(stream: evidence.stream.id, modality: .look, range: seen.range, score: score, similarity: 0, look: seen.sentence)
  }
}
