import Testing

@testable import afterimage

@Suite("Typing a line")
struct LineEditorTests {
  private func keys(_ bytes: String) -> [Key] {
    var decoder = KeyDecoder()
    return bytes.utf8.compactMap { decoder.feed($0) }
  }

  private func typed(_ bytes: String, history: [String] = []) -> (editor: LineEditor, last: LineEditor.Action) {
    var editor = LineEditor(history: history)
    var last = LineEditor.Action.nothing
    for key in keys(bytes) { last = editor.apply(key) }
    return (editor, last)
  }

  @Test("the bytes of a terminal become keys, letters beyond ASCII included, and broken ones do not derail it")
  func decoding() {
    #expect(
      keys("a\u{1B}[A\u{1B}OB\u{1B}[3~\u{1B}[1;5D\u{7F}\u{1}") == [
        .character("a"), .up, .down, .delete, .wordLeft, .backspace, .control("a"),
      ])
    #expect(keys("é猫🙂") == [.character("é"), .character("猫"), .character("🙂")])
    var decoder = KeyDecoder()
    #expect([0xC3, 0x41, 0xFF].compactMap { decoder.feed($0) } == [.character("A"), .unknown])
  }

  @Test("moving, inserting and deleting work in the middle of a line")
  func editing() {
    #expect(String(typed("when dog\u{1B}[D\u{1B}[D\u{1B}[Dthe \u{1B}[H?").editor.text) == "?when the dog")
    #expect(String(typed("one two three\u{17}\u{17}").editor.text) == "one ")
    #expect(String(typed("one two\u{1}\u{B}x").editor.text) == "x")
    #expect(String(typed("one two\u{1B}b\u{15}").editor.text) == "two")
    #expect(String(typed("ab\u{1}\u{1B}[3~\u{5}\u{7F}\u{7F}").editor.text) == "")
  }

  @Test("enter gives the line, Ctrl-D leaves on an empty line only, Ctrl-C abandons")
  func ending() {
    #expect(typed("hello\r").last == .submit("hello"))
    #expect(typed("\u{4}").last == .endOfInput)
    #expect(typed("ab\u{1}\u{4}").editor.text == ["b"])
    #expect(typed("ab\u{3}").last == .abandon)
    #expect(typed("\u{C}").last == .clearScreen)
  }

  @Test("up and down walk the history and come back to the line being typed")
  func history() {
    #expect(String(typed("dra\u{1B}[A", history: ["first", "second"]).editor.text) == "second")
    #expect(String(typed("dra\u{1B}[A\u{1B}[A\u{1B}[A", history: ["first", "second"]).editor.text) == "first")
    #expect(String(typed("dra\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[B", history: ["first", "second"]).editor.text) == "dra")
  }

  @Test("completion goes as far as the candidates agree, and then shows them")
  func completion() {
    var editor = typed(":s").editor
    let commands = [":stream", ":streams", ":quit"]
    #expect(editor.complete(from: commands) == [])
    #expect(String(editor.text) == ":stream")
    #expect(editor.complete(from: commands) == [":stream", ":streams"])
    var other = typed(":q").editor
    #expect(other.complete(from: commands) == [])
    #expect(String(other.text) == ":quit ")
  }

  @Test("text is measured in columns, and clipped to them")
  func widths() {
    #expect(DisplayWidth.of("abc") == 3)
    #expect(DisplayWidth.of("猫の") == 4)
    #expect(DisplayWidth.of("e\u{301}") == 1)
    #expect(DisplayWidth.clipped("abcdef", to: 4) == "abc…")
    #expect(DisplayWidth.clipped("猫の手", to: 4) == "猫…")
  }
}
