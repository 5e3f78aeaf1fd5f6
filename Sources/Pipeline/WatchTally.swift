import Core
import Foundation
import Memory

/// Counts what a watch has remembered so far and how fast it goes.
///
/// *Isolation* its own; asked after every commit.
actor WatchTally {
  private let stream: StreamID
  private let folder: URL
  private let start: MediaTime
  private let duration: MediaTime?
  private let began = ContinuousClock.now
  private var counts: WatchCounts?
  private var episodesCounted: ContinuousClock.Instant?

  /// Episodes are decided by the memory, so they are counted there, at most this often.
  private static let countEvery = Duration.seconds(2)

  init(stream: StreamID, folder: URL, start: MediaTime, duration: MediaTime?) {
    self.stream = stream
    self.folder = folder
    self.start = start
    self.duration = duration
  }

  func add(_ found: [Observation], upTo time: MediaTime) -> WatchProgress {
    let now = ContinuousClock.now
    if var counts {
      counts.add(found)
      if episodesCounted.map({ now - $0 >= Self.countEvery }) ?? true {
        counts.episodes = (try? MemoryReading.snapshot(of: folder).episodes(of: stream).count) ?? counts.episodes
        episodesCounted = now
      }
      self.counts = counts
    } else {
      // The first commit: what earlier runs left is counted with it.
      counts = (try? MemoryReading.inventory(of: stream, in: folder))?.counts ?? WatchCounts()
    }
    let elapsed = (now - began).seconds
    let speed = elapsed > 0 ? (time - start).seconds / elapsed : 0
    let left = duration.map { max(0, ($0 - time).seconds) }
    return WatchProgress(
      stream: stream, time: time, duration: duration, speed: speed,
      remaining: left.flatMap { speed > 0 && elapsed > 1 ? .seconds($0 / speed) : nil }, counts: counts ?? WatchCounts())
  }
}
