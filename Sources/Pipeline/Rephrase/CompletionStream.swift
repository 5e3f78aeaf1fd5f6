import Foundation

/// Puts together what a server streams: server-sent events with a piece of the text each, or one JSON object.
struct CompletionStream {
  private struct Chunk: Decodable {
    struct Choice: Decodable {
      struct Words: Decodable { var content: String? }
      var delta, message: Words?
    }
    var choices: [Choice]
  }

  private var bytes = 0
  private var line = Data()
  private var other = Data()
  private var text = ""
  private var isDone = false
  private var isEvents = false

  /// - Returns: whether nothing more is wanted.
  /// *Throws* `LanguageModelFault` when there is more than one reply can be, or an event is none.
  mutating func take(_ piece: Data) throws -> Bool {
    bytes += piece.count
    guard bytes <= LanguageModel.mostBytes else { throw LanguageModelFault("did not stop talking") }
    for byte in piece {
      if byte == 10 {
        try takeLine()
        if isDone { return true }
      } else {
        line.append(byte)
      }
    }
    guard text.count <= LanguageModel.mostCharacters else { throw LanguageModelFault("did not stop talking") }
    return false
  }

  private mutating func takeLine() throws {
    defer { line.removeAll(keepingCapacity: true) }
    if line.last == 13 { line.removeLast() }
    guard line.starts(with: Data("data:".utf8)) else {
      // Comments, names of events and empty lines mean nothing here.
      if !isEvents { other += line + Data([10]) }
      return
    }
    isEvents = true
    let said = String(decoding: line.dropFirst(5), as: UTF8.self).trimmingCharacters(in: .whitespaces)
    if said == "[DONE]" { return isDone = true }
    text += try Self.words(of: Data(said.utf8))
  }

  private static func words(of json: Data) throws -> String {
    guard let chunk = try? JSONDecoder().decode(Chunk.self, from: json) else {
      throw LanguageModelFault("sent something that is no completion")
    }
    return chunk.choices.first.flatMap { $0.delta?.content ?? $0.message?.content } ?? ""
  }

  /// The whole text. *Throws* `LanguageModelFault` when there is none or the stream broke off.
  mutating func finish() throws -> String {
    if !line.isEmpty { try takeLine() }
    if isEvents, !isDone { throw LanguageModelFault("broke off") }
    if !isEvents { text = try Self.words(of: other) }
    guard text.contains(where: \.isLetter) else { throw LanguageModelFault("said nothing") }
    return text
  }
}
