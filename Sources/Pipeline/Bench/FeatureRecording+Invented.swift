import Core

extension FeatureRecording {
  /// Features without any media: scenes of 10 to 30 seconds, each with a look of its own over what all have in common, and noise in every
  /// frame; the second view of a frame has more noise.
  static func invented(seed: UInt64) -> [FeatureRecording] {
    var random = SeededNumbers(seed: seed)
    let dimensions = 64
    func vector(_ scale: Float) -> [Float] { (0..<dimensions).map { _ in scale * random.normal() } }
    let common = vector(1.5)
    return (1...6).map { number in
      var recording = FeatureRecording(name: "invented \(number)", model: "none")
      for _ in 0..<20 {
        let look = vector(1)
        for _ in 0..<Int.random(in: 10...30, using: &random) {
          let second = Double(recording.count)
          recording.starts.append(second)
          recording.ends.append(second + 1)
          recording.tags.append([])
          let frame = look.indices.map { common[$0] + look[$0] }
          let (seen, cue) = (vector(0.35), vector(0.7))
          recording.seen.pooled.append(frame.indices.map { frame[$0] + seen[$0] })
          recording.cue.pooled.append(frame.indices.map { frame[$0] + cue[$0] })
        }
      }
      return recording
    }
  }
}
