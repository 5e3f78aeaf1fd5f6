import Core

/// A long stream of real frames, one a second: stretches of the material in random order, with moments that occur nowhere else planted in
/// it, and single frames of something else flashing up. What is planted, and when, is known.
struct SplicedStream: Sendable {
  /// Indices into the material.
  private(set) var frames: [Int] = []
  private(set) var isJunk: [Bool] = []
  private(set) var needles: [Needle] = []
  private(set) var entities: [Entity] = []
  /// Frames of moments that are not in the stream.
  private(set) var foils: [Int] = []

  /// A moment that occurs once.
  struct Needle: Sendable {
    /// The age it was planted for, in seconds before the end.
    var age: Double
    var seconds: Int
    var range: Range<Int>
    /// The frame whose second view is shown to the memory.
    var cue: Int
  }

  /// Something that occurs several times.
  struct Entity: Sendable {
    var ranges: [Range<Int>]
    var cue: Int
  }

  static let durations = [2, 4, 8]
  static let mentions = [1, 2, 4, 8, 16]
  private static let foilCount = 15
  private static let junkCount = 10
  private static let junkShare = 0.05

  /// Episodes of at least eight frames that are needed.
  static func neededEpisodes(ages: Int) -> Int { ages * durations.count + mentions.count + foilCount + junkCount + 10 }

  /// - Parameter ages: in seconds, ascending.
  /// *Throws* `misconfigured` when the material has too few episodes to hold any back.
  init(_ material: BenchMaterial, seconds: Int, ages: [Double], seed: UInt64) throws {
    var random = SeededNumbers(seed: seed)
    var long = material.episodes.filter { $0.count >= 8 }.shuffled(using: &random)
    let needed = Self.neededEpisodes(ages: ages.count)
    guard long.count >= needed else {
      throw PipelineError(
        .badArgument, code: .misconfigured,
        "the media have \(long.count) episodes of eight seconds and more; \(needed) are needed, so give more or more varied media")
    }
    func take(_ count: Int) -> [Range<Int>] {
      defer { long.removeLast(count) }
      return Array(long.suffix(count))
    }
    let (hidden, repeated) = (take(ages.count * Self.durations.count), take(Self.mentions.count))
    let (unseen, odd) = (take(Self.foilCount), take(Self.junkCount))
    let held = Set((hidden + repeated + unseen + odd).flatMap { $0 })
    fill(material.recordings.map { $0.filter { !held.contains($0) } }.filter { $0.count >= 20 }, seconds, &random)
    plant(hidden, ages, seconds, &random)
    plant(repeated, seconds, &random)
    foils = unseen.map { ($0.lowerBound + $0.upperBound) / 2 }
    scatter(Array(odd.joined()), &random)
  }

  private mutating func fill(_ pools: [[Int]], _ seconds: Int, _ random: inout SeededNumbers) {
    let total = pools.reduce(0) { $0 + $1.count }
    while frames.count < seconds {
      // A recording is drawn as often as it is long.
      var place = Int.random(in: 0..<total, using: &random)
      guard
        let pool = pools.first(where: { pool in
          defer { place -= pool.count }
          return place < pool.count
        })
      else { return }
      let length = min(Int.random(in: 20...180, using: &random), pool.count)
      let start = Int.random(in: 0...(pool.count - length), using: &random)
      frames += pool[start..<(start + length)]
    }
    frames.removeLast(frames.count - seconds)
    isJunk = [Bool](repeating: false, count: seconds)
  }

  private mutating func plant(_ episodes: [Range<Int>], _ ages: [Double], _ seconds: Int, _ random: inout SeededNumbers) {
    for (index, episode) in episodes.enumerated() {
      let (age, turn) = (ages[index / Self.durations.count], index % Self.durations.count)
      let length = Self.durations[turn]
      // Three needles of an age lie around it; those as old as the stream, near its beginning.
      let share = [0.7, 0.95, 1.2][turn] + Double.random(in: 0..<0.1, using: &random)
      let start = max(120 + 180 * turn + Int.random(in: 0..<120, using: &random), seconds - Int(age * share))
      let range = put(episode, length, at: start)
      needles.append(Needle(age: age, seconds: length, range: range, cue: frames[start + length / 2]))
    }
  }

  private mutating func plant(_ episodes: [Range<Int>], _ seconds: Int, _ random: inout SeededNumbers) {
    for (episode, count) in zip(episodes, Self.mentions) {
      var ranges: [Range<Int>] = []
      for _ in 0..<count {
        for _ in 0..<100 {
          let start = Int.random(in: seconds / 10...(seconds - 400), using: &random)
          let taken = needles.map(\.range) + entities.flatMap(\.ranges) + ranges
          guard taken.allSatisfy({ $0.upperBound + 20 < start || start + 24 < $0.lowerBound }) else { continue }
          ranges.append(put(episode, 4, at: start))
          break
        }
      }
      entities.append(Entity(ranges: ranges, cue: episode.lowerBound + (episode.count - 4) / 2 + 2))
    }
  }

  /// The middle of an episode takes the place of what was there.
  private mutating func put(_ episode: Range<Int>, _ length: Int, at start: Int) -> Range<Int> {
    let first = episode.lowerBound + (episode.count - length) / 2
    for index in 0..<length { frames[start + index] = first + index }
    return start..<(start + length)
  }

  private mutating func scatter(_ odd: [Int], _ random: inout SeededNumbers) {
    var isTaken = [Bool](repeating: false, count: frames.count)
    for range in needles.map(\.range) + entities.flatMap(\.ranges) {
      for index in max(0, range.lowerBound - 3)..<min(frames.count, range.upperBound + 3) { isTaken[index] = true }
    }
    for index in frames.indices where Double.random(in: 0..<1, using: &random) < Self.junkShare && !isTaken[index] {
      frames[index] = odd[Int.random(in: 0..<odd.count, using: &random)]
      isJunk[index] = true
    }
  }
}
