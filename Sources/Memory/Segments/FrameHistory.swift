/// The newest frame vectors of a stream and the mean of all of them, which is what every comparison is centred on: features of one
/// encoder share a large common direction that would hide every difference.
struct FrameHistory: Codable, Equatable, Sendable {
  /// Frames seen so far; the index of the next one.
  private(set) var count = 0
  /// The newest vectors, oldest first.
  private var newest: [FloatBlock] = []
  private var mean = FloatBlock([])
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  mutating func append(_ vector: [Float]) {
    if count == 0 { mean.values = [Float](repeating: 0, count: vector.count) }
    count += 1
    let share = 1 / Float(count)
    for index in vector.indices { mean.values[index] += (vector[index] - mean.values[index]) * share }
    newest.append(FloatBlock(vector))
    if newest.count > capacity { newest.removeFirst() }
  }

  /// The mean of the centred unit vectors of some frames, as far as they are still held. *Shape* `[dimensions]`; empty for none.
  func centredMean(of frames: Range<Int>) -> [Float] {
    var sum = [Float]()
    for row in held(frames) {
      let vector = centred(row.values)
      if sum.isEmpty { sum = vector } else { for place in sum.indices { sum[place] += vector[place] } }
    }
    return sum
  }

  /// The centred unit vectors of some frames, as far as they are still held.
  func centredVectors(of frames: Range<Int>) -> [[Float]] { held(frames).map { centred($0.values) } }

  /// The mean of some frames' vectors as they were given, and the mean squared distance from it.
  func spread(of frames: Range<Int>) -> (mean: [Float], variance: Float) {
    let rows = held(frames)
    guard let first = rows.first else { return ([], 0) }
    var mean = [Float](repeating: 0, count: first.values.count)
    for row in rows { for place in mean.indices { mean[place] += row.values[place] / Float(rows.count) } }
    var squares: Float = 0
    for row in rows { for place in mean.indices { squares += (row.values[place] - mean[place]) * (row.values[place] - mean[place]) } }
    return (mean, squares / Float(rows.count))
  }

  private func held(_ frames: Range<Int>) -> ArraySlice<FloatBlock> {
    let first = count - newest.count
    let range = frames.clamped(to: first..<count)
    return newest[(range.lowerBound - first)..<(range.upperBound - first)]
  }

  /// A vector less the stream's mean, at unit length. The mean counts in full only after many frames: over the first few it is hardly
  /// more than the first scene, and would take away what that scene looks like.
  func centred(_ vector: [Float]) -> [Float] {
    guard count > 0 else { return vector }
    let share = Float(count) / Float(count + Self.warmUp)
    var result = vector
    var squares: Float = 0
    for index in vector.indices {
      result[index] -= share * mean.values[index]
      squares += result[index] * result[index]
    }
    guard squares > 0 else { return result }
    let scale = 1 / squares.squareRoot()
    for index in result.indices { result[index] *= scale }
    return result
  }

  /// The vector of the newest frame as it was given; empty before the first.
  var last: [Float] { newest.last?.values ?? [] }

  private static let warmUp = 16
}
