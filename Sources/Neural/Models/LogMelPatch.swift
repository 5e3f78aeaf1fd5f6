import Foundation

/// The log-mel spectrogram YAMNet sees: 96 rows each 10 ms, from 25 ms under a periodic Hann window, of magnitudes in 64 bands.
///
/// The transform has 512 points, the window 400 samples: one matrix product with the windowed cosines and sines gives every row.
///
/// *Source*: tensorflow/models, research/audioset/yamnet, `features.py` and `params.py`.
struct LogMelPatch: Sendable {
  static let rows = 96
  static let bands = 64
  static let windowLength = 400
  static let hopLength = 160
  /// Samples under the windows of all rows.
  static let length = (rows - 1) * hopLength + windowLength
  private static let points = 512
  private static let frequencies = points / 2 + 1
  /// What is added to a magnitude before its logarithm: digital silence is log 0.001.
  private static let offset: Float = 0.001

  private let transform: Linear  // [2 · frequencies, 400]: windowed cosines, then sines
  private let filters: Linear  // [bands, frequencies]

  init() {
    let (length, frequencies) = (Self.windowLength, Self.frequencies)
    var transform = [Float](repeating: 0, count: 2 * frequencies * length)
    for k in 0..<frequencies {
      for n in 0..<length {
        let window = 0.5 - 0.5 * cos(2 * Double.pi * Double(n) / Double(length))
        let angle = 2 * Double.pi * Double(n * k % Self.points) / Double(Self.points)
        transform[k * length + n] = Float(window * cos(angle))
        transform[(frequencies + k) * length + n] = Float(window * sin(angle))
      }
    }
    self.transform = Linear(weight: Tensor(shape: [2 * frequencies, length], values: transform))
    filters = Linear(weight: Tensor(shape: [Self.bands, frequencies], values: Self.filters()))
  }

  /// - Parameter samples: `length` samples at 16 kHz.
  /// - Returns: *Shape* `[rows, bands]`.
  func callAsFunction(_ samples: UnsafePointer<Float>) -> [Float] {
    var spectra = [Float](repeating: 0, count: Self.rows * 2 * Self.frequencies)
    transform.apply(samples, rows: Self.rows, inputStride: Self.hopLength, to: &spectra)
    var magnitudes = [Float](repeating: 0, count: Self.rows * Self.frequencies)
    for row in 0..<Self.rows {
      let from = row * 2 * Self.frequencies
      for k in 0..<Self.frequencies {
        let (real, imaginary) = (spectra[from + k], spectra[from + Self.frequencies + k])
        magnitudes[row * Self.frequencies + k] = (real * real + imaginary * imaginary).squareRoot()
      }
    }
    var patch = [Float](repeating: 0, count: Self.rows * Self.bands)
    filters.apply(magnitudes, rows: Self.rows, to: &patch)
    for index in patch.indices { patch[index] = logf(patch[index] + Self.offset) }
    return patch
  }

  /// Triangles evenly spaced on the mel scale `1127 ln(1 + f / 700)` from 125 to 7500 Hz, of height 1, straight in mel. The mean of the
  /// signal counts nowhere.
  private static func filters() -> [Float] {
    func mel(_ hertz: Double) -> Double { 1127 * log(1 + hertz / 700) }
    let (lowest, highest) = (mel(125), mel(7500))
    let edges = (0..<bands + 2).map { lowest + (highest - lowest) * Double($0) / Double(bands + 1) }
    var filters = [Float](repeating: 0, count: bands * frequencies)
    for band in 0..<bands {
      for k in 1..<frequencies {
        let at = mel(Double(k) * 16_000 / Double(points))
        let rising = (at - edges[band]) / (edges[band + 1] - edges[band])
        let falling = (edges[band + 2] - at) / (edges[band + 2] - edges[band + 1])
        filters[band * frequencies + k] = Float(max(0, min(rising, falling)))
      }
    }
    return filters
  }
}
