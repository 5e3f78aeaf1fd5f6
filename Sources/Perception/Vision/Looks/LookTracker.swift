import Core

/// Merges what single pictures look like into facts with a stretch of time each.
///
/// A pure value: what it says depends only on what it was told, in that order.
struct LookTracker: Codable, Equatable {
  /// A fact that goes on.
  private struct Run: Codable, Equatable {
    var words: String
    var range: TimeRange
    var samples: Int
  }

  private var before: GreyGrid?
  private var lastRange: TimeRange?
  private var lastBrightness = 0.0
  private var lastQuarters: [Double] = []
  private var light: Run?
  private var camera: Run?
  /// Pictures in a row in which a run of motion was not confirmed.
  private var stills = 0
  private var palette = Palette()

  /// Fewest samples of a state that is told.
  private static let fewest = 2
  /// What goes on in a live stream is told piece by piece, so that it is known before it is over.
  private static let piece = MediaTime(seconds: 60)

  /// Takes in the next picture.
  ///
  /// - Parameters:
  ///   - named: what a part of the picture was named, with its cells; nil when nothing was named with certainty.
  ///   - isLive: whether what goes on is told before it is over: the light as soon as it is certain, and everything once a minute. The pieces touch.
  /// - Returns: the facts that ended with it.
  mutating func see(_ grid: ColourGrid, in range: TimeRange, named: NamedPart? = nil, isLive: Bool = false) -> [Observation] {
    let greys = GreyGrid(grid)
    let brightness = grid.brightness
    var facts: [Observation] = []
    let correlation = before.map { $0.correlation(with: greys) } ?? 0
    let quarters = Self.quarters(of: grid)
    let change = zip(quarters, lastQuarters).reduce(0) { $0 + abs($1.0 - $1.1) } / 8
    let isFirst = before == nil
    let isCut = isFirst || change > 0.5 || change > 0.25 && correlation < 0.4
    let state = Self.light(of: grid, brightness)

    if isCut || isLive && palette.duration >= Self.piece { facts += palette.end() }
    palette.add(grid, named, in: range)

    if let words = state, light?.words == words {
      light?.range.end = range.end
      light?.samples += 1
      if isLive { facts += piece() }
    } else {
      facts += end(&light, .light)
      light = state.map { Run(words: $0, range: range, samples: 1) }
    }
    if let before, let lastRange {
      // The same picture, darker or brighter at once.
      if correlation > Self.alike {
        if lastBrightness > Self.litUp, brightness < Self.fall * lastBrightness { facts.append(Self.sudden("goes out", range)) }
        if brightness > Self.litUp, lastBrightness < Self.fall * brightness { facts.append(Self.sudden("goes on", range)) }
      }
      facts += follow(isCut && change > 0.5 ? nil : CameraMotion.between(before, greys), from: lastRange, to: range)
    }
    (before, lastRange, lastBrightness, lastQuarters) = (greys, range, brightness, quarters)
    return facts
  }

  /// What has not been told of the light as it is.
  private mutating func piece() -> [Observation] {
    guard let run = light, run.samples == Self.fewest || run.range.duration >= Self.piece else { return [] }
    light?.range.start = run.range.end
    return [Observation(range: run.range, content: .look(Look(.light, run.words)))]
  }

  /// Ends everything.
  mutating func finish() -> [Observation] {
    let facts = end(&light, .light) + end(&camera, .camera) + palette.end()
    self = LookTracker()
    return facts
  }

  private static let black = "black"
  private static let alike = 0.6
  private static let litUp = 55.0
  private static let darkest = 16.0
  private static let fall = 0.5

  /// The state of light that is worth a word.
  private static func light(of grid: ColourGrid, _ brightness: Double) -> String? {
    if grid.share(below: 36) > 0.96, brightness < darkest + 12 { return black }
    if brightness < 55, grid.share(below: 70) > 0.75 { return "dark" }
    if brightness > 200, 1 - grid.share(below: 150) > 0.75 { return "bright" }
    return nil
  }

  private static func sudden(_ words: String, _ range: TimeRange) -> Observation {
    Observation(range: range, content: .look(Look(.light, words)))
  }

  /// The share of each colour term in each quarter of the picture: a cut changes them, a moving camera hardly.
  private static func quarters(of grid: ColourGrid) -> [Double] {
    var counts = [Double](repeating: 0, count: 4 * 13)
    for (cell, colour) in grid.colours.enumerated() {
      let quarter = (cell / grid.width * 2 / grid.height) * 2 + cell % grid.width * 2 / grid.width
      // Dark and light of what has no colour are far apart.
      let isLight = colour == BasicColour.grey.rawValue && grid.greys[cell] > 127
      counts[quarter * 13 + (isLight ? 12 : Int(colour))] += 1
    }
    return counts.map { $0 * 4 / Double(grid.colours.count) }
  }

