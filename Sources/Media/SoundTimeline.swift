import Core

/// Lays 16 kHz samples on the stream's clock and cuts them into chunks that end on whole seconds, or on whole parts of one. Positions count samples since time 0.
struct SoundTimeline {
  private var position: Int64 = 0
  private var waiting: [Float] = []
  /// Samples before this are not delivered.
  let from: Int64
  /// Samples of the longest chunk; divides a second.
  private let longest: Int64

  private static let rate = Int64(AudioChunk.sampleRateHertz)
  static let nanosecondsPerSample: Int64 = 62_500

  /// - Precondition: `chunksPerSecond` divides 16,000.
  init(from: MediaTime = .zero, chunksPerSecond: Int = 1) {
    longest = Self.rate / Int64(chunksPerSecond)
    self.from = (max(0, from.nanoseconds) + Self.nanosecondsPerSample - 1) / Self.nanosecondsPerSample
  }

  /// Where the next sample goes, in nanoseconds.
  var end: Int64 { position * Self.nanosecondsPerSample }

  /// Goes on at a later time: what waits is delivered as it is.
  mutating func start(at nanoseconds: Int64, into items: inout [MediaItem]) {
    flush(into: &items)
    position = max(position, (nanoseconds + Self.nanosecondsPerSample / 2) / Self.nanosecondsPerSample)
  }

  mutating func append(_ samples: UnsafeBufferPointer<Float>, into items: inout [MediaItem]) {
    var rest = samples[...]
    while !rest.isEmpty {
      let taken = rest.prefix(Int(longest - position % longest))
      waiting.append(contentsOf: taken)
      position += Int64(taken.count)
      rest = rest.dropFirst(taken.count)
      if position % longest == 0 { flush(into: &items) }
    }
  }

  /// Delivers what waits.
  mutating func flush(into items: inout [MediaItem]) {
    let first = position - Int64(waiting.count)
    let late = min(max(0, from - first), Int64(waiting.count))
    if late < waiting.count {
      let start = MediaTime(nanoseconds: (first + late) * Self.nanosecondsPerSample)
      items.append(.audio(AudioChunk(start: start, samples: late == 0 ? waiting : Array(waiting.dropFirst(Int(late))))))
    }
    waiting.removeAll(keepingCapacity: false)
    waiting.reserveCapacity(Int(longest))
  }
}
