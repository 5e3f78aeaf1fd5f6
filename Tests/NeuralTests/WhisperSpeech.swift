import Core
import Foundation

@testable import Neural

/// Sound made for the tests of Whisper.
enum WhisperSpeech {
  static let library = ModelLibrary()

  /// Speech by espeak-ng, as 16 kHz mono.
  static func spoken(_ text: String, voice: String = "en-us") throws -> [Float] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("whisper-speech-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (wave, raw) = (folder.appendingPathComponent("speech.wav").path, folder.appendingPathComponent("speech.f32").path)
    try run(["espeak-ng", "-v", voice, "-s", "150", "-w", wave, text])
    try run(["ffmpeg", "-v", "error", "-i", wave, "-ac", "1", "-ar", "16000", "-f", "f32le", raw])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: raw))
    return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  private static func run(_ command: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw NeuralError(.unavailable, "\(command[0]) failed") }
  }

  static func silence(seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * 16000)) }

  static func whiteNoise(seconds: Double, amplitude: Float, seed: UInt64) -> [Float] {
    var generator = SplitMix64(state: seed)
    return (0..<Int(seconds * 16000)).map { _ in Float.random(in: -amplitude...amplitude, using: &generator) }
  }

  /// Three seconds of gliding tones with the rhythm of syllables, and a little noise: `signal` in Goldens/whisper_reference.py.
  static func glide() -> [Float] {
    var state: UInt32 = 1
    return (0..<48000).map { n in
      state = state &* 1_664_525 &+ 1_013_904_223
      let t = Double(n) / 16000
      let rhythm = 0.5 + 0.5 * sin(2 * .pi * 3 * t)
      let low = 0.3 * sin(2 * .pi * (120 * t + 30 * t * t))
      let high = 0.1 * sin(2 * .pi * (700 * t - 80 * t * t))
      let hiss = 0.05 * sin(2 * .pi * 2500 * t) * (1 - rhythm)
      return Float(rhythm * (low + high) + hiss + 0.002 * (Double(state) / 4_294_967_296 - 0.5))
    }
  }

  /// The text's words in lower case, without punctuation.
  static func words(of text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
  }
}
