/// Finds stretches of a picture that look like a line of text, without reading them: patches of about one height and one brightness,
/// side by side, standing on one line.
///
/// A whole-page reader finds text by its layout, and photographs have none: of 34 signs over photos, Tesseract's page modes found at most
/// 21, at 140 to 170 ms a picture. This finds the lines in 9 ms, and Tesseract reads them one by one.
///
/// *Source* grouping of letter-like components into lines as in Epshtein, Ofek, Wexler, "Detecting text in natural scenes with stroke
/// width transform" (CVPR 2010), section 4, on locally thresholded components instead of stroke pixels. The limits below were measured
/// on some 14 000 stretches, 246 of them text.
struct TextDetector {
  typealias Glyph = GlyphComponents.Component

  /// A stretch that may be a line of text. *Units* pixels of the picture; `right` and `bottom` exclusive.
  struct Candidate {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
    /// Light letters on a darker ground.
    var isBright: Bool
    /// How many letters it seems to have.
    var glyphs: Int
    /// The larger of two shares, 0...1: patches that stand on the common base line, patches that hang from the common top line.
    var alignment: Float
    /// Step between the letters and the rest of the box, grey levels.
    var contrast: Float
    /// Mean grey of what is not letters.
    var ground: Float
    /// Pixels down per pixel to the right.
    var slope: Float
    /// Height of the line along its slope: less than `height` when it is slanted.
    var lineHeight: Int

    var width: Int { right - left }
    var height: Int { bottom - top }
    var rank: Float { Float(glyphs) * alignment }
  }

  /// Half the window of the local threshold, pixels: a window of 25 keeps strokes up to about 12 pixels filled.
  var radius = 12
  /// Least height of a letter, pixels: below this Tesseract cannot read it anyway.
  var minimumHeight = 7
  /// Tallest letter found at one scale, pixels; taller ones are found in the picture halved, and halved again.
  var maximumHeight = 48

  /// - Parameter samples: grey, `[height, width]`.
  /// - Returns: the likeliest first.
  func candidates(in samples: [UInt8], width: Int, height: Int) -> [Candidate] {
    var found: [Candidate] = []
    var (samples, width, height, scale) = (samples, width, height, 1)
    while width >= 32, height >= 16 {
      let components = GlyphComponents(samples: samples, width: width, height: height, radius: radius, floor: 12, deviations: 0.3)
      let least = scale == 1 ? minimumHeight : maximumHeight / 3
      for isBright in [true, false] {
        let glyphs = (isBright ? components.bright : components.dark).filter { isLetterLike($0, least: least) }
        for group in chains(of: glyphs) {
          guard var line = candidate(Self.withoutBullet(group), isBright: isBright, in: samples, width: width) else { continue }
          line.left *= scale
          line.top *= scale
          line.right *= scale
          line.bottom *= scale
          line.lineHeight *= scale
          found.append(line)
        }
      }
      guard max(width, height) >= 4 * maximumHeight else { break }
      (samples, width, height) = Self.halved(samples, width: width, height: height)
      scale *= 2
    }
    return Self.withoutDoubles(found)
  }

  private func isLetterLike(_ c: Glyph, least: Int) -> Bool {
    guard c.height >= least, c.height <= maximumHeight else { return false }
    guard Float(c.area) > 0.12 * Float(c.width * c.height) else { return false }
    let aspect = Float(c.width) / Float(c.height)
    // Wider than a letter only when several letters run together, and those have several strokes in every row.
    if aspect > 2 { return aspect < 14 && Float(c.runs) / Float(c.height) >= aspect * 0.9 }
    return c.stroke <= Float(c.height) * 0.8
  }

