/// What stays at the bottom of a terminal while lines go by above it, as a value: how things stand and, below it, the line being typed.
///
/// It says what to write and writes nothing.
/// *Source* ECMA-48 for the control sequences: CUU, CUF, ED, EL.
struct Footer {
  /// How things stand; nil shows no such line.
  var status: ((_ columns: Int) -> String)?
  /// The line being typed, with its mark; nil where nobody types.
  var typed: (mark: String, editor: LineEditor)?

  /// The columns each line took when it was drawn, and how far right the cursor was left.
  private var drawn: (lines: [Int], cursor: Int)?

  init(status: ((_ columns: Int) -> String)? = nil, typed: (mark: String, editor: LineEditor)? = nil) {
    (self.status, self.typed) = (status, typed)
  }

  /// Takes the footer away; the cursor is where the next line of text begins.
  ///
  /// - Parameter columns: the width now: a terminal that has become narrower has broken the lines that were drawn.
  mutating func erased(columns: Int) -> String {
    guard let drawn else { return "" }
    self.drawn = nil
    let rows = { (width: Int) in max(1, (width + columns - 1) / max(1, columns)) }
    let above = drawn.lines.dropLast().map(rows).reduce(0, +) + drawn.cursor / max(1, columns)
    return "\r" + (above > 0 ? "\u{1B}[\(above)A" : "") + "\u{1B}[J"
  }

  /// Draws the footer below what has been written.
  mutating func redrawn(columns: Int) -> String {
    var text = erased(columns: columns)
    var (lines, cursor): ([Int], Int) = ([], 0)
    if let status {
      let line = status(columns)
      text += line
      lines.append(DisplayWidth.of(line))
      cursor = lines[0]
    }
    if let typed {
      let (line, column) = Self.scrolled(typed.editor, mark: typed.mark, columns: columns)
      text += (lines.isEmpty ? "" : "\n") + line + "\r" + (column > 0 ? "\u{1B}[\(column)C" : "")
      lines.append(DisplayWidth.of(line))
      cursor = column
    }
    if !lines.isEmpty { drawn = (lines, cursor) }
    return text
  }

  /// The part of a line that fits, scrolled so that the cursor is in sight, and the cursor's column in it.
  static func scrolled(_ editor: LineEditor, mark: String, columns: Int) -> (line: String, column: Int) {
    let room = max(8, columns - DisplayWidth.of(mark) - 1)
    var start = 0
    while DisplayWidth.of(editor.text[start..<editor.cursor]) > room { start += 1 }
    var (shown, used) = ("", 0)
    for character in editor.text[start...] {
      used += DisplayWidth.of(character)
      if used > room { break }
      shown.append(character)
    }
    return (mark + shown, DisplayWidth.of(mark) + DisplayWidth.of(editor.text[start..<editor.cursor]))
  }
}
