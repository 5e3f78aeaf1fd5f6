import Core
import Foundation
import Testing

@testable import Neural

/// Tokens as Hugging Face's `tokenizers` 0.23.3 cuts them from the same tokenizer.json.
struct BytePairTokenizerTests {
  private static let texts = [
    "Hello, world!", " The quick brown fox's 3 tails aren't 12,345 long...", "  two  spaces\n\nand\tlines ", "Grüße aus Köln — naïve café",
    "日本語のテキスト", "😀 ok", "I'll we've they're he'd O'Neil 'tis", " don't",
  ]
  private static let multilingual = [
    [15947, 11, 1002, 0], [440, 1702, 6292, 21026, 311, 805, 220, 39384, 3212, 380, 2272, 11, 18, 8465, 938, 485],
    [220, 220, 20534, 220, 7673, 198, 198, 474, 197, 11045, 220], [20038, 774, 11451, 3437, 591, 13072, 77, 3466, 1667, 15487, 303, 25118],
    [27311, 31348, 2972, 22985, 15535, 40498], [13125, 222, 3133],
    [40, 603, 321, 600, 220, 13162, 434, 415, 1116, 422, 6, 15496, 388, 922, 83, 271], [500, 380],
  ]
  private static let english = [
    [15496, 11, 995, 0], [383, 2068, 7586, 21831, 338, 513, 30514, 3588, 470, 1105, 11, 27712, 890, 986],
    [220, 734, 220, 9029, 198, 198, 392, 197, 6615, 220], [8642, 9116, 39683, 68, 257, 385, 509, 9101, 18755, 851, 41492, 40304],
    [33768, 98, 17312, 105, 45739, 252, 5641, 24336, 25084, 43302], [47249, 222, 12876],
    [40, 1183, 356, 1053, 484, 821, 339, 1549, 440, 6, 29354, 705, 48010], [836, 470],
  ]

  private static func tokenizer(_ model: String) throws -> BytePairTokenizer {
    try BytePairTokenizer(url: ModelLibrary().folder(of: model).appendingPathComponent("tokenizer.json"))
  }

  @Test(
    "text is cut into the reference's tokens, and back: multilingual",
    .enabled(if: ModelLibrary().isInstalled("whisper-base"), "weights not installed: whisper-base"))
  func multilingual() throws {
    let tokenizer = try Self.tokenizer("whisper-base")
    for (text, tokens) in zip(Self.texts, Self.multilingual) {
      #expect(tokenizer.encode(text) == tokens)
      #expect(tokenizer.decode(tokens) == text)
    }
    #expect(tokenizer.specialTokens["<|transcribe|>"] == 50359)
    #expect(tokenizer.decode([50258, 440, 50364, 1702, 999_999, -1]) == " The quick")
  }

  @Test(
    "text is cut into the reference's tokens, and back: English only",
    .enabled(if: ModelLibrary().isInstalled("whisper-tiny.en"), "weights not installed: whisper-tiny.en"))
  func english() throws {
    let tokenizer = try Self.tokenizer("whisper-tiny.en")
    for (text, tokens) in zip(Self.texts, Self.english) {
      #expect(tokenizer.encode(text) == tokens)
      #expect(tokenizer.decode(tokens) == text)
    }
  }

  @Test(
    "a file that is no byte-pair tokenizer gives an error",
    arguments: [
      "", "[]", "{}", #"{"model": {}}"#, #"{"model": {"vocab": {"a": 0}, "merges": [["a"]]}}"#,
      #"{"model": {"vocab": {"a": -4}, "merges": []}}"#,
      #"{"model": {"vocab": {"a": 999999999999}, "merges": []}}"#, #"{"model": {"vocab": {"a": "b"}, "merges": []}}"#,
    ])
  func broken(contents: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("tokenizer-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try contents.write(to: file, atomically: true, encoding: .utf8)
    #expect(throws: NeuralError.self) { try BytePairTokenizer(url: file) }
  }
}
