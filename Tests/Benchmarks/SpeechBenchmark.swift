import Core
import Foundation
import Neural

/// Transcribes WAV files and prints, as JSON, what was said, word by word, and what it cost on one thread.
///
/// Without options: greedy, with the encoder's whole window. `--beam 5 --fitted 3` are the program's own defaults.
///
/// `speech MODEL FILE.wav… [--beam N] [--fitted SECONDS] [--without-words] [--language CODE]`
enum SpeechBenchmark {
  private struct Result: Encodable {
    var file: String
    var audioSeconds: Double
    var cpuSeconds: Double
    var cpuPerAudioSecond: Double
    var transcript: Transcript
    var text: String
  }

  static func run(_ arguments: [String]) throws {
    var options = Whisper.Options()
    options.beamSize = 1
    options.encoderContext = .full
    var paths: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--beam": options.beamSize = rest.popFirst().flatMap(Int.init) ?? 5
      case "--fitted": options.encoderContext = .fitted(silence: rest.popFirst().flatMap(Double.init) ?? 2)
      case "--without-words": options.wordTimes = false
      case "--language": options.language = rest.popFirst()
      case "--single-temperature": options.temperatures = [0]
      default: paths.append(argument)
      }
    }
    guard let model = paths.first, paths.count > 1 else {
      throw NeuralError(.misconfigured, "speech MODEL FILE.wav… [--beam N] [--fitted SECONDS] [--without-words] [--language CODE]")
    }
    let whisper = try Whisper(folder: ModelLibrary().folder(of: model))
    var results: [Result] = []
    for path in paths.dropFirst() {
      let samples = try samples(ofWAV: path)
      let before = cpuSeconds()
      let transcript = try whisper.transcribe(samples, options: options)
      let spent = cpuSeconds() - before
      let length = Double(samples.count) / Double(Whisper.sampleRateHertz)
      results.append(
        Result(
          file: path, audioSeconds: length, cpuSeconds: spent, cpuPerAudioSecond: spent / length, transcript: transcript,
          text: transcript.text))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(results), as: UTF8.self))
  }

  /// Writes what the encoder makes of a WAV file, as 32-bit floats: `speech-encoder MODEL FILE.wav OUT.f32`.
  static func writeEncoding(_ arguments: [String]) throws {
    guard arguments.count == 3 else { throw NeuralError(.misconfigured, "speech-encoder MODEL FILE.wav OUT.f32") }
    let whisper = try Whisper(folder: ModelLibrary().folder(of: arguments[0]))
    let encoding = whisper.encoding(of: try samples(ofWAV: arguments[1]))
    try encoding.values.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: arguments[2]))
  }

  /// The samples of a 16-bit mono WAV file at 16 kHz, −1...1.
  static func samples(ofWAV path: String) throws -> [Float] {
    let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    func number(_ at: Int, _ bytes: Int) -> Int { (0..<bytes).reduce(0) { $0 | Int(file[at + $1]) << (8 * $1) } }
    var at = 12
    while at + 8 <= file.count, Array(file[at..<at + 4]) != Array("data".utf8) {
      if Array(file[at..<at + 4]) == Array("fmt ".utf8), at + 24 <= file.count {
        guard number(at + 8, 2) == 1, number(at + 10, 2) == 1, number(at + 12, 4) == 16000, number(at + 22, 2) == 16 else {
          throw NeuralError(.corruptInput, "\(path) is not 16-bit mono at 16 kHz")
        }
      }
      at += 8 + number(at + 4, 4)
    }
    guard at + 8 <= file.count else { throw NeuralError(.corruptInput, "\(path) is not a WAV file with samples") }
    let end = min(file.count, at + 8 + number(at + 4, 4))
    return stride(from: at + 8, to: end - 1, by: 2).map { Float(Int16(truncatingIfNeeded: number($0, 2))) / 32768 }
  }

  /// Processor time this process has used, all threads together.
  private static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
