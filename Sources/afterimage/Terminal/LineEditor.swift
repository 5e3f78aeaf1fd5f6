/// One line being typed, with its history, as a value: keys go in, what to do comes out. It draws nothing and reads nothing.
struct LineEditor {
  /// What the caller has to do after a key.
  enum Action: Equatable {
    case redraw
    case submit(String)
    /// Ctrl-C: the line is gone, the prompt stays.
    case abandon
    /// Ctrl-D on an empty line.
    case endOfInput
    case clearScreen
    case complete
    case nothing
  }

  private(set) var text: [Character] = []
  /// How many characters lie left of the cursor.
  private(set) var cursor = 0
  private let history: [String]
  /// Which line of the history is shown; `history.count` is the line being typed.
  private var position: Int
  private var draft: [Character] = []

  init(history: [String]) {
    self.history = history
    position = history.count
  }

  mutating func apply(_ key: Key) -> Action {
    switch key {
    case .character(let character): insert([character])
    case .enter: return .submit(String(text))
    case .tab: return .complete
    case .backspace: remove(from: cursor - 1, to: cursor)
    case .delete: remove(from: cursor, to: cursor + 1)
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(text.count, cursor + 1)
    case .wordLeft: cursor = wordStart
    case .wordRight: cursor = wordEnd
    case .home: cursor = 0
    case .end: cursor = text.count
    case .up: show(position - 1)
    case .down: show(position + 1)
    case .control(let letter): return apply(control: letter)
    case .unknown: return .nothing
    }
    return .redraw
  }

  private mutating func apply(control letter: Character) -> Action {
    switch letter {
    case "a": cursor = 0
    case "b": cursor = max(0, cursor - 1)
    case "c": return .abandon
    case "d":
      if text.isEmpty { return .endOfInput }
      remove(from: cursor, to: cursor + 1)
    case "e": cursor = text.count
    case "f": cursor = min(text.count, cursor + 1)
    case "k": remove(from: cursor, to: text.count)
    case "l": return .clearScreen
    case "n": show(position + 1)
    case "p": show(position - 1)
    case "u": remove(from: 0, to: cursor)
    case "w": remove(from: wordStart, to: cursor)
    default: return .nothing
    }
    return .redraw
  }

  /// Completes what stands before the cursor from whole-line candidates: as far as they agree.
  ///
  /// - Returns: the candidates, when there is more than one and nothing could be added; the caller shows them.
  mutating func complete(from candidates: [String]) -> [String] {
    let typed = String(text[..<cursor])
    let matching = candidates.filter { $0.hasPrefix(typed) }
    guard let first = matching.first else { return [] }
    let common = matching.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
    if common.count > typed.count {
      insert(Array(common.dropFirst(typed.count)) + (matching.count == 1 ? [" "] : []))
      return []
    }
    return matching.count > 1 ? matching : []
  }

  private mutating func insert(_ characters: [Character]) {
    text.insert(contentsOf: characters, at: cursor)
    cursor += characters.count
  }

  private mutating func remove(from start: Int, to end: Int) {
    let range = max(0, start)..<min(text.count, max(end, max(0, start)))
    guard !range.isEmpty else { return }
    text.removeSubrange(range)
    cursor = range.lowerBound
  }

  private mutating func show(_ wanted: Int) {
    guard wanted != position, (0...history.count).contains(wanted) else { return }
    if position == history.count { draft = text }
    position = wanted
    text = wanted == history.count ? draft : Array(history[wanted])
    cursor = text.count
  }

  private var wordStart: Int {
    var index = cursor
    while index > 0, text[index - 1].isWhitespace { index -= 1 }
    while index > 0, !text[index - 1].isWhitespace { index -= 1 }
    return index
  }

  private var wordEnd: Int {
    var index = cursor
    while index < text.count, text[index].isWhitespace { index += 1 }
    while index < text.count, !text[index].isWhitespace { index += 1 }
    return index
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
