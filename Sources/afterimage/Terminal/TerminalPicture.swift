import Core
import Foundation

/// How a terminal shows a picture, as far as its environment tells. Where it does not, no picture is sent: a terminal that does not know a
/// sequence prints it.
enum TerminalPicture: Sendable, Equatable {
  /// *Source* Kitty's graphics protocol.
  case kitty
  /// *Source* iTerm2's inline images (OSC 1337).
  case iterm
  /// *Source* DEC's sixel graphics (VT340).
  case sixel

  /// Samples across that a picture needs at most.
  static let width = 320

  static func supported(by environment: [String: String]) -> TerminalPicture? {
    let (term, program) = (environment["TERM"] ?? "", environment["TERM_PROGRAM"] ?? "")
    // A multiplexer in between swallows or garbles the sequences.
    guard environment["TMUX"] == nil, !term.hasPrefix("screen"), !term.hasPrefix("tmux"), term != "dumb" else { return nil }
    if environment["KITTY_WINDOW_ID"] != nil || term == "xterm-kitty" || term == "xterm-ghostty" || program == "ghostty" { return .kitty }
    if program == "iTerm.app" || program == "WezTerm" || environment["LC_TERMINAL"] == "iTerm2" { return .iterm }
    if term.hasPrefix("foot") || term.hasPrefix("mlterm") || term.hasPrefix("contour") || term.contains("sixel") { return .sixel }
    return nil
  }

  /// The bytes that show a picture, on lines of their own.
  ///
  /// - Parameters:
  ///   - jpeg: the same as a file, for terminals that read files.
  /// - Precondition: the picture has three planes.
  func sequence(for picture: Picture, jpeg: Data) -> String {
    switch self {
    case .kitty: Self.kitty(picture)
    case .iterm: "\u{1B}]1337;File=inline=1;size=\(jpeg.count);width=\(picture.width)px:\(jpeg.base64EncodedString())\u{07}\n"
    case .sixel: Self.sixel(picture)
    }
  }

  private static func kitty(_ picture: Picture) -> String {
    let size = picture.width * picture.height
    var pixels = Data(capacity: 3 * size)
    for index in 0..<size { for plane in 0..<3 { pixels.append(picture.samples[plane * size + index]) } }
    let text = Array(pixels.base64EncodedString().utf8)
    var sequence = ""
    for start in stride(from: 0, to: text.count, by: 4096) {
      let end = min(text.count, start + 4096)
      let keys = start == 0 ? "a=T,f=24,s=\(picture.width),v=\(picture.height)," : ""
      sequence += "\u{1B}_G\(keys)m=\(end < text.count ? 1 : 0);\(String(decoding: text[start..<end], as: UTF8.self))\u{1B}\\"
    }
    return sequence + "\n"
  }

  /// Six levels of each colour: enough to recognise a scene.
  private static func sixel(_ picture: Picture) -> String {
    let size = picture.width * picture.height
    let colours = (0..<size).map { (index: Int) -> Int in
      let levels = (0..<3).map { (plane: Int) -> Int in (Int(picture.samples[plane * size + index]) * 5 + 127) / 255 }
      return levels.reduce(0) { $0 * 6 + $1 }
    }
    var sequence = "\u{1B}Pq\"1;1;\(picture.width);\(picture.height)"
    for colour in Set(colours).sorted() {
      sequence += "#\(colour);2;\(colour / 36 * 20);\(colour / 6 % 6 * 20);\(colour % 6 * 20)"
    }
    for top in stride(from: 0, to: picture.height, by: 6) {
      let rows = top..<min(picture.height, top + 6)
      for colour in Set(rows.flatMap { colours[$0 * picture.width..<($0 + 1) * picture.width] }).sorted() {
        sequence += "#\(colour)"
        var (last, run) = (UInt8(0), 0)
        func flush() {
          guard run > 0 else { return }
          let letter = String(decoding: [63 + last], as: UTF8.self)
          sequence += run > 3 ? "!\(run)\(letter)" : String(repeating: letter, count: run)
        }
        for column in 0..<picture.width {
          let bits = rows.reduce(UInt8(0)) { $0 | (colours[$1 * picture.width + column] == colour ? 1 << UInt8($1 - top) : 0) }
          if bits == last, run > 0 { run += 1 } else { flush(); (last, run) = (bits, 1) }
        }
        flush()
        sequence += "$"
      }
      sequence += "-"
    }
    return sequence + "\u{1B}\\\n"
  }
}
