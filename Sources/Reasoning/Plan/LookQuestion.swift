import Core

/// A question about how the picture looks, which plain facts about it answer: its light, its colours, the camera.
package enum LookQuestion: Sendable, Equatable {
  /// The light goes out, or on.
  case lightOut, lightOn
  case dark, black, bright
  case blackAndWhite
  /// Motions of the camera, in the words in which they are remembered; any of them.
  case camera([String])
  /// The colour of a thing, by its name; of the picture with an empty one.
  case colour(of: String)

  private static let frames: Set<String> = [
    "picture", "pictures", "image", "images", "camera", "frame", "frames", "room", "view", "completely", "suddenly", "totally", "entirely",
    "pitch", "fully", "turn", "turns", "turned", "turning", "become", "becomes", "became", "goes", "went", "going", "gone", "outside",
    "outdoors", "feed", "first", "last", "times", "many", "often", "anything", "different", "number", "count", "fade", "fades", "faded",
    "cut", "cuts", "dominant", "main", "mostly", "whole", "overall", "slowly", "quickly", "moment", "second", "third",
  ]
  private static let (pans, tilts, zooms) = (["pans left", "pans right"], ["tilts up", "tilts down"], ["zooms in", "zooms out"])
  private static let motions: [String: [String]] = [
    (["pan", "pans", "panned", "panning", "swivel", "swivels", "swivelled"], pans), (["tilt", "tilts", "tilted", "tilting"], tilts),
    (["zoom", "zooms", "zoomed", "zooming"], zooms), (["move", "moves", "moved", "moving", "movement", "motion"], pans + tilts + zooms),
  ].reduce(into: [:]) { known, group in for word in group.0 { known[word] = group.1 } }

  /// *Returns* nil for words that ask for something else, or for something that looks like that beside others.
  static func read(_ words: [Token]) -> LookQuestion? {
    let texts = words.map(\.text), asked = Set(texts)
    /// Whether a word is one of some, or asks for nothing.
    func only(in word: String, _ own: [String]) -> Bool {
      own.contains(word) || frames.contains(word) || Vocabulary.stop.contains(word) || Vocabulary.framing.contains(word)
    }
    func only(_ own: String...) -> Bool { texts.allSatisfy { only(in: $0, own) } }
    if !asked.isDisjoint(with: ["light", "lights", "lighting"]) {
      let isOff = !asked.isDisjoint(with: ["out", "off"]), isOn = !asked.isDisjoint(with: ["on", "back"])
      if isOff || isOn, only("light", "lights", "lighting", "switched", "switch", "back", "go", "off") {
        return isOff ? .lightOut : .lightOn
      }
    }
    if asked.contains("blackout"), only("blackout") { return .lightOut }
    if asked.contains("black"), asked.contains("white"), only("black", "white") { return .blackAndWhite }
    if !asked.isDisjoint(with: ["dark", "darkness", "darker"]), only("dark", "darkness", "darker") { return .dark }
    if asked.contains("black"), only("black") { return .black }
    if !asked.isDisjoint(with: ["bright", "brighter"]), only("bright", "brighter") { return .bright }
    if let camera = camera(words), texts.allSatisfy({ motions[$0] != nil || only(in: $0, ["left", "right", "up", "down"]) }) {
      return camera
    }
    return colour(words)
  }

  private static func camera(_ words: [Token]) -> LookQuestion? {
    let texts = Set(words.map(\.text))
    guard let motions = words.lazy.compactMap({ Self.motions[$0.text] }).first else { return nil }
    guard motions == zooms || texts.contains("camera") else { return nil }
    let sides = [("left", "left"), ("right", "right"), ("up", "up"), ("down", "down")].filter { texts.contains($0.0) }.map(\.1)
    let named = motions == zooms ? ["in", "out"].filter { texts.contains($0) } : sides
    let kept = motions.filter { motion in named.isEmpty || named.contains { motion.hasSuffix($0) } }
    return .camera(kept.isEmpty ? motions : kept)
  }

  /// "What colour is the car?", "which colours are in the picture?"
  private static func colour(_ words: [Token]) -> LookQuestion? {
    guard let at = words.firstIndex(where: { ["colour", "color", "colours", "colors", "coloured", "colored"].contains($0.text) }),
      at < 4, words[..<at].contains(where: { ["what", "which"].contains($0.text) })
    else { return nil }
    let rest = Reading.topic(words[(at + 1)...])
    let thing = Token.words(of: rest.phrase).contains { word in
      !frames.contains(word.text) && !Vocabulary.stop.contains(word.text) && !Vocabulary.framing.contains(word.text)
    }
    return .colour(of: thing ? rest.phrase : "")
  }

  var understood: String {
    switch self {
    case .lightOut: "looks: the light goes out"
    case .lightOn: "looks: the light goes on"
    case .dark: "looks: dark"
    case .black: "looks: black"
    case .bright: "looks: bright"
    case .blackAndWhite: "looks: black and white"
    case .camera(let motions): "looks: the camera \(motions.joined(separator: " or "))"
    case .colour(let thing): "looks: the colour of \(thing.isEmpty ? "the picture" : thing)"
    }
  }
}
