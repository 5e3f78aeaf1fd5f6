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
    for index in frames.clamped(to: count - newest.count..<count) {
      let vector = centred(newest[index - (count - newest.count)].values)
      if sum.isEmpty { sum = vector } else { for place in sum.indices { sum[place] += vector[place] } }
    }
    return sum
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
