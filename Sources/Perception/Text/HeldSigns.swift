import Core

/// Signs that are told of while they stay: once as soon as they are trusted, again with a later end every few seconds, and a last time when they
/// have gone. A pure value.
///
/// The lines that were told of as one sign stay one until the last of them has gone, so that each sign is one thing that is remembered.
struct HeldSigns {
  private struct Sign {
    var tracks: [Int: LineTrack] = [:]
    /// Those of its lines that still stand.
    var open: Set<Int> = []
    var told: Observation?
  }

  private var signs: [Sign] = []
  private var number = 0

  /// How much longer a sign must have stayed to be told of again.
  private static let every = MediaTime(seconds: 5)

  /// Takes in what a picture made of the lines.
  ///
  /// - Parameters:
  ///   - ended: lines that have gone with it.
  ///   - open: lines that stand; those told of get a number.
  mutating func take(ended: [LineTrack], open: inout [LineTrack]) -> [Observation] {
    for track in ended { follow(track, isOpen: false) }
    for index in open.indices {
      if open[index].number != nil {
        follow(open[index], isOpen: true)
      } else if open[index].isTrusted, open[index].missed == 0 {
        number += 1
        open[index].number = number
        begin(open[index], number)
      }
    }
    return Signs.observations(of: ended.filter { $0.number == nil }) + tell()
  }

  private mutating func follow(_ track: LineTrack, isOpen: Bool) {
    guard let number = track.number, let place = signs.firstIndex(where: { $0.tracks[number] != nil }) else { return }
    signs[place].tracks[number] = track
    if !isOpen { signs[place].open.remove(number) }
  }

  private mutating func begin(_ track: LineTrack, _ number: Int) {
    let place =
      signs.firstIndex { sign in
        sign.open.count == sign.tracks.count && Signs.groups(of: sign.tracks.values + [track]).count == 1
      } ?? signs.endIndex
    if place == signs.endIndex { signs.append(Sign()) }
    signs[place].tracks[number] = track
    signs[place].open.insert(number)
  }

  private mutating func tell() -> [Observation] {
    var observations: [Observation] = []
    for index in signs.indices {
      var now = Signs.observation(of: Signs.ordered(Array(signs[index].tracks.values)))
      let isOver = signs[index].open.isEmpty
      if let told = signs[index].told {
        let isRenewed = now.text != told.text || isOver && now.range != told.range || now.range.end - told.range.end >= Self.every
        guard isRenewed, let text = told.text else { continue }
        now.replaces = Observation.Earlier(range: told.range, text: text)
      }
      signs[index].told = now
      observations.append(now)
    }
    signs.removeAll(where: \.open.isEmpty)
    return observations
  }
}

extension Observation {
  fileprivate var text: String? {
    if case .text(let line) = content { line.text } else { nil }
  }
}
