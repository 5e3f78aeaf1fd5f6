import Foundation

/// The eleven basic colour terms. *Source* Berlin and Kay 1969, "Basic Color Terms"; each chromatic one is at the place most people gave it
/// in the xkcd colour survey (Munroe 2010), compared in OKLab (Ottosson 2020, "A perceptual color space for image processing").
enum BasicColour: UInt8, CaseIterable, Codable {
  case black, grey, white, red, orange, yellow, green, blue, purple, pink, brown

  var name: String { String(describing: self) }
  var isChromatic: Bool { rawValue >= Self.red.rawValue }

  /// What is between all names: skin, sand, beige.
  static let none = UInt8(allCases.count)

  /// The colour of each 5-bit red, green and blue, `none` where no name fits well.
  static let table: [UInt8] = (0..<32768).map { index in
    let channel = { (value: Int) in (Double(value) + 0.5) * 8 / 256 }
    return named(red: channel(index >> 10), green: channel(index >> 5 & 31), blue: channel(index & 31))?.rawValue ?? none
  }

  static func place(red: UInt8, green: UInt8, blue: UInt8) -> Int { Int(red >> 3) << 10 | Int(green >> 3) << 5 | Int(blue >> 3) }

  /// - Parameters: sRGB, 0...1.
  static func named(red: Double, green: Double, blue: Double) -> BasicColour? {
    let (lightness, chroma, hue) = oklch(red, green, blue)
    if lightness < 0.26 && chroma < 0.07 { return .black }
    if chroma < 0.035 + 0.01 * (1 - lightness) { return lightness < 0.26 ? .black : lightness < 0.86 ? .grey : .white }
    // Skin, sand and beige have hues of orange and yellow, and no name among the eleven.
    if chroma < 0.095, lightness >= 0.6, hue > 20, hue < 112 { return lightness > 0.93 ? .white : nil }
    var best: (distance: Double, colour: BasicColour)?
    for (colour, its) in prototypes {
      let turn = abs(hue - its.hue)
      let hueDistance = min(turn, 360 - turn) / 40, lightnessDistance = (lightness - its.lightness) / 0.35
      let distance = hueDistance * hueDistance + lightnessDistance * lightnessDistance
      if distance < best?.distance ?? .infinity { best = (distance, colour) }
    }
    return best?.colour
  }

  private static let prototypes: [(BasicColour, (lightness: Double, hue: Double))] = [
    (.red, 0xE50000), (.orange, 0xF97306), (.yellow, 0xFFFF14), (.green, 0x15B01A), (.blue, 0x0343DF), (.purple, 0x7E1E9C),
    (.pink, 0xFF81C0), (.brown, 0x653700),
  ].map { colour, code in
    let (lightness, _, hue) = oklch(Double(code >> 16) / 255, Double(code >> 8 & 255) / 255, Double(code & 255) / 255)
    return (colour, (lightness, hue))
  }

  /// *Units* lightness 0...1, hue in degrees 0..<360.
  static func oklch(_ red: Double, _ green: Double, _ blue: Double) -> (lightness: Double, chroma: Double, hue: Double) {
    func linear(_ value: Double) -> Double { value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4) }
    let (r, g, b) = (linear(red), linear(green), linear(blue))
    let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    let lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    let a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    let bb = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    let hue = atan2(bb, a) * 180 / .pi
    return (lightness, (a * a + bb * bb).squareRoot(), hue < 0 ? hue + 360 : hue)
  }
}
