import Core
import Foundation
import Testing

@testable import Neural

/// Whisper on speech made by espeak-ng, on silence and on noise.
@Suite(.serialized, .enabled(if: WhisperSpeech.library.isInstalled("whisper-base"), "weights not installed: whisper-base"))
struct WhisperTests {
  private static func base() throws -> Whisper { try Whisper(folder: WhisperSpeech.library.folder(of: "whisper-base")) }

  @Test("the words of two sentences are found, in order, near where they were said")
  func words() throws {
    let first = try WhisperSpeech.spoken("The meeting starts at nine in room twelve.")
    let second = try WhisperSpeech.spoken("Please bring the quarterly report.")
    let pause = WhisperSpeech.silence(seconds: 2)
    let samples = first + pause + second
    let transcript = try Self.base().transcribe(samples)
    #expect(transcript.language == "en")
    let said = WhisperSpeech.words(of: transcript.text)
    for word in ["room", "please", "bring", "quarterly", "report"] { #expect(said.contains(word), "\(transcript.text)") }

    let words = transcript.words
    let length = Double(samples.count) / 16000
    for word in words {
      #expect(word.start >= 0 && word.start <= word.end && word.end <= length + 0.01)
      #expect((0...1).contains(word.probability))
      #expect(!word.text.isEmpty && word.text == word.text.trimmingCharacters(in: .whitespaces))
    }
    for (a, b) in zip(words, words.dropFirst()) { #expect(a.start <= b.start && a.end <= b.end + 0.001) }
    let pauseStart = Double(first.count) / 16000
    let please = try #require(words.first { $0.text.lowercased().hasPrefix("please") })
    #expect(abs(please.start - (pauseStart + 2)) < 0.5, "“please” at \(please.start), said at \(pauseStart + 2)")
    let before = try #require(words.last { $0.start < please.start - 0.001 })
    #expect(before.end < pauseStart + 0.5, "“\(before.text)” ends at \(before.end), the sentence at \(pauseStart)")
  }

  @Test("a voice that hides its language is read in the one in which its text is likeliest", arguments: [0, 0.5, 1.8])
  func doubtfulLanguage(pause: Double) throws {
    let said = try WhisperSpeech.spoken("My grandmother grew up on a farm near the river.", voice: "en-gb")
    let samples = WhisperSpeech.silence(seconds: pause) + said + WhisperSpeech.silence(seconds: 1.5)
    let transcript = try Self.base().transcribe(samples)
    #expect(transcript.language == "en", "\(transcript.text)")
    #expect(transcript.text.lowercased().contains("grandmother"), "\(transcript.text)")
  }

  @Test("a shorter encoder window hears the same words")
  func fitted() throws {
    let samples = try WhisperSpeech.spoken("A storm warning has been issued for the northern coast.")
    var options = Whisper.Options()
    options.encoderContext = .full
    let whisper = try Self.base()
    let full = WhisperSpeech.words(of: try whisper.transcribe(samples, options: options).text)
    options.encoderContext = .fitted(silence: 3)
    let fitted = WhisperSpeech.words(of: try whisper.transcribe(samples, options: options).text)
    #expect(Set(full).intersection(fitted).count >= 7, "\(full) and \(fitted)")
  }

  @Test("a search over five beginnings finds a text at least as likely as the greedy one")
  func beam() throws {
    let samples = try WhisperSpeech.spoken("The night train leaves at a quarter past ten.")
    var options = Whisper.Options()
    options.wordTimes = false
    options.temperatures = [0]
    options.beamSize = 1
    let whisper = try Self.base()
    let greedy = try #require(try whisper.transcribe(samples, options: options).segments.first)
    options.beamSize = 5
    let beam = try #require(try whisper.transcribe(samples, options: options).segments.first)
    #expect(beam.averageLogProbability >= greedy.averageLogProbability - 0.02)
    #expect(WhisperSpeech.words(of: beam.text).contains("train"))
  }

  @Test("recordings longer than a window are read to their end, with times that run on")
  func long() throws {
    let sentence = try WhisperSpeech.spoken("The ferry to the island leaves on Friday morning.")
    let gap = WhisperSpeech.silence(seconds: 9)
    let last = try WhisperSpeech.spoken("My brother bought seven yellow umbrellas.")
    let samples = sentence + gap + sentence + gap + sentence + gap + last
    let transcript = try Self.base().transcribe(samples)
    let begins = Double(samples.count - last.count) / 16000
    let umbrellas = try #require(transcript.words.first { $0.text.lowercased().hasPrefix("umbrella") }, "\(transcript.text)")
    #expect(umbrellas.start > begins && umbrellas.end <= Double(samples.count) / 16000 + 0.01)
    #expect(WhisperSpeech.words(of: transcript.text).filter { $0 == "island" }.count == 3, "\(transcript.text)")
  }

  @Test("a minute of silence and a minute of white noise give no words", arguments: [0, 0.001, 0.05, 0.5] as [Float])
  func nothing(amplitude: Float) throws {
    let sound = WhisperSpeech.whiteNoise(seconds: 60, amplitude: amplitude, seed: 5)
    let whisper = try Self.base()
    for context in [Whisper.Options.EncoderContext.full, .fitted(silence: 3)] {
      var options = Whisper.Options()
      options.encoderContext = context
      let transcript = try whisper.transcribe(sound, options: options)
      #expect(transcript.segments.isEmpty, "\(transcript.text)")
    }
  }

  @Test("sound too short to hold a word, or none at all, gives no words", arguments: [0, 1, 100, 1600])
  func short(count: Int) throws {
    #expect(try Self.base().transcribe(WhisperSpeech.whiteNoise(seconds: Double(count) / 16000, amplitude: 0.1, seed: 3)).segments.isEmpty)
  }

  @Test(
    "the language is recognised",
    arguments: [
      ("en", "en-us", "Good evening and welcome to the evening news. Tomorrow it will rain in the north."),
      ("de", "de", "Guten Abend und herzlich willkommen zu den Nachrichten. Morgen regnet es im Norden."),
    ])
  func language(code: String, voice: String, text: String) throws {
    let samples = try WhisperSpeech.spoken(text, voice: voice)
    let whisper = try Self.base()
    #expect(whisper.detectLanguage(samples)?.code == code)
    #expect(try whisper.transcribe(samples).language == code)
  }

  @Test("a language the model does not know is refused, and two runs give the same")
  func options() throws {
    let whisper = try Self.base()
    let samples = try WhisperSpeech.spoken("One two three.")
    var options = Whisper.Options()
    options.language = "xx"
    #expect(throws: NeuralError.self) { try whisper.transcribe(samples, options: options) }
    options.language = "en"
    options.temperatures = [0.6]
    options.seed = 7
    #expect(try whisper.transcribe(samples, options: options) == whisper.transcribe(samples, options: options))
  }

  @Test("a cancelled transcription stops")
  func cancellation() async throws {
    let samples = WhisperSpeech.whiteNoise(seconds: 10, amplitude: 0.1, seed: 1)
    let task = Task { try Self.base().transcribe(samples) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(
    "a model that knows only English works too",
    .enabled(if: WhisperSpeech.library.isInstalled("whisper-tiny.en"), "weights not installed: whisper-tiny.en"))
  func english() throws {
    let whisper = try Whisper(folder: WhisperSpeech.library.folder(of: "whisper-tiny.en"))
    #expect(whisper.languages.isEmpty)
    #expect(whisper.detectLanguage(WhisperSpeech.glide()) == nil)
    let transcript = try whisper.transcribe(try WhisperSpeech.spoken("Please bring the quarterly report to the meeting."))
    #expect(transcript.language == "en")
    #expect(WhisperSpeech.words(of: transcript.text).contains("report"), "\(transcript.text)")
    #expect(!transcript.words.isEmpty)
    #expect(try whisper.transcribe(WhisperSpeech.whiteNoise(seconds: 20, amplitude: 0.1, seed: 2)).segments.isEmpty)
  }
}
