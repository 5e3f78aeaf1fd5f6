import Core
import Foundation
import Testing

@testable import Neural

/// Whisper against Goldens/whisper-base.json, which Goldens/whisper_reference.py made in double precision.
@Suite(.serialized) struct WhisperParityTests {
  private struct Reference: Decodable {
    struct Mel: Decodable {
      let frames: [Int]
      let values: [Float]
    }
    struct Encoding: Decodable {
      let rows: [Int]
      let width: Int
      let values: [Float]
      let norms: [Float]
    }
    struct Prediction: Decodable {
      let prompt: [Int]
      let tokens: [Int]
      let logProbabilities: [Float]
    }
    let mel: Mel
    let encoder: Encoding
    let decoder: Prediction

    static func load() throws -> Reference {
      try JSONDecoder().decode(Reference.self, from: Data(contentsOf: Golden.folder.appendingPathComponent("whisper-base.json")))
    }
  }

  @Test("the spectrogram is Whisper's, to 1e-4")
  func spectrogram() throws {
    let reference = try Reference.load().mel
    let frames = LogMelSpectrogram(bins: 80)(WhisperSpeech.glide())
    #expect(frames.count == 300)
    var rows = [Float](repeating: 0, count: 3000 * 80)
    frames.copy(from: 0, rows: 3000, to: &rows)
    var worst: Float = 0
    for (index, frame) in reference.frames.enumerated() {
      for bin in 0..<80 { worst = max(worst, abs(rows[frame * 80 + bin] - reference.values[index * 80 + bin])) }
    }
    #expect(worst < 1e-4, "worst element \(worst)")
  }

  @Test("a spectrogram may be shorter than its window, or empty", arguments: [0, 1, 159, 160, 399, 48000])
  func lengths(samples: Int) {
    let frames = LogMelSpectrogram(bins: 128)([Float](repeating: 0.1, count: samples))
    #expect(frames.count == samples / 160)
    #expect(frames.values.allSatisfy { $0.isFinite })
  }

  @Test(
    "the encoder's output is the reference's, to a thousandth of its size",
    .enabled(if: WhisperSpeech.library.isInstalled("whisper-base"), "weights not installed: whisper-base"))
  func encoder() throws {
    let reference = try Reference.load().encoder
    let whisper = try Whisper(folder: WhisperSpeech.library.folder(of: "whisper-base"))
    let encoding = whisper.encoding(of: WhisperSpeech.glide())
    #expect(encoding.shape == [1500, 512])
    for (index, row) in reference.rows.enumerated() {
      let ours = Array(encoding.values[row * 512..<(row + 1) * 512])
      let norm = ours.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(norm - reference.norms[index]) < 1e-3 * reference.norms[index], "row \(row)")
      let worst = (0..<reference.width).map { abs(ours[$0] - reference.values[index * reference.width + $0]) }.max() ?? 0
      // A row's elements are compared with the row's root mean square.
      #expect(worst < 1e-3 * reference.norms[index] / Float(512).squareRoot(), "row \(row): worst element \(worst)")
    }
  }

  @Test(
    "the decoder expects the reference's next tokens, as strongly",
    .enabled(if: WhisperSpeech.library.isInstalled("whisper-base"), "weights not installed: whisper-base"))
  func decoder() throws {
    let reference = try Reference.load().decoder
    let whisper = try Whisper(folder: WhisperSpeech.library.folder(of: "whisper-base"))
    let encoded = whisper.encoder.encode(whisper.spectrogram(WhisperSpeech.glide()), from: 0, positions: 1500)
    whisper.decoder.listen(to: encoded, positions: 1500)
    whisper.decoder.begin(sequences: 1)
    let rows = reference.prompt.enumerated().map { WhisperDecoder.Row(sequence: 0, position: $0.offset, token: $0.element) }
    let scores = whisper.decoder.run(rows, wanted: [2])
    let sum = Kernels.logSumExp(scores, count: whisper.decoder.vocabularySize)
    #expect(Kernels.argmax(scores, count: whisper.decoder.vocabularySize) == reference.tokens[0])
    for (token, expected) in zip(reference.tokens, reference.logProbabilities) {
      #expect(abs(scores[token] - sum - expected) < 0.02, "token \(token)")
    }
  }

  @Test(
    "steps with kept keys and values give what one run over the whole prompt gives",
    .enabled(if: WhisperSpeech.library.isInstalled("whisper-base"), "weights not installed: whisper-base"))
  func cache() throws {
    let whisper = try Whisper(folder: WhisperSpeech.library.folder(of: "whisper-base"))
    let decoder = whisper.decoder
    decoder.listen(to: whisper.encoder.encode(whisper.spectrogram(WhisperSpeech.glide()), from: 0, positions: 250), positions: 250)
    let text = [50258, 50259, 50359, 50364, 440, 1702, 6292]
    decoder.begin(sequences: 1)
    let whole = decoder.run(text.enumerated().map { .init(sequence: 0, position: $0.offset, token: $0.element) }, wanted: [text.count - 1])
    let expected = (0..<decoder.vocabularySize).map { whole[$0] }
    // Sequences 0 and 2 take wrong turns first; then all become copies of 1.
    decoder.begin(sequences: 3)
    _ = decoder.run(text.prefix(4).enumerated().map { .init(sequence: 1, position: $0.offset, token: $0.element) }, wanted: [3])
    _ = decoder.run([.init(sequence: 0, position: 0, token: 7), .init(sequence: 2, position: 0, token: 9)], wanted: [0])
    decoder.rearrange([1, 1, 1], length: 4)
    for position in 4..<text.count {
      _ = decoder.run((0..<3).map { .init(sequence: $0, position: position, token: text[position]) }, wanted: [0, 1, 2])
      decoder.rearrange([2, 0, 0], length: position + 1)
    }
    let last = decoder.run((0..<3).map { .init(sequence: $0, position: text.count - 1, token: text[text.count - 1]) }, wanted: [0, 1, 2])
    for sequence in 0..<3 {
      let worst = (0..<decoder.vocabularySize).map { abs(last[sequence * decoder.vocabularySize + $0] - expected[$0]) }.max() ?? 0
      #expect(worst < 2e-3, "sequence \(sequence): worst score \(worst)")
    }
  }
}