  private mutating func follow(_ motion: CameraMotion?, from: TimeRange, to: TimeRange) -> [Observation] {
    if let motion, let run = camera, run.words == motion.rawValue {
      camera = Run(words: run.words, range: run.range.union(to), samples: run.samples + 1)
      stills = 0
      return []
    }
    // One step that could not be told does not end a motion.
    if motion == nil, camera != nil, stills == 0 {
      stills = 1
      return []
    }
    let ended = end(&camera, .camera)
    stills = 0
    camera = motion.map { Run(words: $0.rawValue, range: from.union(to), samples: 1) }
    return ended
  }

  private func end(_ run: inout Run?, _ kind: Look.Kind) -> [Observation] {
    defer { run = nil }
    guard let run, run.samples >= Self.fewest, run.range.duration > .zero else { return [] }
    return [Observation(range: run.range, content: .look(Look(kind, run.words)))]
  }
}

/// A part of the picture that got a name.
struct NamedPart: Equatable {
  var name: String
  /// 0...1.
  var probability: Float
  /// Cells of the colour grid.
  var cells: [Int]
}

/// The colours of a stretch of like pictures, and of what was named in it.
struct Palette: Codable, Equatable {
  private var range: TimeRange?
  private var samples = 0
  private var shares = [Double](repeating: 0, count: Int(BasicColour.none) + 1)
  /// Of each chromatic colour, in how many samples it stood out as one thing.
  private var standing = [Int](repeating: 0, count: Int(BasicColour.none))
  private var colourfulness = 0.0
  private var parts: [String: Part] = [:]

  private struct Part: Codable, Equatable {
    var weight: Double
    var samples: Int
    var range: TimeRange
    /// By colour: how much of the part has it, weighed by how little of the rest does.
    var colours: [Double]
  }

  /// A colour that fills at least this share of the picture is one of its colours.
  private static let main = 0.16
  /// What stands out fills a share between these, in one place.
  private static let (smallest, largest) = (0.008, 0.22)
  private static let compact = 0.17
  /// The mean probability of a name whose colour is told.
  private static let certain = 0.25

  var duration: MediaTime { range?.duration ?? .zero }

  mutating func add(_ grid: ColourGrid, _ named: NamedPart?, in range: TimeRange) {
    self.range = self.range.map { $0.union(range) } ?? range
    samples += 1
    let own = grid.shares
    for index in shares.indices { shares[index] += own[index] }
    colourfulness += grid.colourfulness
    for colour in BasicColour.allCases where colour.isChromatic && (Self.smallest..<Self.largest).contains(own[Int(colour.rawValue)]) {
      if grid.spread(of: colour) < Self.compact { standing[Int(colour.rawValue)] += 1 }
    }
    guard let named, !named.cells.isEmpty else { return }
    let (inside, rest) = (grid.shares(in: named.cells), own)
    var part = parts[named.name] ?? Part(weight: 0, samples: 0, range: range, colours: standing.map { _ in 0 })
    part.weight += Double(named.probability)
    part.samples += 1
    part.range = part.range.union(range)
    for colour in part.colours.indices { part.colours[colour] += inside[colour] * (inside[colour] / (rest[colour] + 0.1)) }
    parts[named.name] = part
  }

  /// The facts of the stretch; the next one begins afresh.
  mutating func end() -> [Observation] {
    defer { self = Palette() }
    guard let range, samples >= 2 else { return [] }
    let count = Double(samples)
    let facts = shares.dropLast().enumerated().map { (BasicColour.allCases[$0.offset], $0.element / count) }
    var words = facts.filter { $0.1 >= Self.main }.sorted { ($0.1, $1.0.rawValue) > ($1.1, $0.0.rawValue) }.prefix(3).map(\.0.name)
    let standsOut = BasicColour.allCases.filter { colour in
      colour.isChromatic && standing[Int(colour.rawValue)] * 2 > samples && !words.contains(colour.name)
    }
    if standsOut.isEmpty, colourfulness / count < 5, shares[0] / count < 0.9 { words = ["black and white"] }
    var text = words.joined(separator: ", ")
    if !standsOut.isEmpty {
      let names = standsOut.map(\.name).joined(separator: " and ")
      text += (text.isEmpty ? "" : "; ") + names + (standsOut.count > 1 ? " stand out" : " stands out")
    }
    var told = text.isEmpty ? [] : [Observation(range: range, content: .look(Look(.colours, text)))]
    let likeliest = parts.max { ($0.value.weight, $1.key) < ($1.value.weight, $0.key) }
    if let (name, part) = likeliest, part.weight / Double(part.samples) >= Self.certain, part.samples >= 2, part.samples * 3 >= samples {
      let ranked = part.colours.enumerated().sorted { ($0.element, $1.offset) > ($1.element, $0.offset) }
      let best = ranked[0].element
      let kept = ranked.prefix(2).filter { $0.element >= 0.5 * best && $0.element > 0.1 * Double(part.samples) }
      let colours = kept.map { BasicColour.allCases[$0.offset].name }.joined(separator: " and ")
      if !colours.isEmpty {
        let look = Look(.colour, "\(name), \(colours)", confidence: Float(part.weight / Double(part.samples)))
        told.append(Observation(range: part.range, content: .look(look)))
      }
    }
    return told
  }
}
