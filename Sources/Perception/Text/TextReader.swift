import Core

/// Reads every line of text in one picture: finds the lines, brings each to one size as dark letters on a light ground, reads it, and
/// drops what is not text.
struct TextReader: ~Copyable {
  /// One line as it stands in one picture.
  struct Line: Codable, Equatable {
    var text: String
    var box: TextLine.Box
    /// 0...1, the mean over the words, weighted by their length.
    var confidence: Float
  }

  private let recogniser: LineRecogniser
  private let detector = TextDetector()
  private var limit: Int
  private var leastConfidence: Float

  init(configuration: TextConfiguration) throws(PerceptionError) {
    recogniser = try LineRecogniser(language: configuration.language)
    limit = configuration.linesPerPicture
    leastConfidence = configuration.leastConfidence
  }

  /// Other thresholds from now on; the language stays.
  mutating func adopt(_ configuration: TextConfiguration) {
    (limit, leastConfidence) = (configuration.linesPerPicture, configuration.leastConfidence)
  }

  /// - Parameter picture: grey (one plane).
  /// - Returns: the lines from top to bottom, then from left to right.
  borrowing func read(_ picture: Picture) -> [Line] {
    var lines: [Line] = []
    for candidate in detector.candidates(in: picture.samples, width: picture.width, height: picture.height).prefix(limit) {
      let (samples, width, height) = Self.strip(of: picture, around: candidate)
      let words = recogniser.read(samples, width: width, height: height)
      guard let (text, confidence) = Self.text(of: words), confidence >= leastConfidence else { continue }
      // A few letters are easily seen in a texture: they must be read with more certainty.
      guard text.count(where: \.isLetterOrNumber) >= 4 || confidence >= max(leastConfidence, 0.9) else { continue }
      let (w, h) = (Float(picture.width), Float(picture.height))
      let box = TextLine.Box(
        x: Float(candidate.left) / w, y: Float(candidate.top) / h, width: Float(candidate.width) / w, height: Float(candidate.height) / h)
      lines.append(Line(text: text, box: box, confidence: confidence))
    }
    return lines.sorted { ($0.box.y, $0.box.x, $0.text) < ($1.box.y, $1.box.x, $1.text) }
  }

  /// The height letters are brought to, pixels: a little under the 36 rows Tesseract's network sees, whose line has a margin.
  private static let letterHeight: Float = 32

  /// The candidate made level, with a margin, enlarged bilinearly to `letterHeight`, dark on light. The outer part of the margin is
  /// the colour of the ground: the frame of a sign would be read as letters.
  private static func strip(of picture: Picture, around c: TextDetector.Candidate) -> (samples: [UInt8], width: Int, height: Int) {
    let scale = max(1, letterHeight / Float(c.lineHeight))
    let (bleed, margin) = (max(1, Float(c.lineHeight) / 6), max(2, Float(c.lineHeight) / 4))
    let (left, right) = (max(0, Float(c.left) - margin), min(Float(picture.width), Float(c.right) + margin))
    let (width, height) = (Int((right - left) * scale), Int((Float(c.lineHeight) + 2 * margin) * scale))
    let centre = (x: Float(c.left + c.right) / 2, y: Float(c.top + c.bottom) / 2)
    let reach = Float(c.lineHeight) / 2 + bleed
    let extent = Float(c.width) / 2 + bleed
    let samples = [UInt8](unsafeUninitializedCapacity: width * height) { out, count in
      picture.samples.withUnsafeBufferPointer { samples in
        for y in 0..<height {
          let rise = (Float(y) + 0.5 - Float(height) / 2) / scale
          for x in 0..<width {
            let across = (Float(x) + 0.5) / scale + left
            var value = c.ground
            if abs(rise) <= reach, abs(across - centre.x) <= extent {
              let (x0, x1, fx) = neighbours(of: across - 0.5, below: picture.width)
              let (y0, y1, fy) = neighbours(of: centre.y + rise + c.slope * (across - centre.x) - 0.5, below: picture.height)
              let upper = Float(samples[y0 * picture.width + x0]) * (1 - fx) + Float(samples[y0 * picture.width + x1]) * fx
              let lower = Float(samples[y1 * picture.width + x0]) * (1 - fx) + Float(samples[y1 * picture.width + x1]) * fx
              value = upper * (1 - fy) + lower * fy
            }
            out[y * width + x] = UInt8(max(0, min(255, c.isBright ? 255 - value : value)))
          }
        }
      }
      count = width * height
    }
    return (samples, width, height)
  }

  private static func neighbours(of place: Float, below limit: Int) -> (Int, Int, Float) {
    let low = max(0, min(limit - 1, Int(place.rounded(.down))))
    return (low, min(limit - 1, low + 1), max(0, min(1, place - Float(low))))
  }

  /// The words as one line; nil when they do not look like something written.
  static func text(of words: [LineRecogniser.Word]) -> (text: String, confidence: Float)? {
    // Specks at either end come out as stray marks or uncertain scraps.
    var words = words[...]
    while let last = words.last, !last.text.contains(where: \.isLetterOrNumber) || last.confidence < 0.4 { words.removeLast() }
    while let first = words.first, !first.text.contains(where: \.isLetterOrNumber) || first.confidence < 0.4 { words.removeFirst() }
    let text = words.map(\.text).joined(separator: " ")
    let marks = text.filter { !$0.isWhitespace }
    let letters = marks.count(where: \.isLetterOrNumber)
    guard letters >= 2, 10 * letters >= 6 * marks.count else { return nil }
    // "a e i ~ s": scraps, not words.
    let scraps = words.count { $0.text.count(where: \.isLetterOrNumber) < 2 && !$0.text.contains(where: \.isNumber) }
    guard words.count < 3 || 2 * scraps <= words.count else { return nil }
    let length = words.reduce(0) { $0 + $1.text.count }
    return (text, words.reduce(0) { $0 + $1.confidence * Float($1.text.count) } / Float(length))
  }
}

extension Character {
  var isLetterOrNumber: Bool { isLetter || isNumber }
}