  private func chains(of glyphs: [Glyph]) -> [[Glyph]] {
    let glyphs = glyphs.sorted { ($0.left, $0.top, $0.right) < ($1.left, $1.top, $1.right) }
    var parent = Array(glyphs.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parent[index] != index {
        parent[index] = parent[parent[index]]
        index = parent[index]
      }
      return index
    }
    for a in glyphs.indices {
      // The nearest fitting neighbour to the right, so that a chain never jumps over a letter.
      var nearest: (index: Int, gap: Int)?
      let reach = glyphs[a].right + glyphs[a].height * 3
      for b in (a + 1)..<max(a + 1, glyphs.count) {
        if glyphs[b].left > reach { break }
        guard follows(glyphs[a], glyphs[b]) else { continue }
        let gap = glyphs[b].left - glyphs[a].right
        if nearest.map({ gap < $0.gap }) ?? true { nearest = (b, gap) }
      }
      if let nearest {
        let (x, y) = (root(a), root(nearest.index))
        if x != y { parent[max(x, y)] = min(x, y) }
      }
    }
    var groups: [[Glyph]] = []
    var place: [Int: Int] = [:]
    for index in glyphs.indices {
      let top = root(index)
      if let known = place[top] {
        groups[known].append(glyphs[index])
      } else {
        place[top] = groups.count
        groups.append([glyphs[index]])
      }
    }
    return groups
  }

  /// Whether `b` may be the letter after `a`.
  private func follows(_ a: Glyph, _ b: Glyph) -> Bool {
    let (low, high) = (min(a.height, b.height), max(a.height, b.height))
    guard high <= 2 * low else { return false }
    guard 10 * (min(a.bottom, b.bottom) - max(a.top, b.top)) >= 6 * low else { return false }
    guard max(a.stroke, b.stroke) <= 3 * min(a.stroke, b.stroke) else { return false }
    let (gap, step) = (b.left - a.right, abs(a.grey - b.grey))
    guard gap > -low / 2 else { return false }
    if 10 * gap <= 13 * high { return step <= 45 }
    // Over a dash or a wide space only between letters that match closely.
    let tolerance = max(1, high * 3 / 20)
    return 10 * gap <= 22 * high && step <= 20 && high - low <= tolerance && abs(a.bottom - b.bottom) <= tolerance
  }

  /// A filled dot before the first letter is a bullet, which a reader takes for an "e" or an "o".
  private static func withoutBullet(_ glyphs: [Glyph]) -> [Glyph] {
    guard glyphs.count > 2, let first = glyphs.first else { return glyphs }
    let rest = glyphs.dropFirst()
    let tallest = rest.map(\.height).max() ?? 0
    let isDot = 100 * first.area >= 65 * first.width * first.height && abs(first.width - first.height) <= 2
    let stands = (rest.map(\.left).min() ?? 0) - first.right >= first.width / 2
    return isDot && stands && 10 * first.height <= 8 * tallest ? Array(rest) : glyphs
  }

  private func candidate(_ glyphs: [Glyph], isBright: Bool, in samples: [UInt8], width: Int) -> Candidate? {
    var count = 0
    for glyph in glyphs { count += max(1, Int((Float(glyph.width) / Float(glyph.height) / 0.7).rounded())) }
    guard count >= 2, let left = glyphs.map(\.left).min(), let right = glyphs.map(\.right).max() else { return nil }
    guard let top = glyphs.map(\.top).min(), let bottom = glyphs.map(\.bottom).max(), right - left >= bottom - top else { return nil }
    let typical = glyphs.map(\.height).sorted()[glyphs.count / 2]
    let slope = Self.slope(of: glyphs, typical: typical)
    // Top and bottom of every letter as they would be if the line were level.
    let middle = Float(left + right) / 2
    let drops = glyphs.map { slope * (Float($0.left + $0.right) / 2 - middle) }
    let bottoms = zip(glyphs, drops).map { Float($0.bottom) - $1 }
    let tops = zip(glyphs, drops).map { Float($0.top) - $1 }
    let (base, cap) = (bottoms.sorted()[glyphs.count / 2], tops.sorted()[glyphs.count / 2])
    let tolerance = Float(max(1, typical / 6))
    let standing = bottoms.count { abs($0 - base) <= tolerance }
    let hanging = tops.count { abs($0 - cap) <= tolerance }
    let alignment = Float(max(standing, hanging)) / Float(glyphs.count)
    let heights = Self.variation(glyphs.map { Float($0.height) })
    let strokes = Self.variation(glyphs.map(\.stroke))

    var sum = 0
    samples.withUnsafeBufferPointer { samples in
      for y in top..<bottom { for x in left..<right { sum += Int(samples[y * width + x]) } }
    }
    let boxArea = Float((right - left) * (bottom - top))
    let inked = glyphs.reduce(0) { $0 + $1.area }
    let grey = Float(glyphs.reduce(0) { $0 + $1.sum }) / Float(inked)
    let ground = (Float(sum) - grey * Float(inked)) / max(1, boxArea - Float(inked))
    let contrast = abs(grey - ground)
    let lineHeight = Int(((bottoms.max() ?? 0) - (tops.min() ?? 0)).rounded(.up))

    // The fewer the letters, the more regular they must be.
    let fits =
      switch count {
      case 2: glyphs.count == 2 && contrast >= 70 && heights <= 0.1 && strokes <= 0.25 && typical >= 10 && alignment == 1
      case 3: contrast >= 40 && heights <= 0.15 && strokes <= 0.3 && alignment == 1
      case 4..<8: contrast >= 30 && heights <= 0.25 && strokes <= 0.5 && alignment >= 0.74
      default: contrast >= 30 && heights <= 0.35 && strokes <= 0.5 && alignment >= 0.7
      }
    guard fits else { return nil }
    return Candidate(
      left: left, top: top, right: right, bottom: bottom, isBright: isBright, glyphs: count, alignment: alignment, contrast: contrast,
      ground: ground, slope: slope, lineHeight: lineHeight)
  }

