import Core
import Foundation
import Pipeline

/// A terminal on which lines go by above a status line and a line being typed.
///
/// *Isolation* its own queue: a terminal that is held up holds up nobody else.
actor TailScreen {
  private let executor = QueueExecutor("afterimage.screen")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private var footer = Footer()
  private var isShown = true

  /// Writes a line of data above.
  func print(_ line: String) { above { Standard.print(line) } }

  /// Says something above, as `Standard.say` does.
  func say(_ line: String) { above { Standard.say(line) } }

  /// Shows lines that are for a person only.
  func show(_ text: String) { above { Standard.show(text + "\n") } }

  func set(status line: StatusLine) {
    footer.status = line.drawn(columns:)
    redraw()
  }

  func set(mark: String, editor: LineEditor) {
    footer.typed = (mark, editor)
    redraw()
  }

  /// Nothing is typed any more.
  func endTyping() {
    above { footer.typed = nil }
  }

  func redraw() {
    if isShown { Standard.show(footer.redrawn(columns: Standard.columns)) }
  }

  func clear() {
    Standard.show("\u{1B}[H\u{1B}[2J")
    footer = Footer(status: footer.status, typed: footer.typed)
    redraw()
  }

  /// Leaves the terminal as it was, what went by above excepted.
  func hide() {
    guard isShown else { return }
    Standard.show(footer.erased(columns: Standard.columns))
    isShown = false
  }

  func reveal() {
    isShown = true
    redraw()
  }

  private func above(_ write: () -> Void) {
    if isShown { Standard.show(footer.erased(columns: Standard.columns)) }
    write()
    redraw()
  }
}

/// Where lines go: to the standard streams as they are, or to a terminal with a footer.
enum Outlet: Sendable {
  case plain
  case screen(TailScreen)

  var isPlain: Bool { if case .plain = self { true } else { false } }

  /// A line of data.
  func print(_ line: String) async {
    switch self {
    case .plain: Standard.print(line)
    case .screen(let screen): await screen.print(line)
    }
  }

  /// Something said to a person.
  func say(_ line: String) async {
    switch self {
    case .plain: Standard.say(line)
    case .screen(let screen): await screen.say(line)
    }
  }

  /// Lines for a person, as they are.
  func show(_ text: String) async {
    switch self {
    case .plain: Standard.show(text + "\n")
    case .screen(let screen): await screen.show(text)
    }
  }
}
