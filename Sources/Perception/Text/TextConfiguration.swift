/// What the text stage may be told in a pipeline file. Every value has a default that works.
package struct TextConfiguration: Sendable, Codable, Equatable {
  /// Tesseract's name of the language data; several are joined by `+` (`eng+deu`), at about twice the cost.
  package var language = "eng"
  /// Lines below this confidence are dropped, 0...1. Written lines come out at 0.9 and more, textures mostly below 0.6.
  package var leastConfidence: Float = 0.7
  /// Most stretches read in one picture, the likeliest first. A picture takes about 6 ms per stretch; photos have about 5, slides 10, dense pages 40.
  package var linesPerPicture = 48
  /// How much one cell of a 64 × 36 grid over the picture must change for the picture to be read again, grey levels 0...255.
  /// Sensor noise stays below 4; one changed digit of 10 pixels makes more than 10.
  package var changeThreshold = 8

  package init() {}
}