  /// Slope of the least-squares line through the feet of the letters; 0 for lines too short to tell.
  private static func slope(of glyphs: [Glyph], typical: Int) -> Float {
    guard glyphs.count >= 4 else { return 0 }
    let xs = glyphs.map { Float($0.left + $0.right) / 2 }
    let ys = glyphs.map { Float($0.bottom) }
    let (mx, my) = (xs.reduce(0, +) / Float(xs.count), ys.reduce(0, +) / Float(ys.count))
    let spread = xs.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    guard spread > 0 else { return 0 }
    let slope = zip(xs, ys).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / spread
    // Descenders tilt the fit of a level line a little; leave those alone.
    let rise = abs(slope) * ((xs.max() ?? 0) - (xs.min() ?? 0))
    return rise < Float(typical) * 0.3 || abs(slope) > 0.3 ? 0 : slope
  }

  /// Standard deviation over mean.
  private static func variation(_ values: [Float]) -> Float {
    let mean = values.reduce(0, +) / Float(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)).squareRoot() / mean
  }

  /// Of candidates that cover one another, the one with more letters, then the more regular one.
  private static func withoutDoubles(_ candidates: [Candidate]) -> [Candidate] {
    let ranked = candidates.sorted { ($0.rank, $0.contrast, $0.left, $0.top) > ($1.rank, $1.contrast, $1.left, $1.top) }
    var kept: [Candidate] = []
    for candidate in ranked {
      let isCovered = kept.contains { other in
        let width = min(candidate.right, other.right) - max(candidate.left, other.left)
        let height = min(candidate.bottom, other.bottom) - max(candidate.top, other.top)
        guard width > 0, height > 0 else { return false }
        return 2 * width * height > min(candidate.width * candidate.height, other.width * other.height)
      }
      if !isCovered { kept.append(candidate) }
    }
    return kept
  }

  private static func halved(_ samples: [UInt8], width: Int, height: Int) -> ([UInt8], Int, Int) {
    let (w, h) = (width / 2, height / 2)
    let half = [UInt8](unsafeUninitializedCapacity: w * h) { out, count in
      samples.withUnsafeBufferPointer { samples in
        for y in 0..<h {
          for x in 0..<w {
            let place = 2 * y * width + 2 * x
            let sum = Int(samples[place]) + Int(samples[place + 1]) + Int(samples[place + width]) + Int(samples[place + width + 1])
            out[y * w + x] = UInt8((sum + 2) / 4)
          }
        }
      }
      count = w * h
    }
    return (half, w, h)
  }
}
