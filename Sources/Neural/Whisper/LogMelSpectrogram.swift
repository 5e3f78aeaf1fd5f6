import Core
import Foundation

/// Whisper's log-mel spectrogram of sound at 16 kHz: one row each 10 ms, from 25 ms under a periodic Hann window.
///
/// The transform has 400 points, which is no power of two: it is done as one matrix product with the cosines and sines, in double
/// precision, because the quiet bins of a loud frame would otherwise drown in rounding. That costs under a millisecond per second of sound.
///
/// *Source*: Radford et al. 2022, section 2.2; `log_mel_spectrogram` of openai/whisper; the filters are Slaney's (librosa's default).
package struct LogMelSpectrogram: Sendable {
  static let sampleRateHertz = 16_000
  static let windowLength = 400
  static let hopLength = 160
  /// What no sound at all is in `Frames.loudest`.
  static let digitalSilence: Float = -10
  private static let frequencies = windowLength / 2 + 1

  package let bins: Int
  private let transform: [Double]  // [windowLength, 2 · frequencies]: windowed cosines, then sines
  private let filters: [Float]  // [bins, frequencies]

  package init(bins: Int) {
    self.bins = bins
    let (length, frequencies) = (Self.windowLength, Self.frequencies)
    var transform = [Double](repeating: 0, count: length * 2 * frequencies)
    for n in 0..<length {
      let window = 0.5 - 0.5 * cos(2 * Double.pi * Double(n) / Double(length))
      for k in 0..<frequencies {
        let angle = 2 * Double.pi * Double(n * k % length) / Double(length)
        transform[n * 2 * frequencies + k] = window * cos(angle)
        transform[n * 2 * frequencies + frequencies + k] = -window * sin(angle)
      }
    }
    self.transform = transform
    filters = Self.slaneyFilters(bins: bins)
  }

  /// The spectrogram of a whole recording, which counts as followed by silence.
  package func callAsFunction(_ samples: [Float]) -> Frames {
    let (hop, length) = (Self.hopLength, Self.windowLength)
    let sounding = samples.isEmpty ? 0 : (samples.count + length / 2 - 1) / hop + 1
    var values = [Float](unsafeUninitializedCapacity: sounding * bins) { _, count in count = sounding * bins }
    let block = 256
    var framed = [Double](repeating: 0, count: block * length)
    var spectrum = [Double](repeating: 0, count: block * 2 * Self.frequencies)
    var power = [Float](repeating: 0, count: block * Self.frequencies)
    var first = 0
    while first < sounding {
      let rows = min(block, sounding - first)
      for row in 0..<rows { Self.frame(samples, centre: (first + row) * hop, into: &framed, at: row * length) }
      Kernels.gemm(
        m: rows, n: 2 * Self.frequencies, k: length, framed, lda: length, transform, ldb: 2 * Self.frequencies, &spectrum,
        ldc: 2 * Self.frequencies)
      for row in 0..<rows {
        let from = row * 2 * Self.frequencies
        for k in 0..<Self.frequencies {
          let (real, imaginary) = (spectrum[from + k], spectrum[from + Self.frequencies + k])
          power[row * Self.frequencies + k] = Float(real * real + imaginary * imaginary)
        }
      }
      values.withUnsafeMutableBufferPointer { target in
        guard let base = target.baseAddress else { return }
        Kernels.gemm(
          transposedB: true, m: rows, n: bins, k: Self.frequencies, power, lda: Self.frequencies, filters, ldb: Self.frequencies,
          base + first * bins, ldc: bins)
      }
      first += rows
    }
    return Self.compressed(values, frames: samples.count / hop, bins: bins)
  }

  /// `(max(log10 x, top − 8) + 4) / 4`, where silence is 10⁻¹⁰.
  private static func compressed(_ power: [Float], frames: Int, bins: Int) -> Frames {
    var values = power
    var top = digitalSilence
    for i in values.indices {
      values[i] = log10f(max(values[i], 1e-10))
      if values[i] > top { top = values[i] }
    }
    let floor = top - 8
    for i in values.indices { values[i] = (max(values[i], floor) + 4) / 4 }
    return Frames(bins: bins, count: frames, values: values, silence: (max(digitalSilence, floor) + 4) / 4, loudest: top)
  }

  /// Copies the samples around `centre`; before the recording lies its mirror image, after it silence.
  private static func frame(_ samples: [Float], centre: Int, into target: inout [Double], at offset: Int) {
    let start = centre - windowLength / 2
    for n in 0..<windowLength {
      let index = abs(start + n)
      target[offset + n] = index < samples.count ? Double(samples[index]) : 0
    }
  }

  /// Triangles, evenly spaced on Slaney's mel scale (linear to 1 kHz, logarithmic above) up to 8 kHz, each of area 1 in hertz.
  private static func slaneyFilters(bins: Int) -> [Float] {
    let step = log(6.4) / 27
    func hertz(_ mel: Double) -> Double { mel < 15 ? mel * 200 / 3 : 1000 * exp(step * (mel - 15)) }
    let highest = 15 + log(8.0) / step
    let edges = (0..<bins + 2).map { hertz(highest * Double($0) / Double(bins + 1)) }
    var filters = [Float](repeating: 0, count: bins * frequencies)
    for bin in 0..<bins {
      for k in 0..<frequencies {
        let f = Double(k * sampleRateHertz) / Double(windowLength)
        let rising = (f - edges[bin]) / (edges[bin + 1] - edges[bin])
        let falling = (edges[bin + 2] - f) / (edges[bin + 2] - edges[bin + 1])
        filters[bin * frequencies + k] = Float(max(0, min(rising, falling)) * 2 / (edges[bin + 2] - edges[bin]))
      }
    }
    return filters
  }
}

extension LogMelSpectrogram {
  /// A spectrogram with its time running downwards.
  package struct Frames: Sendable {
    package let bins: Int
    /// Whole hops of 10 ms in the recording.
    package let count: Int
    /// *Shape* `[rows, bins]`; the rows of `count` and a few that still hear the end of the recording.
    package let values: [Float]
    /// What every later row holds.
    package let silence: Float
    /// log10 of the loudest bin's power.
    package let loudest: Float

    /// Copies rows `first ..< first + rows`, with silence where the recording has ended.
    func copy(from first: Int, rows: Int, to target: UnsafeMutablePointer<Float>) {
      let available = max(0, min(rows, values.count / bins - first))
      values.withUnsafeBufferPointer { source in
        if let base = source.baseAddress, available > 0 { target.update(from: base + first * bins, count: available * bins) }
      }
      (target + available * bins).update(repeating: silence, count: (rows - available) * bins)
    }
  }
}
